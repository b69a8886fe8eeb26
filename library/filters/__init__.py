"""Filters and sorts of the library's lists: its own, and those of tracks that apps above add at start.

An upper app declares them in its filters.py and hands them over in its AppConfig.ready: `register_filters(*FILTERS)`.
What a look-up may touch is decided there, by code; a request only names a filter and gives it a text.
"""

from library.filters import albums, artists, genres, tracks
from library.filters.registry import Filter, Registry, Sort

TrackFilter = Filter
TrackSort = Sort

TRACKS = Registry("track", *tracks.FILTERS, *tracks.SORTS)
ALBUMS = Registry("album", *albums.FILTERS, *albums.SORTS)
ARTISTS = Registry("artist", *artists.FILTERS, *artists.SORTS)
GENRES = Registry("genre", *genres.FILTERS, *genres.SORTS)

register_filters = TRACKS.register

__all__ = [
    "ALBUMS",
    "ARTISTS",
    "GENRES",
    "TRACKS",
    "Filter",
    "Registry",
    "Sort",
    "TrackFilter",
    "TrackSort",
    "register_filters",
]

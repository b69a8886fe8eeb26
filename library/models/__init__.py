"""The library's tables: folders of music, who made it, what it is called, what it looks like."""

from library.models.albums import Album, AlbumArtist, AlbumKey
from library.models.artists import Artist, ArtistKey, ArtistSplit
from library.models.covers import Cover, CoverImage
from library.models.curation import Correction
from library.models.genres import Genre, GenreTag, MoodTag, TrackGenreTag, TrackMoodTag
from library.models.leftovers import SplitLeftover
from library.models.roots import LibraryRoot, ScanAbsence, ScanError, ScanFolder
from library.models.search import SearchDocument, SearchName, SearchWord
from library.models.tracks import Lyrics, Track, TrackArtist
from library.models.uses import TrackUse

__all__ = [
    "Album",
    "AlbumArtist",
    "AlbumKey",
    "Artist",
    "ArtistKey",
    "ArtistSplit",
    "Correction",
    "Cover",
    "CoverImage",
    "Genre",
    "GenreTag",
    "LibraryRoot",
    "Lyrics",
    "MoodTag",
    "ScanAbsence",
    "ScanError",
    "ScanFolder",
    "SearchDocument",
    "SearchName",
    "SearchWord",
    "SplitLeftover",
    "Track",
    "TrackArtist",
    "TrackGenreTag",
    "TrackMoodTag",
    "TrackUse",
]

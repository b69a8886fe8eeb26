"""Curation: the library in the admin."""

from library.admin import albums, artists, records, tracks

__all__ = ["albums", "artists", "records", "tracks"]

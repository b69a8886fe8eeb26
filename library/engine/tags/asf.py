"""Windows Media's attributes."""

import struct
from typing import Any

from library.engine.tags import keys, lyrics
from library.engine.tags.names import named
from library.engine.tags.raw import Picture, Raw

_TEXTS = {
    "Title": "title", "Author": "artist", "WM/AlbumArtist": "albumartist", "WM/AlbumTitle": "album",
    "WM/Genre": "genre", "WM/TrackNumber": "track", "WM/PartOfSet": "disc", "WM/SetSubTitle": "discsubtitle",
    "WM/Year": "date", "WM/OriginalReleaseYear": "originaldate", "WM/OriginalReleaseTime": "originaldate",
    "WM/IsCompilation": "compilation", "WM/BeatsPerMinute": "bpm", "WM/InitialKey": "key", "WM/Mood": "mood",
    "WM/ArtistSortOrder": "artistsort", "WM/AlbumArtistSortOrder": "albumartistsort", "WM/AlbumSortOrder": "albumsort",
    "WM/TitleSortOrder": "titlesort", "WM/ComposerSortOrder": "composersort", "WM/Composer": "composer",
    "WM/Writer": "lyricist", "WM/Conductor": "conductor", "WM/ModifiedBy": "remixer", "WM/Producer": "producer",
    "WM/ISRC": "isrc", "WM/Language": "language", "WM/Publisher": "label", "WM/Barcode": "barcode",
    "WM/CatalogNo": "catalognumber", "WM/Media": "media", "WM/ARTISTS": "artists", "WM/Track": "track",
    "Description": "comment",
}  # fmt: skip
_LYRICS = ("WM/Lyrics", "WM/Lyrics_Synchronised")


def take(attributes: Any, raw: Raw) -> None:
    for key, attribute in list.__iter__(attributes):
        value = attribute.value
        name = _TEXTS.get(key) or named(key.removeprefix("WM/"))
        if key == "WM/Picture" and isinstance(value, bytes):
            picture = picture_of(value)
            raw.pictures += [picture] if picture else []
        elif key in _LYRICS:
            words = lyrics.from_text(str(value))
            raw.words += [words] if words else []
        elif key == "WM/SharedUserRating" and isinstance(value, int):
            raw.rating = keys.from_microsoft(value)
        elif key == "WM/Track" and "track" not in raw.values and isinstance(value, int):
            # The old one counts from 0.
            raw.values["track"] = [str(value + 1)]
        elif name is not None and key != "WM/Track" and not isinstance(value, bytes):
            raw.add(name, str(int(value) if isinstance(value, bool) else value))


def picture_of(block: bytes) -> Picture | None:
    """Kind and length, then type and description in UTF-16 with NULs behind, then the picture."""
    if len(block) < 9:
        return None
    kind, size = struct.unpack_from("<BI", block)
    at = 5
    for _ in range(2):
        while block[at : at + 2] != b"\0\0":
            at += 2
            if at >= len(block):
                return None
        at += 2
    return Picture(kind, block[at : at + size])

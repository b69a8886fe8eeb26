"""One name for everything that formats and programs call by many: `MUSICBRAINZ_TRACKID` is a recording, for example.

Names of fields are compared without case, spaces, and punctuation.
"""

from functools import lru_cache

_ONES_OWN = (
    "title", "artist", "artists", "albumartist", "albumartists", "album", "genre", "mood", "compilation", "date",
    "originaldate", "releasedate", "recordingdate", "bpm", "key", "artistsort", "albumartistsort", "albumsort",
    "titlesort", "composer", "lyricist", "writer", "conductor", "performer", "remixer", "producer", "arranger",
    "engineer", "mixer", "djmixer", "isrc", "language", "comment", "label", "catalognumber", "barcode", "media",
    "releasetype", "albumversion", "track", "tracktotal", "disc", "disctotal", "discsubtitle", "lyrics",
    "syncedlyrics", "rating", "fmpsrating", "replaygaintrackgain", "replaygaintrackpeak", "replaygainalbumgain",
    "replaygainalbumpeak", "r128trackgain", "r128albumgain", "itunnorm", "acoustidfingerprint", "cuesheet",
    "coverart", "metadatablockpicture",
)  # fmt: skip

_OTHERS = {
    # What is called a track id in every format but one is a recording's; the track's on its release has another name.
    "recording_id": "musicbrainztrackid musicbrainzrecordingid",
    "track_id": "musicbrainzreleasetrackid",
    "album_id": "musicbrainzalbumid musicbrainzreleaseid",
    "artist_id": "musicbrainzartistid",
    "albumartist_id": "musicbrainzalbumartistid",
    "releasegroup_id": "musicbrainzreleasegroupid",
    "track": "tracknumber trackno",
    "tracktotal": "totaltracks tracktotal trackc",
    "disc": "discnumber disk disknumber discno partofset",
    "disctotal": "totaldiscs disctotal discc",
    "discsubtitle": "setsubtitle",
    "date": "year",
    "originaldate": "originalyear originalreleasedate originalreleaseyear",
    "releasedate": "releasetime",
    "recordingdate": "recordeddate",
    "bpm": "tempo fbpm beatsperminute",
    "key": "initialkey",
    "artistsort": "artistsortorder",
    "albumartistsort": "albumartistsortorder",
    "albumsort": "albumsortorder",
    "titlesort": "titlesortorder",
    "compilation": "itunescompilation",
    "remixer": "mixartist modifiedby remixedby",
    "lyricist": "author",
    "performer": "performers",
    "comment": "description comments",
    "label": "publisher organization recordlabel",
    "catalognumber": "catalog catalogno labelno",
    "barcode": "upc ean",
    "media": "mediatype sourcemedia",
    "releasetype": "musicbrainzalbumtype",
    "albumversion": "musicbrainzalbumcomment albumcomment edition",
    "lyrics": "unsyncedlyrics unsyncedlyric unsynclyrics",
    "acoustidfingerprint": "acoustidfingerprint",
}
_TABLE = {name: name for name in _ONES_OWN}
_TABLE |= {spelling: name for name, spellings in _OTHERS.items() for spelling in spellings.split()}


@lru_cache(4096)
def named(spelling: str) -> str | None:
    """Our name of a field, or None for one that tells us nothing."""
    return _TABLE.get("".join(char for char in spelling.lower() if char.isalnum()))

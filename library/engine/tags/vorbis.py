"""Vorbis comments: FLAC, Ogg Vorbis, Opus, Speex. Keys in any case, repeated for several values."""

from collections.abc import Iterable
from typing import Any

from library.engine.tags import keys, lyrics
from library.engine.tags.names import named
from library.engine.tags.pictures import from_base64, from_block
from library.engine.tags.raw import Picture, Raw

# The large ones are not cleaned like names.
_LARGE = {"lyrics", "syncedlyrics", "coverart", "metadatablockpicture", "cuesheet", "acoustidfingerprint"}


def take(comments: Iterable[tuple[str, str]], raw: Raw) -> None:
    covers: list[str] = []
    for key, value in comments:
        name = named(key)
        if name is None:
            _take_rating(key, value, raw)
        elif name not in _LARGE:
            raw.add(name, value)
        elif name in ("lyrics", "syncedlyrics"):
            words = lyrics.from_text(value)
            if words:
                raw.words.append(words)
        elif name == "metadatablockpicture":
            picture = from_block(from_base64(value))
            if picture:
                raw.pictures.append(picture)
        elif name == "coverart":
            covers.append(value)
        else:
            raw.values.setdefault(name, [value])
    raw.pictures += [Picture(3, from_base64(cover)) for cover in covers]


def _take_rating(key: str, value: str, raw: Raw) -> None:
    """RATING:somebody@example.org is Quod Libet's, from 0 to 1."""
    if key[:7].lower() == "rating:" and raw.rating is None:
        raw.rating = keys.rating(value, "")


def take_flac(audio: Any, raw: Raw) -> None:
    if audio.tags is not None:
        take(list.__iter__(audio.tags), raw)
    for picture in audio.pictures:
        if picture.mime != "-->":
            raw.pictures.insert(len(raw.pictures), Picture(picture.type, picture.data))

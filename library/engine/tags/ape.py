"""APEv2: Monkey's Audio, WavPack, Musepack, and MP3 files that have met foobar2000 or mp3gain."""

from typing import Any

from library.engine.tags import lyrics
from library.engine.tags.names import named
from library.engine.tags.pictures import FRONT, from_ape
from library.engine.tags.raw import Picture, Raw

_TEXT, _BINARY = 0, 1


def take(items: Any, raw: Raw) -> None:
    for key in items:
        value = items[key]
        if value.kind == _BINARY:
            if key.lower().startswith("cover art"):
                kind = FRONT if "front" in key.lower() else 0
                raw.pictures.append(Picture(kind, from_ape(bytes(value.value))))
        elif value.kind == _TEXT:
            _take_text(named(key), str(value), raw)


def _take_text(name: str | None, text: str, raw: Raw) -> None:
    if name in ("lyrics", "syncedlyrics"):
        words = lyrics.from_text(text)
        raw.words += [words] if words else []
    elif name in ("cuesheet", "acoustidfingerprint"):
        raw.values.setdefault(name, [text])
    elif name is not None:
        # Several values stand in one text, with NULs between.
        raw.add(name, text)

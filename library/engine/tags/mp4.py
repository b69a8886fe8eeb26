"""iTunes' atoms: MP4, M4A, ALAC."""

from typing import Any

from mutagen import _util, mp4

from library.engine.tags import lyrics
from library.engine.tags.names import named
from library.engine.tags.raw import Picture, Raw

_TEXTS = {
    "\xa9nam": "title", "\xa9ART": "artist", "aART": "albumartist", "\xa9alb": "album", "\xa9gen": "genre",
    "gnre": "genre", "\xa9day": "date", "\xa9wrt": "composer", "\xa9cmt": "comment", "soar": "artistsort",
    "soaa": "albumartistsort", "soal": "albumsort", "sonm": "titlesort", "soco": "composersort",
}  # fmt: skip
_FREE = "----:"
_MP4: Any = mp4.MP4
_TAGS: Any = mp4.MP4Tags
_PROXY: Any = _util.DictProxy


class _Read(_TAGS):  # type: ignore[misc]  # mutagen has no types
    """Mutagen's own renders each value as it comes, to see whether it could be written; we never write."""

    def __setitem__(self, key: str, value: Any) -> None:
        _PROXY.__setitem__(self, key, value)

    def setdefault(self, key: str, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            self[key] = default
        return default


class File(_MP4):  # type: ignore[misc]  # mutagen has no types
    """One that is only read."""

    MP4Tags = _Read


def take(atoms: Any, raw: Raw) -> None:
    for key, value in atoms.items():
        name = _TEXTS.get(key)
        if name is not None:
            for text in value:
                raw.add(name, text)
        elif key.startswith(_FREE):
            _take_free(key, value, raw)
        else:
            _take_other(key, value, raw)


def _take_free(key: str, value: list[bytes], raw: Raw) -> None:
    name = named(key.rpartition(":")[2])
    if name is None:
        return
    for content in value:
        text = bytes(content).decode("utf-8", "replace")
        if name in ("lyrics", "syncedlyrics"):
            words = lyrics.from_text(text)
            raw.words += [words] if words else []
        elif name in ("cuesheet", "acoustidfingerprint"):
            raw.values.setdefault(name, [text])
        else:
            raw.add(name, text)


def _take_other(key: str, value: Any, raw: Raw) -> None:
    if key in ("trkn", "disk"):
        number, total = value[0]
        name = "track" if key == "trkn" else "disc"
        # 0 is "not set", and so is what lies beyond the two bytes that there are.
        for field, count in ((name, number), (f"{name}total", total)):
            if count:
                raw.values[field] = [str(count)]
    elif key == "cpil":
        raw.values["compilation"] = ["1"] if value else ["0"]
    elif key == "tmpo" and value and value[0]:
        raw.values.setdefault("bpm", [str(value[0])])
    elif key == "\xa9lyr":
        words = lyrics.from_text("\n".join(value))
        raw.words += [words] if words else []
    elif key == "covr":
        raw.pictures += [Picture(3, bytes(cover)) for cover in value]

"""ID3, in all its versions and wherever it stands: mutagen reads the frames, this says what they mean."""

from collections.abc import Callable, Iterable
from typing import IO, Any

from mutagen import id3
from mutagen.id3 import ID3NoHeaderError

from library.engine.tags import dates, genres, keys, lyrics, utf16
from library.engine.tags.names import named
from library.engine.tags.plain import OddError
from library.engine.tags.plain_frames import quick
from library.engine.tags.plain_id3 import HEAD, frames_of, is_plain
from library.engine.tags.raw import Audio, Picture, Raw

utf16.install()

_TEXTS = {
    "TIT2": "title", "TPE1": "artist", "TPE2": "albumartist", "TPE3": "conductor", "TPE4": "remixer", "TALB": "album",
    "TRCK": "track", "TPOS": "disc", "TSST": "discsubtitle", "TDRC": "date", "TDOR": "originaldate",
    "TORY": "originaldate", "TDRL": "releasedate", "TBPM": "bpm", "TKEY": "key", "TSOP": "artistsort",
    "TSO2": "albumartistsort", "TSOA": "albumsort", "TSOT": "titlesort", "TSOC": "composersort",
    "TCMP": "compilation", "TCOM": "composer",
    "TEXT": "lyricist", "TSRC": "isrc", "TPUB": "label", "TLAN": "language", "TMED": "media", "TMOO": "mood",
    "XSOP": "artistsort", "XSOA": "albumsort", "XSOT": "titlesort",
}  # fmt: skip
_ID3: Any = id3.ID3
_FRAMES: dict[str, Any] = {**id3.Frames}
_OTHERS = (
    "TXXX", "TCON", "TYER", "TDAT", "UFID", "APIC", "USLT", "SYLT", "COMM", "POPM", "RVA2", "TIPL", "TMCL", "IPLS",
)  # fmt: skip
# What nobody asks for is passed over without a look; dates are taken as the text that they are.
KNOWN = {name: _FRAMES[name] for name in (*_TEXTS, *_OTHERS) if name in _FRAMES}
_DATES = ("TDRC", "TDOR", "TDRL")
_AS_TEXT: Any = _FRAMES["TIT2"].__bases__[0]
KNOWN |= {name: type(name, (_AS_TEXT,), {}) for name in _DATES}
KNOWN = {name: quick(frame) for name, frame in KNOWN.items()}
MUSICBRAINZ = "http://musicbrainz.org"
LARGEST = 64 << 20


class TooLarge(ValueError):
    pass


def read(file: IO[bytes], at: int, raw: Raw) -> int:
    """Adds what the tag at a place of a file says; the place behind it, or the same one if there is none."""
    file.seek(at)
    head = file.read(10)
    if head[:3] != b"ID3" or len(head) < 10:
        return at
    size = size_of(head)
    if size > LARGEST:
        raise TooLarge(f"Its tags alone are {size >> 20} MB.")
    if not (is_plain(head) and _take_plain(file.read(size - HEAD), size - HEAD, head[3], raw)):
        file.seek(at)
        # The names of version 2.2 have three letters: mutagen knows them.
        known = KNOWN if head[3] != 2 else None
        try:
            tags = Frames(file if at == 0 else Shifted(file, at), known_frames=known, translate=False, load_v1=False)
        except ID3NoHeaderError:
            return at
        take(tags, raw)
    return at + size


def _take_plain(data: bytes, size: int, version: int, raw: Raw) -> bool:
    """Whether that was possible."""
    if len(data) != size:
        return False
    try:
        frames = frames_of(data, version, KNOWN)
    except OddError:
        return False
    _take(frames, raw, joined=version < 4)
    return True


def size_of(head: bytes) -> int:
    """Of the whole tag, whose head it is."""
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return size + (20 if head[5] & 0x10 else 10)


class Rest:
    """What is left of a tag: mutagen cuts off frame after frame, and each cut would copy the pictures behind it."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def __len__(self) -> int:
        return max(0, len(self.data) - self.at)

    def __getitem__(self, part: slice) -> "bytes | Rest":
        begin = self.at + (part.start or 0)
        return Rest(self.data, begin) if part.stop is None else self.data[begin : self.at + part.stop]


class Frames(_ID3):  # type: ignore[misc]  # mutagen has no types
    """The frames of one tag."""

    def _read(self, header: Any, data: bytes) -> Any:
        return super()._read(header, data if header.f_unsynch else Rest(data))


class Shifted:
    """A file that begins somewhere within another, for a reader that knows no other place than the beginning."""

    def __init__(self, file: IO[bytes], at: int) -> None:
        self.file, self.at, self.name = file, at, getattr(file, "name", "")
        file.seek(at)

    def read(self, size: int = -1) -> bytes:
        return self.file.read(size)

    def tell(self) -> int:
        return self.file.tell() - self.at

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.file.seek(offset + self.at if whence == 0 else offset, whence) - self.at


def take(tags: Any, raw: Raw) -> None:
    """What frames say, the first of a kind before others."""
    _take([(type(frame).__name__, frame) for frame in tags.values()], raw, joined=tags.version < (2, 4, 0))


def _take(frames: Iterable[tuple[str, Any]], raw: Raw, *, joined: bool) -> None:
    raw.is_joined = raw.is_joined or joined
    found = Raw(raw.audio)
    for name, frame in frames:
        ours = _TEXTS.get(name)
        if ours is not None:
            _take_text(found, ours, frame)
        else:
            special = _SPECIAL.get(name)
            if special is not None:
                special(found, frame)
    day = found.values.pop("daymonth", None)
    if day and "date" in found.values:
        found.values["date"][0] = dates.from_year_and_day(found.values["date"][0], day[0])
    raw.fill(found)
    raw.doubtful += found.doubtful


def _take_text(raw: Raw, name: str, frame: Any) -> None:
    for value in frame.text:
        text = str(value)
        if frame.encoding == 0 and not text.isascii():
            raw.doubtful += [(name, len(raw.all(name)), text)] if "\0" not in text else []
        raw.add(name, text)


def _take_free_text(raw: Raw, frame: Any) -> None:
    name = named(frame.desc)
    if name is not None:
        for text in frame.text:
            raw.add(name, text)


def _take_genres(raw: Raw, frame: Any) -> None:
    for text in frame.text:
        for genre in genres.from_id3(text.strip()):
            raw.add("genre", genre)


def _take_identifier(raw: Raw, frame: Any) -> None:
    if frame.owner == MUSICBRAINZ:
        raw.values["recording_id"] = [frame.data.decode("latin-1").strip("\0 ")]


def _take_picture(raw: Raw, frame: Any) -> None:
    # "-->" says that an address follows: nothing is fetched for a tag's sake.
    if frame.mime != "-->":
        raw.pictures.append(Picture(int(frame.type), frame.data))


def _take_lyrics(raw: Raw, frame: Any) -> None:
    words = lyrics.from_text(frame.text, frame.lang)
    if words:
        raw.words.append(words)


def _take_timed_lyrics(raw: Raw, frame: Any) -> None:
    # Only milliseconds say when; type 1 is lyrics, others are chords, trivia, and the like.
    words = lyrics.from_lines(frame.text, frame.lang) if frame.format == 2 and frame.type in (1, 2) else None
    if words:
        raw.words.append(words)


def _take_comment(raw: Raw, frame: Any) -> None:
    if frame.desc == "":
        raw.add("comment", "\n".join(frame.text))
    elif frame.desc.lower() == "itunnorm":
        raw.add("itunnorm", " ".join(frame.text))


def _take_rating(raw: Raw, frame: Any) -> None:
    rating = keys.from_popm(frame.rating, frame.email)
    if rating is not None and raw.rating is None:
        raw.rating = rating


def _take_volume(raw: Raw, frame: Any) -> None:
    kind = frame.desc.lower()
    if kind in ("track", "album") and frame.channel == 1:
        raw.gains[f"{kind}_gain"] = round(frame.gain, 4)
        if frame.peak:
            raw.gains[f"{kind}_peak"] = round(frame.peak, 6)


def _take_people(raw: Raw, frame: Any) -> None:
    raw.people += [(part, who.strip()) for part, who in (pair for pair in frame.people if len(pair) == 2)]


_SPECIAL: dict[str, Callable[[Raw, Any], None]] = {
    "TXXX": _take_free_text, "TCON": _take_genres, "UFID": _take_identifier, "APIC": _take_picture,
    "USLT": _take_lyrics, "SYLT": _take_timed_lyrics, "COMM": _take_comment, "POPM": _take_rating,
    "RVA2": _take_volume, "TIPL": _take_people, "TMCL": _take_people, "IPLS": _take_people,
    "TYER": lambda raw, frame: _take_text(raw, "date", frame),
    "TDAT": lambda raw, frame: _take_text(raw, "daymonth", frame),
}  # fmt: skip


def read_version_1(block: bytes, audio: Audio) -> Raw:
    """The last 128 bytes of a file: thirty for each name, in no encoding that anybody has noted."""
    raw = Raw(audio)
    for name, begin, end in (("title", 3, 33), ("artist", 33, 63), ("album", 63, 93), ("date", 93, 97)):
        raw.add(name, _cut(block[begin:end]))
    if block[125] == 0 and block[126]:
        raw.add("track", str(block[126]))
        raw.add("comment", _cut(block[97:125]))
    else:
        raw.add("comment", _cut(block[97:127]))
    if block[127] < 255:
        for genre in genres.from_id3(str(block[127])):
            raw.add("genre", genre)
    return raw


def _cut(field: bytes) -> str:
    """UTF-8 if it can be, even when it was cut in the middle of a letter."""
    text = field.split(b"\0", 1)[0].rstrip()
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(text) == len(field):
            return text[: error.start].decode()
    return text.decode("latin-1")

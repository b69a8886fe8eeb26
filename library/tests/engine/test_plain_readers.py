"""Ordinary files are read straight from their bytes, and say what mutagen says of them; so do damaged ones."""

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import cache
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from mutagen import flac, mp4, oggopus, oggvorbis

from library.engine.tags import id3, mpeg, plain_vorbis, readers
from library.engine.tags import mp4 as mp4_atoms
from library.engine.tags.plain import OddError
from library.tests.engine.material import FRAMES as F
from library.tests.engine.material import id3_tagged, picture, sound

KINDS = ("mp3-4", "mp3-3", "mp3-bare", "mp3-lame", "flac", "ogg", "opus", "m4a")
COMMENTS = {
    "TITLE": ["Ænima"], "ARTIST": ["Björk", "椎名林檎"], "ALBUM": ["One"], "TRACKNUMBER": ["3/12"], "DATE": ["1996"],
    "MUSICBRAINZ_TRACKID": ["3f9b2c1e-0000-4000-8000-000000000001"], "LYRICS": ["la\nla"], "GENRE": ["Rock", "Pop"],
}  # fmt: skip
PICTURE: Any = flac.Picture
COVER: Any = mp4.MP4Cover
CLASSES: dict[str, Any] = {"m4a": mp4.MP4, "flac": flac.FLAC, "ogg": oggvorbis.OggVorbis, "opus": oggopus.OggOpus}


def frames(version: int) -> list[Any]:
    encoding = 3 if version == 4 else 1
    return [
        F.TIT2(encoding, ["Ænima"]), F.TPE1(encoding, ["Björk", "椎名林檎"]), F.TALB(0, ["Täne"]), F.TRCK(0, ["3/12"]),
        F.TCON(encoding, ["(17)Rock"]), F.TXXX(encoding, "MusicBrainz Album Id", ["1"]),
        F.TXXX(0, "ARTISTS", ["Björk"]), F.UFID("http://musicbrainz.org", b"3f9b2c1e-0000-4000-8000-000000000001"),
        F.TCMP(0, ["1"]), F.COMM(encoding, "eng", "", ["said"]),
        F.COMM(0, "eng", "iTunNORM", [" 0000029D" * 10]),
        F.USLT(encoding, "eng", "", "la\nla"), F.POPM("a@b", 196), F.TDRC(0, ["1996"]), F.TPUB(encoding, ["Label"]),
        F.APIC(0, "image/jpeg", 3, "", picture()), F.APIC(1, "image/png", 4, "hind", picture("PNG")),
        F.TIPL(encoding, [["producer", "Somebody"]]), F.SYLT(encoding, "eng", 2, 1, "", [("la", 10), ("lo", 2000)]),
    ]  # fmt: skip


def lame(content: bytes) -> bytes:
    """Its head behind that of Xing, which is there already: silence of 1105 samples before, and 47 after."""
    at = max(content.find(b"Xing"), content.find(b"Info")) + 120
    head = b"LAME3.100" + bytes([4, 190]) + bytes(10) + bytes([0x45, 0x10, 0x2F]) + bytes(12)
    return content[:at] + head + content[at + len(head) :]


def in_atoms(audio: Any, file: BytesIO) -> bytes:
    audio["\xa9nam"], audio["\xa9ART"], audio["trkn"], audio["cpil"] = ["Ænima"], ["Björk", "椎名林檎"], [(3, 12)], True
    audio["tmpo"], audio["covr"] = [128], [COVER(picture())]
    for name in ("ARTISTS", "MusicBrainz Album Id"):
        audio[f"----:com.apple.iTunes:{name}"] = [b"one", b"two"]
    file.seek(0)
    audio.save(file)
    return file.getvalue()


@cache
def ordinary(kind: str) -> bytes:
    if kind.startswith("mp3"):
        content = sound("mp3", seconds=0.4)
        if kind == "mp3-lame":
            return lame(content)
        return content if kind == "mp3-bare" else id3_tagged(content, *frames(int(kind[-1])), version=int(kind[-1]))
    file = BytesIO(sound(kind))
    audio = CLASSES[kind](file)
    if kind == "m4a":
        return in_atoms(audio, file)
    for name, values in COMMENTS.items():
        audio[name] = values
    block = PICTURE()
    block.type, block.mime, block.data = 3, "image/jpeg", picture()
    if kind == "flac":
        audio.add_picture(block)
    else:
        audio["METADATA_BLOCK_PICTURE"] = [base64.b64encode(block.write()).decode()]
    file.seek(0)
    audio.save(file)
    return file.getvalue()


@contextmanager
def by_mutagen() -> Iterator[None]:
    """Nothing is ordinary."""

    def odd(*_: Any) -> Any:
        raise OddError

    with ExitStack() as stack:
        stack.enter_context(patch.object(id3, "is_plain", lambda _head: False))
        stack.enter_context(patch.object(mpeg, "_plain", lambda *_: None))
        stack.enter_context(patch.object(mp4_atoms, "File", mp4.MP4))
        for name in ("flac_of", "ogg_of"):
            stack.enter_context(patch.object(plain_vorbis, name, odd))
        yield


def outcome(content: bytes, kind: str) -> object:
    """A byte order mark within a text is a character to mutagen, and none to us."""
    try:
        raw = asdict(readers.read(BytesIO(content), len(content), kind.partition("-")[0]))
    except Exception:
        return "unreadable"
    return {name: repr(value).replace("\\ufeff", "") for name, value in raw.items()}


def same(content: bytes, kind: str) -> object:
    ours = outcome(content, kind)
    with by_mutagen():
        assert ours == outcome(content, kind)
    return ours


@contextmanager
def without_mutagen() -> Iterator[None]:
    """What is ordinary needs nothing of it but its frames of a rare kind."""

    def called(*_: Any, **__: Any) -> Any:
        raise AssertionError("mutagen was asked")

    with ExitStack() as stack:
        for module, name in ((id3, "Frames"), (mpeg, "MPEGInfo"), (readers, "FLAC")):
            stack.enter_context(patch.object(module, name, called))
        yield


@pytest.mark.parametrize("kind", KINDS)
def test_an_ordinary_file_says_what_mutagen_says_of_it(kind: str) -> None:
    assert same(ordinary(kind), kind) != "unreadable"
    with without_mutagen():
        assert outcome(ordinary(kind), kind) != "unreadable"


# Where most of what can be damaged lies: at the beginning, and at the end.
PLACES = some.integers(0, 900) | some.integers(0, 9_000) | some.integers(-400, -1)
BYTES = some.sampled_from([b"\0", b"\xff", b"\x01", b"\x80", b"\x7f", b"=", b"\0\0\0\0", b"\xff\xfe"]) | some.binary(
    min_size=1, max_size=5
)


def overwritten(content: bytes, at: int, what: bytes) -> bytes:
    at %= len(content) + 1
    return content[:at] + what + content[at + len(what) :]


def inserted(content: bytes, at: int, what: bytes) -> bytes:
    at %= len(content) + 1
    return content[:at] + what + content[at:]


def cut_out(content: bytes, at: int, what: bytes) -> bytes:
    at %= len(content) + 1
    return content[:at] + content[at + len(what) :]


def cut_off(content: bytes, at: int, _what: bytes) -> bytes:
    return content[: at % (len(content) + 1)]


Damage = Callable[[bytes, int, bytes], bytes]
WAYS: list[Damage] = [overwritten, overwritten, overwritten, inserted, cut_out, cut_off]
DAMAGES = some.lists(some.tuples(some.sampled_from(WAYS), PLACES, BYTES), min_size=1, max_size=3)


@settings(max_examples=300)
@given(some.sampled_from(KINDS), DAMAGES)
def test_a_damaged_file_says_what_mutagen_says_of_it(kind: str, damages: list[tuple[Damage, int, bytes]]) -> None:
    content = ordinary(kind)
    for damage, at, what in damages:
        content = damage(content, at, what)
    same(content, kind)


def synchsafe(number: int) -> bytes:
    return bytes([(number >> shift) & 0x7F for shift in (21, 14, 7, 0)])


def raw_frame(name: bytes, data: bytes, *, size: bytes | None = None, flags: bytes = b"\0\0") -> bytes:
    return name + (size or synchsafe(len(data))) + flags + data


LONG = b"\x03" + b"x" * 300
ODD_TAGS = {
    "two of a kind": raw_frame(b"TIT2", b"\x03One") + raw_frame(b"TIT2", b"\x03Two"),
    "plain sizes": raw_frame(b"TIT2", LONG, size=(301).to_bytes(4, "big")) + raw_frame(b"TPE1", b"\x03Who"),
    "sizes in seven bits": raw_frame(b"TIT2", LONG) + raw_frame(b"TPE1", b"\x03Who"),
    "padding": raw_frame(b"TIT2", LONG) + bytes(500),
    "little padding": raw_frame(b"TIT2", LONG) + bytes(7),
    "names of three letters": raw_frame(b"TT2\0", b"\x03One") + raw_frame(b"TPE1", b"\x03Who"),
    "flags": raw_frame(b"TIT2", b"\0\0\0\x04\x03One", flags=b"\0\x01"),
    "no size": raw_frame(b"TIT2", b"") + raw_frame(b"TPE1", b"\x03Who"),
    "a size beyond the end": raw_frame(b"TIT2", b"\x03One", size=synchsafe(4000)),
    "no name": raw_frame(b"\xe9\xe9\xe9\xe9", b"xxxx") + raw_frame(b"TPE1", b"\x03Who"),
    "an unknown encoding": raw_frame(b"TIT2", b"\x09One") + raw_frame(b"TPE1", b"\x03Who"),
    "an empty picture": raw_frame(b"APIC", b"\0image/jpeg\0\x03\0"),
    "a cut picture": raw_frame(b"APIC", b"\0image/jpeg\0"),
    "an address for a picture": raw_frame(b"APIC", b"\0-->\0\x03\0http://example.org/x.jpg"),
    "a described picture": raw_frame(b"APIC", b"\x01image/jpeg\0\x03\xff\xfea\0\0\0\xff\xd8\xff"),
    "comments in no language": raw_frame(b"COMM", b"\x03\xff\xff\xff\0said"),
    "a short comment": raw_frame(b"COMM", b"\x03en"),
    "a comment of two texts": raw_frame(b"COMM", b"\x03eng\0one\0two"),
    "an id without an owner": raw_frame(b"UFID", b"http://musicbrainz.org"),
}


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("body", ODD_TAGS.values(), ids=ODD_TAGS)
@pytest.mark.parametrize("flags", [0, 0x80, 0x40, 0x10])
def test_whatever_is_odd_about_a_tag_is_read_as_by_mutagen(body: bytes, version: int, flags: int) -> None:
    tag = b"ID3" + bytes([version, 0, flags]) + synchsafe(len(body)) + body
    same(tag + sound("mp3"), "mp3")

"""The hash of the sound: the same whatever the tags say, another for another sound."""

from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from library.engine import audio_hash
from library.tests.engine.material import FRAMES, MADE, anything, id3_tagged, picture, raw_of, sound, written

SUFFIX = {"alac": "m4a"}
# mutagen ships a py.typed without the types; by these names it is frankly dynamic.
MUTAGEN: Any = import_module("mutagen")
APE: Any = import_module("mutagen.apev2").APEv2
FLAC: Any = import_module("mutagen.flac").FLAC
PICTURE: Any = import_module("mutagen.flac").Picture
ID3: Any = import_module("mutagen.id3").ID3


def hash_of(path: Path) -> str:
    return raw_of(path).audio_hash


def retag(path: Path, text: str) -> None:
    """With much text, so that the file grows by pages and boxes."""
    audio: Any = MUTAGEN.File(path)
    if audio.tags is None:
        audio.add_tags()
    kind = type(audio.tags).__name__
    if "ID3" in kind:
        audio.tags.add(FRAMES.TIT2(encoding=3, text=[text]))
    elif kind == "MP4Tags":
        audio.tags["\xa9nam"] = [text]
    elif kind == "ASFTags":
        audio.tags["Title"] = [text]
    else:
        audio.tags["Title"] = text
    audio.save()


@pytest.mark.parametrize("name", [name for name in (*MADE, "aiff", "dsf", "dff", "ape", "mpc") if name != "aac"])
def test_retagging_changes_nothing(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, f"x.{SUFFIX.get(name, name)}", anything(name))
    before = hash_of(path)
    size = path.stat().st_size
    assert len(before) == 32
    for text in ("short", "long " * 40_000, ""):
        retag(path, text)
        assert hash_of(path) == before
    assert path.stat().st_size != size


@pytest.mark.parametrize("name", MADE)
def test_another_sound_has_another_hash(tmp_path: Path, name: str) -> None:
    suffix = SUFFIX.get(name, name)
    one = written(tmp_path, f"one.{suffix}", sound(name))
    other = written(tmp_path, f"other.{suffix}", sound(name, pitch=620.0))
    assert hash_of(one) != hash_of(other)


def with_everything(content: bytes) -> bytes:
    """ID3v2 before; APEv2, then ID3v1 behind."""
    file = BytesIO(id3_tagged(content, FRAMES.TIT2(encoding=3, text=["v2"])))
    ape = APE()
    ape["Album"] = "ape"
    ape.save(file)
    return file.getvalue() + (b"TAG" + b"v1".ljust(30, b"\0")).ljust(128, b"\0")


def test_no_tag_before_or_behind_an_mp3_is_sound(tmp_path: Path) -> None:
    bare = hash_of(written(tmp_path, "bare.mp3", sound("mp3")))
    assert hash_of(written(tmp_path, "all.mp3", with_everything(sound("mp3")))) == bare
    lyrics = b"LYRICSBEGIN" + b"IND0000200"
    lyrics3 = sound("mp3") + lyrics + b"%06d" % len(lyrics) + b"LYRICS200"
    tail = (b"TAG" + b"v1".ljust(30, b"\0")).ljust(128, b"\0")
    assert hash_of(written(tmp_path, "lyrics.mp3", lyrics3 + tail)) == bare


def test_flac_s_own_signature_survives_another_encoding_of_the_same_samples(tmp_path: Path) -> None:
    path = written(tmp_path, "a.flac", sound("flac"))
    assert hash_of(path) == f"{FLAC(path).info.md5_signature:032x}"


def test_flac_without_a_signature_is_sampled(tmp_path: Path) -> None:
    content = bytearray(sound("flac"))
    content[8 + 18 : 8 + 34] = bytes(16)
    path = written(tmp_path, "a.flac", bytes(content))
    before = hash_of(path)
    assert len(before) == 32
    audio: Any = FLAC(path)
    cover = PICTURE()
    cover.data = picture()
    audio.add_picture(cover)
    audio["title"] = "x" * 9000
    audio.save()
    assert hash_of(path) == before
    assert hash_of(written(tmp_path, "b.flac", bytes(content[:-500]) + b"\x55" * 500)) != before


def test_three_samples_of_a_long_one_are_enough(tmp_path: Path) -> None:
    content = bytearray(range(256)) * 4096
    file = BytesIO(content)
    whole = audio_hash.of_range(file, 0, len(content))
    for place, is_sampled in ((10, True), (len(content) // 2, True), (len(content) - 10, True), (200_000, False)):
        changed = bytearray(content)
        changed[place] ^= 0xFF
        assert (audio_hash.of_range(BytesIO(changed), 0, len(content)) != whole) == is_sampled
    assert audio_hash.of_range(file, 0, len(content) - 1) != whole


def test_no_more_than_three_samples_are_read() -> None:
    class Counting(BytesIO):
        total = 0

        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            self.total += len(found)
            return found

    file = Counting(bytes(10_000_000))
    audio_hash.of_range(file, 0, 10_000_000)
    assert file.total == 3 * audio_hash.SAMPLE


def test_a_tag_of_id3_version_1_alone_is_no_sound(tmp_path: Path) -> None:
    tags: Any = ID3()
    tags.add(FRAMES.TIT2(encoding=0, text=["v1"]))
    path = written(tmp_path, "a.mp3", sound("mp3"))
    before = hash_of(path)
    tags.save(path, v1=2)
    assert hash_of(path) == before

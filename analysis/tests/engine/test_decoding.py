"""Whatever can be heard of a file is heard, and what cannot is said."""

import io
from pathlib import Path

import numpy as np
import pytest

from analysis.engine.decoding import BLOCK, Decoding, Mono, UndecodableError
from analysis.tests.engine import sounds

FORMATS = [
    ("wav", "pcm_s16le", 44_100),
    ("wav", "pcm_u8", 8_000),
    ("wav", "pcm_f32le", 192_000),
    ("flac", "flac", 96_000),
    ("mp3", "libmp3lame", 44_100),
    ("ogg", "libopus", 48_000),
    ("mp4", "aac", 44_100),
    ("mp4", "alac", 48_000),
    ("matroska", "wavpack", 44_100),
    ("aiff", "pcm_s16be", 22_050),
]


def heard(decoding: Decoding) -> sounds.Sound:
    return np.concatenate(list(decoding.blocks()), axis=1)


@pytest.mark.parametrize(("container", "codec", "rate"), FORMATS)
def test_every_format_gives_the_same_sound(container: str, codec: str, rate: int) -> None:
    tone = sounds.stereo(sounds.tone(440, 3.0, rate=rate, db=-6))
    decoding = Decoding(sounds.file(tone, rate=rate, container=container, codec=codec))
    sound = heard(decoding)
    middle = sound[:, rate // 2 : -rate // 2]
    assert decoding.sample_rate == rate
    assert decoding.places == ("FL", "FR")
    assert decoding.partial == ""
    assert decoding.duration_s == pytest.approx(3.0, abs=0.1)
    assert np.sqrt((middle**2).mean()) == pytest.approx(10 ** (-6 / 20) / np.sqrt(2), rel=0.06)  # LAME scales by 0.95


@pytest.mark.parametrize(("layout", "channels"), [("mono", 1), ("5.1", 6), ("7.1", 8), ("quad", 4)])
def test_any_number_of_channels_is_kept_apart(layout: str, channels: int) -> None:
    sound = np.stack([sounds.tone(200, 0.5, db=-40 + 3 * channel) for channel in range(channels)])
    decoding = Decoding(sounds.file(sound, layout=layout))
    assert np.allclose(heard(decoding), sound, atol=1e-6)
    assert len(decoding.places) == channels


def test_blocks_are_of_one_size_whatever_the_codecs_frames() -> None:
    decoding = Decoding(sounds.file(sounds.stereo(sounds.noise(5)), container="mp3", codec="libmp3lame"))
    sizes = [block.shape[1] for block in decoding.blocks()]
    assert set(sizes[:-1]) == {BLOCK}
    assert sum(sizes) == decoding.decoded


def test_faults_of_float_files_become_finite() -> None:
    sound = sounds.noise(1)
    sound[1_000:1_010] = np.nan
    sound[2_000] = np.inf
    sound[3_000] = 1e30
    assert np.isfinite(heard(Decoding(sounds.file(sound)))).all()
    assert np.abs(heard(Decoding(sounds.file(sound)))).max() <= 32


def test_a_file_that_breaks_off_gives_what_was_heard() -> None:
    whole = sounds.file(sounds.stereo(sounds.noise(10)), container="flac", codec="flac").getvalue()
    decoding = Decoding(io.BytesIO(whole[: len(whole) // 2]))
    assert 4 < heard(decoding).shape[1] / sounds.RATE < 6
    assert decoding.partial.startswith("The file ends after")


def test_a_damaged_file_gives_what_is_around_the_damage() -> None:
    whole = bytearray(sounds.file(sounds.stereo(sounds.noise(10)), container="flac", codec="flac").getvalue())
    middle = len(whole) // 2
    whole[middle : middle + 20_000] = np.random.default_rng(1).bytes(20_000)
    decoding = Decoding(io.BytesIO(bytes(whole)))
    assert heard(decoding).shape[1] / sounds.RATE > 8
    assert decoding.partial == "Parts of the file could not be decoded."


def test_a_hole_in_a_lossy_file_is_noticed() -> None:
    whole = bytearray(
        sounds.file(sounds.stereo(sounds.noise(10)), container="ogg", codec="libopus", rate=48_000).getvalue()
    )
    del whole[len(whole) // 2 : len(whole) // 2 + 20_000]
    decoding = Decoding(io.BytesIO(bytes(whole)))
    heard(decoding)
    assert "could not be decoded" in decoding.partial or "ends after" in decoding.partial


@pytest.mark.parametrize("content", [b"", b"\0" * 5_000, b"This is a text, not a song. " * 100, b"RIFF\x10\0\0\0WAVE"])
def test_what_is_no_sound_says_so(content: bytes) -> None:
    with pytest.raises(UndecodableError, match=r"\w+"):
        Decoding(io.BytesIO(content))


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(UndecodableError, match="No such file"):
        Decoding(tmp_path / "nothing.flac")


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000])
def test_the_mono_stream_has_its_rate_and_keeps_its_length(rate: int) -> None:
    mono = Mono(rate, 22_050)
    sound = sounds.stereo(sounds.tone(440, 2.0, rate=rate))
    parts = [mono(sound[:, start : start + 5_000]) for start in range(0, sound.shape[1], 5_000)]
    joined = np.concatenate([*parts, mono.rest()])
    assert len(joined) == pytest.approx(2 * 22_050, abs=64)
    assert np.abs(joined[2_000:-2_000]).max() == pytest.approx(0.1, rel=0.01)

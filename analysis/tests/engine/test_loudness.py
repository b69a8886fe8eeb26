"""Loudness is what EBU R128 says: the cases of Tech 3341 and 3342, and libavfilter's own meter."""

import io
import math
from collections.abc import Iterator
from dataclasses import replace

import av
import av.error
import numpy as np
import pytest
from av.filter import Graph

from analysis.engine.album import joint_loudness
from analysis.engine.decoding import Decoding
from analysis.engine.loudness import Meter
from analysis.engine.result import Loudness
from analysis.tests.engine import sounds

RATE = 48_000


def measured(sound: sounds.Sound, *, rate: int = RATE, places: tuple[str, ...] = ("FL", "FR")) -> Loudness:
    meter = Meter(rate, places)
    for start in range(0, sound.shape[1], 65_536):
        meter.add(sound[:, start : start + 65_536])
    return meter.result()


def tones(*parts: tuple[float, float]) -> sounds.Sound:
    """Of 1 kHz in both channels: decibels and seconds."""
    return sounds.stereo(np.concatenate([sounds.tone(1_000, seconds, rate=RATE, db=db) for db, seconds in parts]))


TECH_3341 = [
    ([(-23.0, 20.0)], -23.0),
    ([(-33.0, 20.0)], -33.0),
    ([(-36.0, 10.0), (-23.0, 30.0), (-36.0, 10.0)], -23.0),
    ([(-72.0, 10.0), (-36.0, 10.0), (-23.0, 30.0), (-36.0, 10.0), (-72.0, 10.0)], -23.0),
    ([(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)], -23.0),
]
TECH_3342 = [
    ([(-20.0, 20.0), (-30.0, 20.0)], 10.0),
    ([(-20.0, 20.0), (-15.0, 20.0)], 5.0),
    ([(-40.0, 20.0), (-20.0, 20.0)], 20.0),
    ([(-50.0, 20.0), (-35.0, 20.0), (-20.0, 20.0), (-35.0, 20.0), (-50.0, 20.0)], 15.0),
]


@pytest.mark.parametrize(("parts", "lufs"), TECH_3341)
def test_integrated_loudness_passes_the_cases_of_tech_3341(parts: list[tuple[float, float]], lufs: float) -> None:
    assert measured(tones(*parts)).integrated_lufs == pytest.approx(lufs, abs=0.1)


def test_channels_count_as_they_are_heard() -> None:
    places = ("FL", "FR", "FC", "LFE", "BL", "BR")
    sound = np.stack([sounds.tone(1_000, 20.0, rate=RATE, db=db) for db in (-28, -28, -24, -3, -30, -30)])
    assert measured(sound, places=places).integrated_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(("parts", "range_lu"), TECH_3342)
def test_the_range_passes_the_cases_of_tech_3342(parts: list[tuple[float, float]], range_lu: float) -> None:
    assert measured(tones(*parts)).range_lu == pytest.approx(range_lu, abs=1.0)


@pytest.mark.parametrize(("part", "degrees", "db"), [(4, 0, -6), (4, 45, -6), (6, 60, -6), (8, 67.5, -6), (4, 45, 3)])
def test_true_peaks_pass_the_cases_of_tech_3341(part: int, degrees: float, db: float) -> None:
    """Tones of a whole part of the rate, whose samples miss the crest."""
    tone = sounds.tone(RATE / part, 1.0, rate=RATE, db=db, degrees=degrees)
    tone[:480] *= np.linspace(0, 1, 480, dtype=np.float32)
    tone[-480:] *= np.linspace(1, 0, 480, dtype=np.float32)
    peak = measured(sounds.stereo(tone)).true_peak_db
    assert peak is not None
    assert db - 0.4 <= peak <= db + 0.2


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_a_tone_is_as_loud_at_any_rate(rate: int) -> None:
    tone = sounds.tone(997, 3.0, rate=rate, db=0)[None]
    found = measured(tone, rate=rate, places=("FC",))
    assert found.integrated_lufs == pytest.approx(-3.01, abs=0.05)
    assert found.true_peak_db == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize(
    ("container", "codec", "rate", "layout"),
    [
        ("flac", "flac", 44_100, "stereo"),
        ("mp3", "libmp3lame", 44_100, "stereo"),
        ("ogg", "libopus", 48_000, "mono"),
        ("mp4", "aac", 44_100, "stereo"),
        ("wav", "pcm_f32le", 96_000, "5.1"),
    ],
)
def test_the_meter_of_libavfilter_says_the_same(container: str, codec: str, rate: int, layout: str) -> None:
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    swell = np.linspace(0.5, 1, 8 * rate, dtype=np.float32)
    sound = np.stack([swell * sounds.noise(8, rate=rate, level=0.2, seed=channel) for channel in range(channels)])
    file = sounds.file(sound, rate=rate, container=container, codec=codec, layout=layout)
    decoding = Decoding(io.BytesIO(file.getvalue()))
    meter = Meter(decoding.sample_rate, decoding.places)
    for block in decoding.blocks():
        meter.add(block)
    ours, theirs = meter.result(), dict(_as_libavfilter_says(file))
    assert ours.integrated_lufs == pytest.approx(theirs["I"], abs=0.1)
    # Of so few windows one more or less is seen: libavfilter rounds its percentiles down.
    assert ours.range_lu == pytest.approx(theirs["LRA"], abs=0.3)
    assert ours.true_peak_db == pytest.approx(20 * math.log10(theirs["true_peak"]), abs=0.2)
    assert ours.sample_peak == pytest.approx(theirs["sample_peak"], abs=0.001)


def _as_libavfilter_says(file: io.BytesIO) -> Iterator[tuple[str, float]]:
    with av.open(file, mode="r") as container:
        graph = Graph()
        nodes = [
            graph.add_abuffer(template=container.streams.audio[0]),
            graph.add("ebur128", "metadata=1:peak=true+sample"),
            graph.add("abuffersink"),
        ]
        graph.link_nodes(*nodes).configure()
        said: dict[str, str] = {}
        for frame in [*container.decode(audio=0), None]:
            nodes[0].push(frame)
            while True:
                try:
                    said |= nodes[-1].pull().metadata
                except (av.error.BlockingIOError, av.error.EOFError):
                    break
    yield from ((name.removeprefix("lavfi.r128."), float(value)) for name, value in said.items())


def test_what_is_silent_or_too_short_has_no_loudness() -> None:
    silent = measured(np.zeros((2, RATE), np.float32))
    assert silent == replace(Loudness(), sample_peak=0.0)
    short = measured(tones((-20.0, 0.3)))
    assert short.integrated_lufs is None
    assert short.true_peak_db == pytest.approx(-20, abs=0.1)


def test_an_album_is_as_loud_as_its_tracks_in_one() -> None:
    loud, soft = tones((-20.0, 10.0)), tones((-27.0, 20.0))
    together = measured(np.concatenate([loud, soft], axis=1)).integrated_lufs
    assert joint_loudness([measured(loud).histogram, measured(soft).histogram]) == pytest.approx(together, abs=0.1)
    assert joint_loudness([measured(loud).histogram, b""]) == pytest.approx(-20, abs=0.06)
    assert joint_loudness([]) is None

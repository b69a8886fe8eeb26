"""One pass says everything, of odd sounds too, without a NaN; no gain changes what is said of the music."""

import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import librosa
import numpy as np
import pytest
import scipy.fft
from threadpoolctl import threadpool_limits

from analysis.engine import spectra
from analysis.engine.analyse import Analysis, Options, analyse, prepare
from analysis.engine.descriptors import GROUPS, NAMES
from analysis.engine.spectra import Frames, power
from analysis.engine.timbre import Timbre
from analysis.tests.engine import sounds

SCORES = ("energy", "valence", "danceability", "mood_happy", "mood_aggressive", "mood_party", "mood_relaxed",
          "acoustic", "tonal")  # fmt: skip


def song(seconds: float = 24.0, *, rate: int = 22_050) -> sounds.Sound:
    chords = sounds.chords(2, "major", times=8, rate=rate)[: round(seconds * rate)]
    return chords + sounds.clicks(75.0, len(chords) / rate, first=0.0, rate=rate, level=0.2)


def numbers_in(value: object) -> list[float]:
    if is_dataclass(value):
        return [number for field in fields(value) for number in numbers_in(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [number for item in value for number in numbers_in(item)]
    if isinstance(value, np.ndarray):
        return [float(number) for number in value]
    return [value] if isinstance(value, float) else []


def speech_like(seconds: float, rate: int) -> sounds.Sound:
    """Noise in bursts of the speed of syllables, with pauses of breath."""
    time = np.arange(round(seconds * rate)) / rate
    syllables = np.maximum(0, np.sin(2 * np.pi * (3.7 + np.sin(0.9 * time)) * time)) * (np.sin(0.8 * time) > -0.6)
    return np.asarray(syllables * sounds.noise(seconds, rate=rate), np.float32)


ODD = {
    "one sample": np.ones(1, np.float32),
    "a click": np.append(np.zeros(100, np.float32), np.float32(1)),
    "silence": np.zeros(22_050 * 10, np.float32),
    "almost silence": sounds.noise(8, rate=22_050, level=1e-6),
    "a direct current": np.full(22_050 * 5, 0.5, np.float32),
    "full scale noise": sounds.noise(8, rate=22_050, level=3.0),
    "speech": speech_like(12, 22_050),
    "a jingle": song(5.0),
    "a tone": sounds.tone(440, 8, rate=22_050),
    "silence with one burst": np.append(np.zeros(22_050 * 20, np.float32), sounds.noise(0.3, rate=22_050)),
}


@pytest.fixture(scope="module", autouse=True)
def _prepared() -> Iterator[None]:
    # As `limit_threads` does in children, but for these tests alone.
    with threadpool_limits(1):
        prepare()
        yield


@pytest.mark.parametrize("name", list(ODD))
def test_odd_sounds_give_finite_numbers_or_none(name: str) -> None:
    found = analyse(sounds.file(ODD[name], rate=22_050))
    assert np.isfinite(numbers_in(found)).all()
    values = [getattr(found, score) for score in SCORES]
    assert all(value is None or 0 <= value.value <= 1 for value in values)


@pytest.mark.parametrize("name", ["silence", "one sample", "a click"])
def test_of_silence_and_clicks_nothing_is_claimed(name: str) -> None:
    found = analyse(sounds.file(ODD[name], rate=22_050))
    assert found.tempo.bpm is None
    assert found.tonality.key is None
    assert found.descriptors is None
    assert [getattr(found, score) for score in SCORES] == [None] * len(SCORES)


@pytest.mark.parametrize(("rate", "layout"), [(8_000, "mono"), (96_000, "stereo"), (192_000, "mono"), (48_000, "5.1")])
def test_any_rate_and_number_of_channels_is_analysed_alike(rate: int, layout: str) -> None:
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    sound = np.repeat(song(16.0, rate=rate)[None], channels, axis=0)
    found = analyse(sounds.file(sound, rate=rate, layout=layout))
    assert (found.tonality.key, found.tonality.scale) == ("D", "major")
    assert found.tempo.bpm == pytest.approx(75.0, abs=0.3)
    assert found.duration_ms == pytest.approx(16_000, abs=5)
    assert found.channels == channels


def test_no_gain_changes_what_is_said_of_the_music() -> None:
    found = {db: analyse(sounds.file(10 ** (db / 20) * song(), rate=22_050)) for db in (-24, -12, 0)}
    plain = found.pop(0)
    for db, quieter in found.items():
        assert quieter.tempo == plain.tempo
        assert quieter.tonality == plain.tonality
        assert plain.descriptors is not None
        assert quieter.descriptors == pytest.approx(plain.descriptors, abs=0.02)
        for score in SCORES:
            assert getattr(quieter, score).value == pytest.approx(getattr(plain, score).value, abs=0.002), score
        assert plain.loudness.integrated_lufs is not None
        assert quieter.loudness.integrated_lufs == pytest.approx(plain.loudness.integrated_lufs + db, abs=0.02)
        assert quieter.replaygain_track_gain == pytest.approx(-18 - plain.loudness.integrated_lufs - db, abs=0.03)


def test_an_excerpt_says_much_the_same() -> None:
    whole, half = (analyse(sounds.file(song(seconds), rate=22_050)) for seconds in (25.6, 12.8))
    for score in SCORES:
        assert getattr(half, score).value == pytest.approx(getattr(whole, score).value, abs=0.05), score


def test_every_descriptor_belongs_to_one_group() -> None:
    found = analyse(sounds.file(song(), rate=22_050))
    assert found.descriptors is not None
    assert found.descriptors.shape == (len(NAMES),)
    assert [group.start for group in GROUPS] == [0, *(group.stop for group in GROUPS[:-1])]
    assert GROUPS[-1].stop == len(NAMES) == len(set(NAMES))


def test_a_truncated_file_says_what_was_heard_and_why_no_more() -> None:
    whole = sounds.file(song(), rate=22_050, container="flac", codec="flac").getvalue()
    found = analyse(io.BytesIO(whole[: len(whole) // 2]))
    assert found.partial.startswith("The file ends after")
    assert found.duration_ms < 20_000
    assert found.tonality.key == "D"


def test_the_heartbeat_may_end_it() -> None:
    def stop(seconds: float) -> None:
        if seconds > 5:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        analyse(sounds.file(song(), rate=22_050), options=Options(heartbeat=stop))


def test_without_music_there_is_still_loudness() -> None:
    found: Analysis = analyse(sounds.file(song(), rate=22_050), options=Options(music=False))
    assert found.loudness.integrated_lufs is not None
    assert found.descriptors is None


def test_memory_does_not_grow_with_the_length() -> None:
    def most(minutes: int) -> int:
        beat = sounds.clicks(120.0, 60.0, first=0.0, rate=8_000) + sounds.noise(60.0, rate=8_000, level=0.01)
        file = sounds.file(np.tile(beat, minutes), rate=8_000, container="mp3", codec="libmp3lame")
        tracemalloc.start()
        try:
            analyse(file)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    short, long = most(2), most(8)
    assert long < short + 1_000_000
    assert long < 40_000_000


def test_spectra_and_mel_bands_are_those_of_librosa() -> None:
    sound = sounds.noise(3, rate=22_050)
    frames = Frames(spectra.SIZE, spectra.HOP, spectra.BATCH)
    seen = np.concatenate([power(batch, prepare().window) for batch in [*frames.add(sound), *frames.end()]])
    theirs = np.abs(librosa.stft(sound, n_fft=spectra.SIZE, hop_length=spectra.HOP)).T ** 2
    assert seen[: len(theirs)] == pytest.approx(theirs, rel=1e-3, abs=1e-3)
    mel = librosa.feature.melspectrogram(
        S=theirs.T, sr=spectra.RATE, n_mels=spectra.BANDS, fmin=spectra.LOWEST_HZ, fmax=spectra.HIGHEST_HZ
    )
    assert theirs @ prepare().mel == pytest.approx(mel.T, rel=1e-3, abs=1e-4)


def test_cepstra_and_centroids_are_those_of_librosa() -> None:
    sound = song(6.0)
    theirs = np.abs(librosa.stft(sound, n_fft=spectra.SIZE, hop_length=spectra.HOP)) ** 2
    timbre = Timbre()
    timbre.add(theirs.T, theirs.T @ prepare().mel)
    mel = np.maximum(theirs.T @ prepare().mel, 1e-12)
    mel = np.maximum(mel, 1e-8 * mel.max(axis=1, keepdims=True))
    mfcc = librosa.feature.mfcc(S=10 * np.log10(mel.T), n_mfcc=20)
    ours = scipy.fft.dct(timbre.mean() * 10 / np.log(10), norm="ortho")[:20]
    assert timbre.frames == theirs.shape[1]
    assert ours == pytest.approx(mfcc.mean(axis=1), abs=0.01)
    centroid = librosa.feature.spectral_centroid(S=theirs, sr=spectra.RATE, n_fft=spectra.SIZE)
    assert timbre.shapes()[0][0] == pytest.approx(np.log(np.maximum(centroid, 20)).mean(), abs=1e-3)

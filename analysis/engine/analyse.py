"""Analyses one audio file in one pass of bounded memory.

    analysis = analyse(path_or_binary_file)  # -> analysis.engine.result.Analysis

It raises `UndecodableError` with the reason when nothing of the file can be decoded; a file that breaks off yields what
was heard, and `analysis.partial` says why. `prepare()` imports librosa and makes its filters: a parent that forks
children calls it first, once; otherwise the first analysis does. `limit_threads()` keeps the linear algebra on one core
in the process that calls it and in what it forks afterwards. `Options` may leave the music out, or ask for a heartbeat:
it is called after each block with the seconds decoded so far, and what it raises ends the analysis.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from threadpoolctl import threadpool_limits

from analysis.engine import spectra
from analysis.engine.decoding import Decoding, Mono, Samples, Source, UndecodableError
from analysis.engine.descriptors import Heard, descriptors, enough
from analysis.engine.loudness import Meter
from analysis.engine.result import Analysis
from analysis.engine.rhythm import Rhythm
from analysis.engine.scores import scores, traits
from analysis.engine.spectra import Frames, prepare
from analysis.engine.timbre import Timbre
from analysis.engine.tonality import Pitches
from analysis.engine.waveform import Peaks

__all__ = ["Analysis", "Options", "UndecodableError", "analyse", "limit_threads", "prepare"]
REFERENCE_LUFS = -18.0


@dataclass(frozen=True)
class Options:
    """What may be left out: loudness, waveform and silence are cheap and always there."""

    music: bool = True
    """tempo, key, scores and descriptors"""
    heartbeat: Callable[[float], None] | None = None


def limit_threads() -> None:
    threadpool_limits(1)


def analyse(source: Source, *, options: Options = Options()) -> Analysis:
    decoding = Decoding(source)
    rate, places = decoding.sample_rate, decoding.places
    meter, peaks, mono = Meter(rate, places), Peaks(rate, places), Mono(rate, spectra.RATE)
    music = _Music() if options.music else None
    for block in decoding.blocks():
        meter.add(block)
        peaks.add(block)
        if music:
            music.add(mono(block))
        if options.heartbeat:
            options.heartbeat(decoding.duration_s)
    leading, trailing = peaks.silence_ms()
    found = Analysis(
        duration_ms=round(decoding.duration_s * 1000),
        sample_rate=rate,
        channels=len(places),
        loudness=meter.result(),
        waveform=peaks.waveform(),
        leading_silence_ms=leading,
        trailing_silence_ms=trailing,
        partial=decoding.partial,
    )
    found = _with_gain(found)
    return music.told(found, mono.rest()) if music else found


def _with_gain(found: Analysis) -> Analysis:
    """ReplayGain 2.0."""
    lufs, peak_db = found.loudness.integrated_lufs, found.loudness.true_peak_db
    return replace(
        found,
        replaygain_track_gain=None if lufs is None else round(REFERENCE_LUFS - lufs, 2),
        replaygain_track_peak=None if peak_db is None else round(10 ** (peak_db / 20), 6),
    )


class _Music:
    """What is heard in the mono stream."""

    def __init__(self) -> None:
        self._banks = prepare()
        self._frames = Frames(spectra.SIZE, spectra.HOP, spectra.BATCH)
        self._long_frames = Frames(spectra.TONAL_SIZE, spectra.TONAL_HOP, spectra.TONAL_BATCH)
        self._timbre, self._rhythm, self._pitches = Timbre(), Rhythm(), Pitches()

    def add(self, samples: Samples) -> None:
        for frames in self._frames.add(samples):
            self._look(frames)
        for frames in self._long_frames.add(samples):
            self._pitches.add(spectra.power(frames, self._banks.tonal_window))

    def _look(self, frames: Samples) -> None:
        power = spectra.power(frames, self._banks.window)
        mel = power @ self._banks.mel
        self._timbre.add(power[::2], mel[::2])
        self._rhythm.add(mel)

    def told(self, found: Analysis, rest: Samples) -> Analysis:
        self.add(rest)
        for frames in self._frames.end():
            self._look(frames)
        for frames in self._long_frames.end():
            self._pitches.add(spectra.power(frames, self._banks.tonal_window))
        self._rhythm.end()
        if not enough(self._timbre):
            return found
        tempo, tonality = self._rhythm.tempo(), self._pitches.tonality()
        heard = Heard(self._timbre, self._pitches, self._rhythm, tempo.bpm)
        seen = scores(traits(heard, tempo, tonality))
        return replace(
            found,
            tempo=tempo,
            tonality=tonality,
            descriptors=descriptors(heard),
            energy=seen.energy,
            valence=seen.valence,
            danceability=seen.danceability,
            mood_happy=seen.mood_happy,
            mood_aggressive=seen.mood_aggressive,
            mood_party=seen.mood_party,
            mood_relaxed=seen.mood_relaxed,
            acoustic=seen.acoustic,
            tonal=seen.tonal,
        )

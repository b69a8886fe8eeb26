"""Scores between 0 and 1 from what was measured, each with the confidence that it deserves; no gain changes them."""

from dataclasses import dataclass

import numpy as np

from analysis.engine.descriptors import Heard
from analysis.engine.result import Loudness, Score, Tempo, Tonality
from analysis.engine.timbre import SHAPES


@dataclass(frozen=True)
class Scores:
    energy: Score
    valence: Score
    danceability: Score
    mood_happy: Score
    mood_aggressive: Score
    mood_party: Score
    mood_relaxed: Score
    acoustic: Score
    tonal: Score


@dataclass(frozen=True)
class Traits:
    """What the scores are made of; none of it changes with the gain."""

    flux: float
    """of the onsets, relative to the level"""
    brightness: float
    """log of the centroid in Hz"""
    flatness: float
    """log of geometric to arithmetic mean of the bands: 0 is noise"""
    restless: float
    """decibels from frame to frame"""
    pulse: float
    """0 to 1: how much of the onsets comes back after a beat"""
    bpm: float
    entropy: float
    """0 to 1: how evenly the twelve notes sound"""
    major: float
    """-1 to 1: how much better the best major key fits than the best minor one"""
    density: float
    """share of the frames that are loud"""


def traits(heard: Heard, tempo: Tempo, tonality: Tonality) -> Traits:
    mean, _ = heard.timbre.shapes()
    shape = dict(zip(SHAPES, mean, strict=True))
    rhythm = heard.rhythm
    chroma = np.maximum(heard.pitches.chroma(), 1e-9)
    share = chroma / chroma.sum()
    weight = {scale: sum(c.confidence for c in tonality.candidates if c.scale == scale) for scale in ("major", "minor")}
    return Traits(
        flux=rhythm.flux_sum / max(rhythm.level_sum, 1e-12),
        brightness=float(shape["centroid"]),
        flatness=float(shape["flatness"]),
        restless=heard.timbre.level_step_sum / heard.timbre.frames,
        pulse=rhythm.clarity(tempo.bpm) if tempo.bpm else 0.0,
        bpm=tempo.bpm or 0.0,
        entropy=float(-(share * np.log(share)).sum() / np.log(12)),
        major=weight["major"] - weight["minor"],
        density=float(heard.timbre.level_quantiles((0.25,))[0]),
    )


def scores(seen: Traits, loudness: Loudness) -> Scores:
    energy = _squashed(9 * (seen.flux - 0.06) + 1.1 * (seen.brightness - 7.3) + 0.35 * (seen.flatness + 3))
    tonal = _squashed(14 * (0.93 - seen.entropy) - 0.6 * (seen.flatness + 2.5))
    dance = _squashed(6 * (seen.pulse - 0.35) + 4 * (seen.flux - 0.06))
    valence = _squashed(0.9 * seen.major + 1.2 * (energy - 0.5))
    aggressive = _squashed(2.2 * (energy - 0.6) + 0.9 * (seen.flatness + 2) + 0.08 * (seen.density + 3))
    acoustic = _squashed(-1.5 * (seen.brightness - 7.2) - 5 * (seen.flux - 0.06) - 0.5 * (seen.flatness + 3))
    return Scores(
        energy=Score(energy, 0.8),
        valence=Score(valence, 0.25),
        danceability=Score(dance, 0.6),
        mood_happy=Score(valence, 0.2),
        mood_aggressive=Score(aggressive, 0.3),
        mood_party=Score(round(float(np.sqrt(energy * dance)), 3), 0.5),
        mood_relaxed=Score(round(1 - energy, 3), 0.8),
        acoustic=Score(acoustic, 0.3),
        tonal=Score(tonal, 0.7),
    )


def _squashed(value: float) -> float:
    return round(float(1 / (1 + np.exp(-value))), 3)

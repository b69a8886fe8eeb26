"""Scores between 0 and 1 from what was measured, each with the confidence that it deserves; no gain changes them."""

from dataclasses import dataclass

import numpy as np

from analysis.engine.descriptors import Heard
from analysis.engine.result import Score, Tempo, Tonality
from analysis.engine.timbre import SHAPES

SPARSEST_DB = -8.0


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
    pulse: float
    """0 to 1: how much of the onsets of the bass and the bass drum comes back after a beat"""
    entropy: float
    """0 to 1: how evenly the twelve notes sound"""
    major: float
    """-1 to 1: how much better the best major key fits than the best minor one"""
    density: float
    """decibels from the mean to the quietest quarter: near 0 is compressed or overdriven, far below it is sparse"""


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
        pulse=rhythm.bass_clarity(tempo.bpm) if tempo.bpm else 0.0,
        entropy=float(-(share * np.log(share)).sum() / np.log(12)),
        major=weight["major"] - weight["minor"],
        density=max(SPARSEST_DB, float(heard.timbre.level_quantiles((0.25,))[0])),
    )


def scores(seen: Traits) -> Scores:
    """Weighted sums whose middles lie where scores of many kinds, rendered by one synthesiser, have theirs."""
    flux, brightness, flatness = seen.flux - 0.062, seen.brightness - 6.8, seen.flatness + 3.4
    density = seen.density + 4
    energy = _squashed(45 * flux + 0.9 * brightness + 0.3 * flatness + 0.2 * density)
    dance = _squashed(30 * flux + 4 * (seen.pulse - 0.4))
    happy = _squashed(0.9 * seen.major + 1.5 * (energy - 0.5))
    aggressive = _squashed(20 * flux + 1.6 * (brightness - 0.5) + 0.6 * (flatness - 0.6) + 0.25 * (density - 1))
    acoustic = _squashed(-10 * flux - 1.8 * (brightness - 0.1) - 0.5 * flatness - 0.1 * density)
    tonal = _squashed(28 * (0.945 - seen.entropy) - 0.5 * (flatness - 0.4))
    return Scores(
        energy=Score(energy, 0.8),
        valence=Score(happy, 0.25),
        danceability=Score(dance, 0.6),
        mood_happy=Score(happy, 0.2),
        mood_aggressive=Score(aggressive, 0.35),
        mood_party=Score(round(float(np.sqrt(energy * dance)), 3), 0.5),
        mood_relaxed=Score(round(1 - energy, 3), 0.8),
        acoustic=Score(acoustic, 0.35),
        tonal=Score(tonal, 0.7),
    )


def _squashed(value: float) -> float:
    return round(float(1 / (1 + np.exp(-value))), 3)

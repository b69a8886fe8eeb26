"""How well a track answers: by what was wished for, by meaning, by words, and by how much its names look like it."""

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.engine.documents import TrackFacts
from embeddings.engine.grammar import Asked
from embeddings.engine.grammar.matching import score
from embeddings.engine.grammar.profile import Profile
from embeddings.engine.likeness import likeness

# Beside wishes that were understood, meaning orders what they leave open; without any, it is most of what there is.
OF_MEANING, MEANING_ALONE = 0.5, 0.6
OF_WORDS, WORDS_ALONE, LOOSE = 0.35, 0.9, 0.3
# Places in full text: the tenth counts half as much as the first.
HALF_AT = 10
# A name that looks much like the request is what was looked for.
ALIKE, A_NAME = 0.5, 2.0


@dataclass(frozen=True)
class Evidence:
    """What speaks for one track."""

    facts: TrackFacts
    profile: Profile
    near: float | None
    said: int | None


@dataclass(frozen=True)
class Question:
    text: str
    asked: Asked
    surely: bool
    """full text has found all of the words"""
    meant: str = ""
    """the request with its slips put right, as full text understood it"""


def scored(question: Question, tracks: Sequence[Evidence]) -> list[float]:
    """One number each; zero is no answer."""
    nears = [track.near for track in tracks if track.near is not None]
    low, high = (min(nears), max(nears)) if nears else (0.0, 1.0)
    return [_score(question, track, low, max(high - low, 1e-6)) for track in tracks]


def _score(question: Question, track: Evidence, low: float, spread: float) -> float:
    near = 0.0 if track.near is None else (track.near - low) / spread
    words = 0.0 if track.said is None else 1 / (1 + (track.said - 1) / HALF_AT)
    words *= 1.0 if question.surely else LOOSE
    named = _named(question, track.facts)
    if not question.asked.chips:
        return MEANING_ALONE * near**2 + WORDS_ALONE * words + named
    return score(question.asked, track.profile) + OF_MEANING * near + OF_WORDS * words + named


def _named(question: Question, facts: TrackFacts) -> float:
    text = question.asked.rest if question.asked.rest and question.asked.chips else question.text
    names = (facts.title, facts.artist, facts.album, f"{facts.artist} {facts.title}", f"{facts.artist} {facts.album}")
    found = max(likeness(one, names) for one in (question.text, text, question.meant) if one)
    return A_NAME * (found - ALIKE) / (1 - ALIKE) if found > ALIKE else 0.0

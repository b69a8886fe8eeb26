"""A question in French or English, answered by all that is known: what was understood, meaning, words, features."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.errors import InvalidInput
from core.models import User
from embeddings.engine.answering import Evidence, Question, scored
from embeddings.engine.documents import TrackFacts
from embeddings.engine.facts import read_facts
from embeddings.engine.grammar import Asked, Chip, understand
from embeddings.engine.grammar.profile import profile_of
from embeddings.engine.grammar.wording import worded
from embeddings.engine.ontology.songs import title_key
from embeddings.engine.ontology.spelling import Phrase, phrase
from embeddings.schemas.asking import LONGEST, MOST, Answer, AskOut, ChipOut
from embeddings.selectors.candidates import Candidate, candidates
from embeddings.selectors.facts import facts_of
from embeddings.selectors.likes import genres_meant, liked_vectors
from embeddings.selectors.proposing import Proposals, proposed
from embeddings.selectors.reasons import whys
from embeddings.selectors.requests import request_vector
from embeddings.selectors.titles import named_track
from library.engine.asked import Asked as Words
from library.engine.asked import understood
from library.schemas.search import SearchFilters
from library.selectors.search.facets import facets_of
from library.selectors.search.hits import track_hits
from library.selectors.search.ranking import Ranking, page_of, ranked, ranked_tracks
from library.selectors.search.vocabulary import what_was_meant

SHOWN = 300


@dataclass(frozen=True)
class Understood:
    """What was asked, as chips and words, after what was taken away."""

    text: str
    asked: Asked
    proposals: Proposals
    without: tuple[str, ...]

    @property
    def chips(self) -> tuple[Chip, ...]:
        return (*self.asked.chips, *self.proposals.chips)

    @property
    def meaning(self) -> str:
        """For the encoder: what was understood, and the words themselves, unless they name what is not wanted."""
        if self.without or any(chip.negated for chip in self.asked.chips):
            return self.asked.words
        return ", ".join(part for part in (self.asked.words, self.text) if part)


@dataclass(frozen=True)
class Said:
    """What full text has found, and how surely."""

    tracks: list[int]
    words: Words
    meant: str | None
    surely: bool


def chip_id(chip: Chip) -> str:
    return f"{'-' if chip.negated else ''}{chip.kind}:{chip.value}"[:120]


def ask(
    user: User | None,
    text: str,
    *,
    without: Collection[str] = (),
    filters: SearchFilters | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> AskOut:
    """The tracks that answer best, the best first, each with its reasons."""
    if not 1 <= limit <= MOST:
        raise InvalidInput(f"limit is 1 to {MOST}.", field="limit")
    about = understanding(text, without)
    said = _said(about)
    vector = request_vector(about.meaning) if about.meaning else None
    notes = [note for note in (vector.note if vector else "", about.proposals.note) if note]
    found = _ranked(about, said, vector.vector if vector else None, filters)
    numbers = [one.track_id for one in found[:SHOWN]]
    page, following = page_of(numbers, start_of(cursor), limit)
    return AskOut(
        query=about.text,
        chips=[_chip_out(chip, chip in about.proposals.chips) for chip in about.chips],
        without=list(about.without),
        rest=about.asked.rest,
        meant=said.meant,
        notes=notes,
        items=_answers(page, found, about, said.words),
        count=len(numbers),
        next_cursor=following,
        facets=facets_of(numbers),
    )


def understanding(text: str, without: Collection[str] = ()) -> Understood:
    """By the grammar, and by a language model where one was chosen; without what somebody took away."""
    text = " ".join(text.replace("\0", " ").split())[:LONGEST]
    whole = understand(text, names=named_track)
    kept = tuple(chip for chip in whole.chips if chip_id(chip) not in without)
    liking = ", ".join(chip.value for chip in kept if chip.kind == "artist_like" and not chip.negated) or None
    proposals = proposed(text, whole)
    chosen = tuple(chip for chip in proposals.chips if chip_id(chip) not in without)
    words = worded((*kept, *chosen), whole.rest)
    liked = tuple(one for one in whole.liked if any(chip.value == one.value for chip in kept))
    asked = replace(whole, chips=kept, liking=liking, liked=liked, words=words)
    known = {chip_id(chip) for chip in (*whole.chips, *proposals.chips)}
    return Understood(text, asked, replace(proposals, chips=chosen), tuple(one for one in without if one in known))


def _said(about: Understood) -> Said:
    """All of the words as they stand; else those that nothing was understood by."""
    words = understood(about.text)
    if about.without or not words:
        found, answered = Ranking(loosely=True), words
    else:
        found, answered = ranked(words, SearchFilters())
        if found.meant and about.chips and not about.asked.rest:
            # Every word was understood: none of them is a slip of another one.
            return Said([], words, None, surely=False)
    rest = understood(about.asked.rest)
    if rest and (found.loosely or not found.tracks) and about.asked.rest != about.text:
        of_rest, by_rest = ranked(rest, SearchFilters())
        if of_rest.tracks and (not of_rest.loosely or not found.tracks):
            found, answered = of_rest, by_rest
    if not found.tracks and words:
        answered = what_was_meant(words) or words
        found = Ranking(tracks=ranked_tracks(answered, answered.any_word(), SearchFilters()), loosely=True)
    return Said(found.tracks, answered, found.meant, surely=bool(found.tracks) and not found.loosely)


@dataclass(frozen=True)
class Ranked:
    track_id: int
    score: float
    evidence: Evidence


def _ranked(about: Understood, said: Said, vector: list[float] | None, filters: SearchFilters | None) -> list[Ranked]:
    liked = liked_vectors(about.asked)
    asked_for = _together(vector, liked[0]) if liked and about.asked.liked else vector
    vectors = [one for one in (asked_for, *liked) if one is not None]
    asked = replace(about.asked, chips=about.chips)
    found = candidates(vectors, said.tracks, asked.chips, genres_meant(asked), filters)
    facts = facts_of([one.track_id for one in found])
    every = {one.track_id: _evidence(one, facts[one.track_id]) for one in found if one.track_id in facts}
    themselves = {_piece(one.facts) for one in asked.liked}
    evidence = {pk: held for pk, held in every.items() if _piece(held.facts) not in themselves} if themselves else every
    scores = scored(Question(about.text, asked, said.surely, said.meant or ""), list(evidence.values()))
    rows = [Ranked(pk, score, held) for (pk, held), score in zip(evidence.items(), scores, strict=True)]
    return sorted((row for row in rows if row.score > 0), key=lambda row: (-row.score, row.track_id))


def _together(vector: list[float] | None, other: list[float]) -> list[float]:
    return other if vector is None else [one + two for one, two in zip(vector, other, strict=True)]


def _piece(facts: TrackFacts) -> tuple[Phrase, Phrase]:
    """The same for all versions of a piece by the same people."""
    return phrase(facts.artist or ""), title_key(facts.title)


def _evidence(found: Candidate, held: dict[str, Any]) -> Evidence:
    facts = read_facts(held)
    return Evidence(facts, profile_of(facts), found.near, found.said)


def _answers(page: Sequence[int], found: Sequence[Ranked], about: Understood, words: Words) -> list[Answer]:
    ranked_by = {row.track_id: row for row in found}
    asked = replace(about.asked, chips=about.chips)
    return [
        Answer(
            track=hit,
            score=round(ranked_by[hit.id].score, 4),
            reasons=whys(asked, ranked_by[hit.id].evidence),
        )
        for hit in track_hits(page, words)
    ]


def start_of(cursor: str | None) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 6):
        raise InvalidInput("This cursor is not one of ours.", hint="Begin again without a cursor.", field="cursor")
    return int(cursor)


def _chip_out(chip: Chip, is_proposed: bool) -> ChipOut:
    return ChipOut(
        id=chip_id(chip),
        kind=chip.kind,
        value=chip.value,
        text=chip.text,
        negated=chip.negated,
        proposed=is_proposed,
    )

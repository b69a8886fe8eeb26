"""What may have been meant: words of the library that lie one slip away from what was typed."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from library.engine.asked import Asked, Piece
from library.engine.slips import begins_within_one_slip, may_be_mistyped, neighbourhood, within_one_slip
from library.engine.words import LONGEST_WORD

MOST_CANDIDATES = 4000
MOST_OTHERS = 5
MOST_CORRECTED = 6
LEAST_SPLIT = 3


@dataclass
class Candidate:
    word: str
    of_names: bool
    documents: int


@dataclass
class Known:
    """What the vocabulary holds around one word that was typed."""

    words: dict[str, Candidate] = field(default_factory=dict)

    def has(self, piece: Piece) -> bool:
        """Whether it may be meant as it stands."""
        return piece.word in self.words or (piece.open and any(word.startswith(piece.word) for word in self.words))


def what_was_meant(asked: Asked) -> Asked | None:
    """The request with what may have been meant beside it; None where nothing else suggests itself."""
    places = [
        place
        for place, piece in enumerate(asked.wanted)
        if may_be_mistyped(piece.word) or (piece.word and len(asked.wanted) > 1)
    ][:MOST_CORRECTED]
    if not places:
        return None
    known = _known(asked, places)
    if merged := _merged(asked, known):
        return merged
    unknown = [place for place in places if not known[place].has(asked.wanted[place])]
    others = {place: rows for place in unknown or places if (rows := _others(asked.wanted[place], known[place]))}
    return asked.corrected(others) if others else None


def _others(piece: Piece, known: Known) -> tuple[tuple[str, ...], ...]:
    typed = piece.word
    near = begins_within_one_slip if piece.open else within_one_slip
    if not may_be_mistyped(typed):
        return ()
    found = [
        candidate
        for candidate in known.words.values()
        if candidate.word != typed and len(candidate.word) > len(typed) - 2 and near(typed, candidate.word)
    ]
    # Whole words before those that only begin alike; names before the rest; what there is much of first.
    found.sort(key=lambda one: (not within_one_slip(typed, one.word), not one.of_names, -one.documents, one.word))
    rows: list[tuple[str, ...]] = [(one.word,) for one in found[:MOST_OTHERS]]
    rows += [
        (typed[:at], typed[at:])
        for at in range(LEAST_SPLIT, len(typed) - LEAST_SPLIT + 1)
        if typed[:at] in known.words and typed[at:] in known.words
    ]
    return tuple(rows)


def _merged(asked: Asked, known: dict[int, Known]) -> Asked | None:
    """ "radio head" for Radiohead: the first two words that are one here."""
    for place in sorted(known):
        if place + 1 not in known:
            continue
        left, right = asked.wanted[place], asked.wanted[place + 1]
        whole = left.word + right.word
        if whole in known[place].words:
            piece = Piece(ways=((whole,),), open=right.open, word=whole)
            wanted = (*asked.wanted[:place], piece, *asked.wanted[place + 2 :])
            return replace(asked, wanted=wanted).renamed()
    return None


def _known(asked: Asked, places: list[int]) -> dict[int, Known]:
    """One query for all words."""
    arms: list[str] = []
    given: list[Any] = []
    for place in places:
        piece = asked.wanted[place]
        following = asked.wanted[place + 1].word if place + 1 in places else ""
        for condition, values in _conditions(piece, following):
            arms.append(
                f"(SELECT {place}, word, of_names, documents FROM search_words WHERE {condition}"  # noqa: S608
                f" LIMIT {MOST_CANDIDATES})"
            )
            given += values
    found: defaultdict[int, Known] = defaultdict(Known)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms), given)
        for place, word, of_names, documents in cursor.fetchall():
            found[place].words[word] = Candidate(word, of_names, documents)
    return {place: found[place] for place in places}


def _conditions(piece: Piece, following: str) -> list[tuple[str, list[Any]]]:
    """Each is answered by an index; see Neighbourhood."""
    typed = piece.word
    around = neighbourhood(typed)
    exact = [typed, around.exchanged]
    if following:
        exact.append(typed + following)
    if LEAST_SPLIT * 2 <= len(typed) <= LONGEST_WORD:
        exact += [part for at in range(LEAST_SPLIT, len(typed) - 1) for part in (typed[:at], typed[at:])]
    conditions: list[tuple[str, list[Any]]] = [("word = ANY(%s)", [exact])]
    if not may_be_mistyped(typed):
        return conditions
    shortest, longest = around.lengths
    if piece.open:
        # It may go on; and the slip may be in its first half, but for the very first letter.
        conditions += [
            ("word LIKE %s AND length(word) >= %s", [around.head + "%", shortest]),
            ("word LIKE %s AND position(%s in left(word, %s)) > 1", [typed[0] + "%", around.tail, longest]),
        ]
    else:
        conditions.append(("word LIKE %s AND length(word) BETWEEN %s AND %s", [around.head + "%", shortest, longest]))
    conditions.append(
        (
            "reverse(word) LIKE %s AND length(word) BETWEEN %s AND %s",
            [around.tail[::-1] + "%", shortest, longest],
        )
    )
    return conditions

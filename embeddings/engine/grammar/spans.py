"""A request as pieces that follow each other: concepts with their words, cues, and words that nobody knows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.engine.grammar.lexicon import LONGEST, Lexicon, Meaning
from embeddings.engine.grammar.numbers import figures
from embeddings.engine.ontology.spelling import Phrase, Token, tokens

UNKNOWN = Meaning("unknown", "")
# "triphop", "drum nd bass", "trip hopp": so many words are one phrase that was spelt otherwise.
MOST_JOINED = 3
FIGURES = re.compile(r"\d")


@dataclass(frozen=True)
class Piece:
    """Some words of the request with one meaning."""

    meaning: Meaning
    first: int
    """the place of its first token"""
    last: int
    """behind its last"""
    sure: float = 1.0


def pieces(text: str, lexicon: Lexicon, now: int) -> tuple[list[Token], list[Piece]]:
    found = tokens(text)
    fixed = _figures(found, now)
    result: list[Piece] = []
    at = 0
    while at < len(found):
        piece = fixed.get(at) or _longest(found, at, lexicon, fixed)
        result.append(piece)
        at = piece.last
    return found, result


def _figures(found: Sequence[Token], now: int) -> dict[int, Piece]:
    """Times, speeds, lengths and keys, by the place of their first token."""
    joined = " ".join(token.text for token in found)
    starts, at = {}, 0
    ends = {}
    for place, token in enumerate(found):
        starts[at] = place
        at += len(token.text)
        ends[at] = place + 1
        at += 1
    fixed = {}
    for figure in figures(joined, now):
        if figure.start in starts and figure.end in ends:
            place = starts[figure.start]
            fixed[place] = Piece(Meaning(figure.kind, figure.value), place, ends[figure.end])
    return fixed


def _longest(found: Sequence[Token], at: int, lexicon: Lexicon, fixed: dict[int, Piece]) -> Piece:
    """The longest phrase that begins here and reaches over no stop."""
    most = at + 1
    while most < len(found) and most - at < LONGEST and most not in fixed and not found[most - 1].stop:
        most += 1
    typed = tuple(token.text for token in found[at:most])
    for size in range(len(typed), 0, -1):
        if meaning := lexicon.lookup(typed[:size]):
            return (size == 1 and _joined(typed, at, 2, lexicon)) or Piece(meaning, at, at + size)
    if piece := _joined(typed, at, 1, lexicon):
        return piece
    meant = tuple(lexicon.correction(word) for word in typed)
    for size in range(len(meant), 0, -1):
        if meant[:size] != typed[:size] and (meaning := lexicon.lookup(meant[:size])) and meaning.concept:
            return Piece(meaning, at, at + size, 0.85)
    return Piece(UNKNOWN, at, at + 1)


def _joined(typed: Phrase, at: int, least: int, lexicon: Lexicon) -> Piece | None:
    for size in range(min(len(typed), MOST_JOINED), least - 1, -1):
        if meaning := lexicon.joined(typed[:size]):
            return Piece(meaning, at, at + size, 0.85)
    return None

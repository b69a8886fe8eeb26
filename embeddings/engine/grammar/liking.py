""" "Like Miles Davis but calmer": the names after "like" and "comme", where they are names."""

from collections.abc import Iterator

from embeddings.engine.grammar.asked import Chip
from embeddings.engine.grammar.spans import Piece
from embeddings.engine.ontology.artists import load_artists
from embeddings.engine.ontology.spelling import Token

MOST_WORDS = 6
ENDING = frozenset({"barrier", "negation", "exclusion", "more", "less", "than"})
JOINING = frozenset({"or", "and", "ou", "et"})


def likings(text: str, found: list[Token], parts: list[Piece]) -> tuple[list[Chip], list[Piece]]:
    """The artists that are named, and the pieces without them."""
    chips: list[Chip] = []
    left: list[Piece] = []
    at = 0
    while at < len(parts):
        if parts[at].meaning.kind == "like" and (names := list(_names(text, found, parts, at + 1))):
            chips += [chip for chip, _end in names]
            at = names[-1][1]
        else:
            left.append(parts[at])
            at += 1
    return chips, left


def _names(text: str, found: list[Token], parts: list[Piece], at: int) -> Iterator[tuple[Chip, int]]:
    """One name after the other, as long as each is joined to the one before."""
    while at < len(parts):
        end = _name_end(text, found, parts, at)
        if end is None:
            return
        start, stop = found[parts[at].first].start, found[parts[end - 1].last - 1].end
        yield Chip("artist_like", _artist(text[start:stop]), text[start:stop], False, 1.0, start, stop), end
        joined = end < len(parts) and found[parts[end].first].text in JOINING
        if not joined and not (
            found[parts[end - 1].last - 1].stop and end < len(parts) and _known(text, found, parts, end)
        ):
            return
        at = end + 1 if joined else end


def _artist(name: str) -> str:
    known = load_artists().meant(name)
    return known.name if known else name


def _name_end(text: str, found: list[Token], parts: list[Piece], at: int) -> int | None:
    """Behind the longest name that is known; else behind the words that mean nothing else."""
    if known := _known(text, found, parts, at):
        return known
    end = at
    while end < len(parts) and end - at < MOST_WORDS and _of_a_name(text, found, parts, at, end):
        end += 1
        if found[parts[end - 1].last - 1].stop:
            break
    return (
        end
        if any(parts[place].meaning.kind == "unknown" for place in range(at, end))
        or _capitals(text, found, parts, at, end)
        else None
    )


def _of_a_name(text: str, found: list[Token], parts: list[Piece], at: int, place: int) -> bool:
    piece = parts[place]
    if piece.meaning.kind in ENDING or (place > at and found[piece.first].text in JOINING):
        return False
    if piece.meaning.kind == "unknown":
        return True
    return text[found[piece.first].start].isupper() or (
        piece.meaning.kind == "filler" and place == at and found[piece.first].text in {"the", "les", "la", "le"}
    )


def _capitals(text: str, found: list[Token], parts: list[Piece], at: int, end: int) -> bool:
    return (
        end > at
        and not text.isupper()
        and all(text[found[parts[place].first].start].isupper() for place in range(at, end))
    )


def _known(text: str, found: list[Token], parts: list[Piece], at: int) -> int | None:
    for end in range(min(len(parts), at + MOST_WORDS), at, -1):
        name = text[found[parts[at].first].start : found[parts[end - 1].last - 1].end]
        artist = (
            load_artists().meant(name)
            if any(parts[p].meaning.kind == "unknown" for p in range(at, end))
            else load_artists().named(name)
        )
        if artist:
            return end
    return None

"""What somebody asks of search: words, "a phrase", -without; and the same in the language of PostgreSQL.

Whatever is typed has a meaning here: marks that mean something to PostgreSQL are letters of nobody's word, and what is
too long is cut.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from library.engine.words import fold, joined, name_of, pairs, parts_of, sign_word

LONGEST = 200
MOST_PIECES = 12
# A single letter begins half of all words: it is looked for as a word, and as the beginning of names.
SHORTEST_BEGINNING = 2
_CHUNK = re.compile(r"""(-?)["“”«»„]([^"“”«»„]*)(["“”«»„]?)|(\S+?)(?=["“”«»„\s]|$)""")


@dataclass(frozen=True)
class Piece:
    """One thing that has to be there: any of its ways of being written, each a row of words that follow each other."""

    ways: tuple[tuple[str, ...], ...]
    open: bool = False
    """it is still being typed: its last word may go on"""
    word: str = ""
    """the one word that it is, which may have been mistyped"""

    def tsquery(self, others: tuple[tuple[str, ...], ...] = ()) -> str:
        ways = [self._row(way, " & " if self.word else " <-> ") for way in self.ways]
        ways += [self._row(way, " <-> ") for way in others]
        return ways[0] if len(ways) == 1 else f"({' | '.join(ways)})"

    def _row(self, way: tuple[str, ...], between: str) -> str:
        words = [_quoted(word) for word in way]
        if self.open and (len(way[-1]) >= SHORTEST_BEGINNING or not way[-1].isascii()):
            words[-1] += ":*"
        return words[0] if len(words) == 1 else f"({between.join(words)})"


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


@dataclass(frozen=True)
class Asked:
    """A request, understood."""

    text: str = ""
    """as it was typed, without what nobody can type"""
    name: str = ""
    """as a name, to be compared with names; empty when it is more than a name"""
    wanted: tuple[Piece, ...] = ()
    unwanted: tuple[Piece, ...] = ()
    others: Mapping[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """for some of the pieces wanted: what may have been meant"""

    def __bool__(self) -> bool:
        return bool(self.wanted)

    def corrected(self, others: Mapping[int, tuple[tuple[str, ...], ...]]) -> "Asked":
        """The same with what may have been meant beside it."""
        return replace(self, others=others).renamed()

    def renamed(self) -> "Asked":
        """Named by what is looked for now, not by what was typed."""
        return replace(self, name=name_of(self.meant)) if self.name else self

    @property
    def meant(self) -> str:
        """In words again: for each the likeliest."""
        return " ".join(" ".join(self._likeliest(place)) for place in range(len(self.wanted)))

    def _likeliest(self, place: int) -> tuple[str, ...]:
        others = self.others.get(place)
        return others[0] if others else self.wanted[place].ways[0]

    def all_words(self) -> str:
        """A tsquery for what has everything that is wanted."""
        return self._query(" & ")

    def any_word(self) -> str:
        """A tsquery for what has something of it."""
        return self._query(" | ")

    def _query(self, between: str) -> str:
        wanted = [piece.tsquery(self.others.get(place, ())) for place, piece in enumerate(self.wanted)]
        query = wanted[0] if len(wanted) == 1 else f"({between.join(wanted)})"
        return " & ".join([query, *(f"!{piece.tsquery()}" for piece in self.unwanted)])


def understood(typed: str) -> Asked:
    """What somebody typed; false when there is nothing in it to look for."""
    text = clean(typed)
    wanted: list[Piece] = []
    unwanted: list[Piece] = []
    chunks = list(_CHUNK.finditer(text))
    for chunk in chunks:
        (unwanted if _is_without(chunk) else wanted).extend(_pieces(chunk))
    if not wanted:
        # Without something is only said of something: this is how -M- is spelt.
        wanted, unwanted = unwanted, []
    wanted = _without_mere_signs(wanted)[:MOST_PIECES]
    if wanted and chunks[-1][3] in (None, ""):
        wanted[-1] = replace(wanted[-1], open=True)
    plain = not unwanted and all(chunk[4] for chunk in chunks)
    name = name_of(text) if plain else ""
    return Asked(text=text, name=name, wanted=tuple(wanted), unwanted=tuple(unwanted[:MOST_PIECES]))


def _is_without(chunk: re.Match[str]) -> bool:
    if chunk[4] is None:
        return bool(chunk[1])
    word = chunk[4]
    return word[0] == "-" and word[-1] != "-" and bool(parts_of(fold(word)))


def _pieces(chunk: re.Match[str]) -> list[Piece]:
    return _phrase(chunk[2]) if chunk[4] is None else _words(chunk[4])


def clean(typed: str) -> str:
    """One line of at most 200 characters that can be written down."""
    text = typed[:LONGEST].encode("utf-8", "ignore").decode()
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _words(chunk: str) -> list[Piece]:
    folded = fold(chunk)
    parts = parts_of(folded)
    if not parts:
        sign = sign_word("".join(folded.split()))
        return [Piece(ways=((sign,),))] if sign else []
    whole = joined(parts)
    if whole:
        return [Piece(ways=((whole,), tuple(part.text for part in parts)), word=whole)]
    return [
        Piece(ways=(_run(part.text),)) if part.run else Piece(ways=((part.text,),), word=part.text) for part in parts
    ]


def _run(run: str) -> tuple[str, ...]:
    """Its pairs; the last character alone would only say again what the last pair says."""
    found = pairs(run)
    return tuple(found[:-1] if len(found) > 1 else found)


def _phrase(text: str) -> list[Piece]:
    """The words as they follow each other; the parts of a parted word follow each other too."""
    words: list[str] = []
    for chunk in fold(text).split():
        parts = parts_of(chunk)
        for part in parts:
            words += _run(part.text) if part.run else [part.text]
        if chunk == "&":
            words.append("and")
    if words:
        return [Piece(ways=(tuple(words[:MOST_PIECES]),))]
    return _words(text) if text.strip() else []


def _without_mere_signs(pieces: list[Piece]) -> list[Piece]:
    """A dash between words is not looked for; a dash alone is."""
    named = [piece for piece in pieces if piece.word or any(letter.isalnum() for letter in piece.ways[0][0])]
    return named or pieces

"""Documents for full-text search, written in PostgreSQL's own notation for tsvector: 'word':1A,7D 'other':2B."""

from dataclasses import dataclass

from library.engine.words import Word, fold, words_of_folded

# PostgreSQL counts no further; the rest would all stand there.
LAST_PLACE = 16_000
# A phrase does not reach from one source into the next.
GAP = 8
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Said:
    """A text, folded, and its words."""

    folded: str
    words: list[Word]

    @classmethod
    def of(cls, text: str) -> "Said":
        folded = fold(text)
        return cls(" ".join(folded.split()), words_of_folded(folded))


class Document:
    """Words with their places and weights, collected source by source."""

    def __init__(self) -> None:
        self.places: dict[str, list[str]] = {}
        self.next = 1

    def add_all(self, weight: str, *said: Said) -> None:
        for one in said:
            self.add(one.words, weight)

    def add(self, words: list[Word], weight: str) -> None:
        if not words:
            return
        start = self.next
        for text, position in words:
            place = start + position
            if place > LAST_PLACE:
                break
            found = self.places.get(text)
            if found is None:
                self.places[text] = [f"{place}{weight}"]
            else:
                found.append(f"{place}{weight}")
        self.next = start + words[-1].position + GAP

    def __str__(self) -> str:
        return " ".join(f"'{_escaped(word)}':{','.join(places)}" for word, places in self.places.items())


def _escaped(word: str) -> str:
    return word if word.isalnum() else word.replace("\\", "\\\\").replace("'", "''")

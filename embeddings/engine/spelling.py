"""What a misspelt word was meant to be: one letter too many, too few, another, or two that changed places."""

from collections.abc import Iterable, Iterator
from functools import cached_property

# Shorter words have too many neighbours.
SHORTEST = 5
WHOLE = -1


class Spelling:
    """Looks a word up with a letter left out, among all words with a letter left out."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)

    def meant(self, word: str) -> str | None:
        """The first letter is believed, or the first two exchanged; of several words it is the first by alphabet."""
        if len(word) < SHORTEST or word in self.known:
            return None
        found = (near for form, at in shortened(word) for near, place in self._near.get(form, ()) if _one(at, place))
        return min((near for near in found if word[0] in near[:2] and near[0] in word[:2]), default=None)

    @cached_property
    def _near(self) -> dict[str, list[tuple[str, int]]]:
        near: dict[str, list[tuple[str, int]]] = {}
        for word in self.known:
            if len(word) >= SHORTEST:
                for form, at in shortened(word):
                    near.setdefault(form, []).append((word, at))
        return near


def shortened(word: str) -> Iterator[tuple[str, int]]:
    """With the place of the letter that was left out."""
    yield word, WHOLE
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :], at


def _one(at: int, place: int) -> bool:
    """Letters left out of both, far apart, are two mistakes."""
    return WHOLE in (at, place) or abs(at - place) <= 1

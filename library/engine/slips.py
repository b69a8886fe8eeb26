"""One slip of the finger: a letter too many, too few, another one, or two exchanged."""

from dataclasses import dataclass

# Below that nearly every word is one slip away from another.
SHORTEST = 4


def within_one_slip(typed: str, meant: str) -> bool:
    """Whether one slip at most lies between the two."""
    if typed == meant:
        return True
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = _common(typed, meant)
    left, right = typed[start:], meant[start:]
    end = _common(left[::-1], right[::-1])
    left, right = left[: len(left) - end], right[: len(right) - end]
    return (len(left) <= 1 and len(right) <= 1) or (len(left) == len(right) == 2 and left == right[::-1])


def begins_within_one_slip(typed: str, meant: str) -> bool:
    """Whether `typed` is the beginning of `meant`, but for one slip."""
    size = len(typed)
    return any(within_one_slip(typed, meant[:length]) for length in (size, size + 1, size - 1))


def _common(one: str, other: str) -> int:
    """How many letters they have in common at their beginning."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


@dataclass(frozen=True)
class Neighbourhood:
    """Where an index finds every word one slip away: a single slip leaves one half of the word as it was."""

    typed: str
    head: str
    """words that begin like this"""
    tail: str
    """words that end like this"""
    exchanged: str
    """the one word that both would miss: the two letters in the middle, exchanged"""

    @property
    def lengths(self) -> tuple[int, int]:
        return len(self.typed) - 1, len(self.typed) + 1


def neighbourhood(typed: str) -> Neighbourhood:
    half = len(typed) // 2
    exchanged = typed[: half - 1] + typed[half] + typed[half - 1] + typed[half + 1 :] if half else typed
    return Neighbourhood(typed, typed[:half], typed[half:], exchanged)


def may_be_mistyped(word: str) -> bool:
    """Numbers are meant as they stand: 1984 is not 1985."""
    return len(word) >= SHORTEST and not any(letter.isdigit() for letter in word)

"""How much a request looks like a name, letter by letter: for names that nobody has spelt right."""

from collections.abc import Sequence
from functools import lru_cache

from library.engine.words import fold

SIZE = 3


def likeness(asked: str, names: Sequence[str]) -> float:
    """Of the name that is likest: the share of pieces of three letters that both have."""
    wanted = grams(asked)
    return max((_share(wanted, grams(name)) for name in names if name), default=0.0)


def _share(wanted: frozenset[str], there: frozenset[str]) -> float:
    return 2 * len(wanted & there) / (len(wanted) + len(there)) if wanted and there else 0.0


@lru_cache(maxsize=4096)
def grams(text: str) -> frozenset[str]:
    folded = f"  {' '.join(fold(text).split())} "
    return frozenset(folded[at : at + SIZE] for at in range(len(folded) - SIZE + 1))

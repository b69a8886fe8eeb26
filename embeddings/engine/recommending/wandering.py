"""A radio's next direction: towards what it began with, pulled by what was heard last, and never away for good."""

from collections.abc import Sequence

from embeddings.engine.recommending.vectors import Direction, Floats, mixed

# Of what was heard last, the newest first; the beginning outweighs all of them together.
PULL = (0.3, 0.2, 0.1)
SEED = 0.9


def drifted(seed: Floats | None, heard: Sequence[Floats]) -> Direction | None:
    """`heard` ends with the newest."""
    parts = [] if seed is None else [(SEED, seed)]
    parts += [(pull, vector) for pull, vector in zip(PULL, reversed(heard), strict=False)]
    found = mixed(parts)
    return None if found is None else Direction(found)

"""Shuffles so that it sounds shuffled."""

from collections.abc import Hashable, Sequence
from random import Random

WANDER = 0.2
"""how far chance moves one from where it would stand evenly, as a part of the way to the next"""


def shuffled(items: Sequence[int], *, first: int | None, chance: Random) -> list[int]:
    """In any order; `first` stays in front."""
    rest = [item for item in items if item != first]
    chance.shuffle(rest)
    return [item for item in items if item == first] + rest


def shuffled_apart(items: Sequence[tuple[int, Hashable]], *, first: int | None, chance: Random) -> list[int]:
    """In any order, those of one group spread over all of it: evenly, each group from a beginning of its own."""
    groups: dict[Hashable, list[int]] = {}
    for item, group in items:
        if item != first:
            groups.setdefault(group, []).append(item)
    placed: list[tuple[float, int]] = []
    for members in groups.values():
        chance.shuffle(members)
        stride = 1 / len(members)
        start = chance.random() * stride
        placed += [
            (start + stride * (number + (chance.random() - 0.5) * WANDER), item) for number, item in enumerate(members)
        ]
    return [item for item, _group in items if item == first] + [item for _place, item in sorted(placed)]

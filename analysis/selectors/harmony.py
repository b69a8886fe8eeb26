"""Camelot's wheel: which keys go together, and how far they are apart."""

from analysis.filters import compatible_keys

__all__ = ["CAMELOT", "compatible_keys", "distance"]

CAMELOT = tuple(f"{hour}{letter}" for hour in range(1, 13) for letter in "AB")


def distance(one: str, other: str) -> int:
    """Steps on the wheel, the change between major and minor counted as one."""
    hours = abs(int(one[:-1]) - int(other[:-1]))
    return min(hours, 12 - hours) + (one[-1] != other[-1])

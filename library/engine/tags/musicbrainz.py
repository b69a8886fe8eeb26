"""MusicBrainz identifiers: UUIDs, sometimes several in one string, sometimes something else entirely."""

import re
from functools import lru_cache

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
NOBODY = "00000000-0000-0000-0000-000000000000"
VARIOUS_ARTISTS = "89ad4ac3-39f7-470e-963a-56509c546377"


def identifiers(values: list[str]) -> list[str]:
    """All of them in their order, whatever stands between; anything else is no identifier."""
    if len(values) == 1:
        return [*_within(values[0])]
    return [identifier for value in values for identifier in _within(value)]


@lru_cache(1024)
def _within(value: str) -> tuple[str, ...]:
    found = [value] if len(value) == 36 and _UUID.fullmatch(value) else _UUID.findall(value) if len(value) != 36 else []
    return tuple(identifier.lower() for identifier in found if identifier != NOBODY)


def identifier(values: list[str]) -> str | None:
    return next(iter(identifiers(values)), None)

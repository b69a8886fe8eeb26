"""MusicBrainz identifiers: UUIDs, sometimes several in one string, sometimes something else entirely."""

import re

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
NOBODY = "00000000-0000-0000-0000-000000000000"
VARIOUS_ARTISTS = "89ad4ac3-39f7-470e-963a-56509c546377"


def identifiers(values: list[str]) -> list[str]:
    """All of them in their order, whatever stands between; anything else is no identifier."""
    found = []
    for value in values:
        if len(value) == 36:
            whole = _UUID.fullmatch(value)
            found += [value.lower()] if whole else []
        else:
            found += [match.lower() for match in _UUID.findall(value)]
    return [identifier for identifier in found if identifier != NOBODY]


def identifier(values: list[str]) -> str | None:
    return next(iter(identifiers(values)), None)

"""Numbers as people write them into tags: 3/12, A2, 1994-05-01."""

import re

_FIRST = re.compile(r"\d{1,9}")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")


def first_number(text: str | None) -> int | None:
    """3 of "3/12", 2 of "A2"."""
    found = _FIRST.search(text or "")
    return int(found[0]) if found else None


def year_in(text: str | None) -> int | None:
    """1994 of "1994-05-01"; nothing of "0000"."""
    found = _YEAR.search(text or "")
    return int(found[1]) or None if found else None

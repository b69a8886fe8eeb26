"""Numbers that were kept as text by a scanner that put there whatever the tags said."""

import re

WHOLE = re.compile(r"\s*(\d{1,9})\s*(?:(?:/|of)\s*\d*\s*)?\Z", re.IGNORECASE | re.ASCII)
YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1000, 2200
MOST = 32_000


def position_of(text: str | None) -> int | None:
    """3, 03, 3/12; None for what is no such thing, or no place on any record."""
    found = WHOLE.match(text or "")
    number = int(found[1]) if found else 0
    return number if 0 < number <= MOST else None


def year_of(text: str | None) -> int | None:
    """The first year that a text names: 2005/06/05, 2014-05, 5 June 1998."""
    years = (int(year) for year in YEAR.findall(text or ""))
    return next((year for year in years if FIRST_YEAR <= year <= LAST_YEAR), None)


def milliseconds(seconds: int | None) -> int | None:
    return seconds * 1000 if seconds is not None and 0 <= seconds <= 2**31 // 1000 - 1 else None

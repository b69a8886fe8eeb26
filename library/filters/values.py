"""What filters read from the text of an address: numbers of rows, years, yes and no, days, letters."""

import re
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from django.utils.dateparse import parse_date, parse_datetime

WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
LARGEST = 2**63 - 1
OTHER_LETTERS = "#"
LOSSLESS = frozenset({"aif", "aiff", "alac", "ape", "dff", "dsf", "flac", "ofr", "shn", "tak", "tta", "wav", "wv"})


class Years(NamedTuple):
    """Both included."""

    first: int
    last: int


def yes_or_no(text: str) -> bool:
    found = WORDS.get(text.strip().lower())
    if found is None:
        raise ValueError
    return found


def row_number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", text):
        raise ValueError
    return min(int(text), LARGEST)


def years(text: str) -> Years:
    """1994, 1990-1999, 1990-, -1980."""
    first, dash, last = text.strip().partition("-")
    if not dash:
        return Years(_year(first), _year(first))
    if not first and not last:
        raise ValueError
    return Years(_year(first) if first else 0, _year(last) if last else 9999)


def decade(text: str) -> Years:
    """1990 or 1990s: the ten years from there."""
    first = _year(text.strip().removesuffix("s"))
    if first % 10:
        raise ValueError
    return Years(first, first + 9)


def _year(text: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise ValueError
    return int(text)


def moment(text: str) -> datetime:
    """A day (its beginning) or a moment; without a zone it is meant in UTC."""
    day: date | None = parse_date(text)
    found = datetime.combine(day, time()) if day else parse_datetime(text)
    if found is None:
        raise ValueError
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def letter(text: str) -> str:
    """One of a to z, or # for whatever begins otherwise."""
    if not re.fullmatch(r"[A-Za-z#]", text):
        raise ValueError
    return text.lower()


def names(text: str) -> list[str]:
    """Several, with commas between them."""
    found = [part.strip().lower() for part in text.split(",") if part.strip()]
    if not found:
        raise ValueError
    return found

"""Dates as people and programs write them into tags: kept as text, with the year as a number where there is one."""

import re
from functools import lru_cache

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?![\d])")
_YEAR_LAST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](\d{4})$")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
EARLIEST, LATEST = 1000, 2100


@lru_cache(4096)
def parsed(text: str) -> tuple[str, int | None]:
    """2005-06-05 for whatever says so (as much of it as is known), and the year; empty and None for anything else."""
    text = text.strip()
    match = _COMPACT.match(text) or _ISO.match(text)
    if match is None:
        last = _YEAR_LAST.match(text)
        return (last[1], int(last[1])) if last and _is_year(last[1]) else ("", None)
    if not _is_year(match[1]):
        return "", None
    return _as_far_as_known(match[1], match[2], match[3]), int(match[1])


def _is_year(text: str) -> bool:
    return EARLIEST <= int(text) <= LATEST


def _as_far_as_known(year: str, month: str | None, day: str | None) -> str:
    if not month or not 1 <= int(month) <= 12:
        return year
    if not day or not 1 <= int(day) <= 31:
        return f"{year}-{int(month):02d}"
    return f"{year}-{int(month):02d}-{int(day):02d}"


def from_year_and_day(year: str, day_month: str) -> str:
    """ID3v2.3 writes the day apart, as DDMM."""
    if re.fullmatch(r"\d{4}", year) and re.fullmatch(r"\d{4}", day_month):
        return f"{year}-{day_month[2:]}-{day_month[:2]}"
    return year

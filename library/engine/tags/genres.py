"""Genres: ID3's numbers become names, and one string becomes several."""

import re

from mutagen._constants import GENRES

_REFERENCE = re.compile(r"\((\d{1,3}|RX|CR)\)")
_WORDS = {"RX": "Remix", "CR": "Cover"}


def from_id3(value: str) -> list[str]:
    """ "(17)Rock", "17", "(4)(RX)Eurodisco": numbers, then a refinement that replaces the last of them."""
    if value[:1] != "(" and not value[:1].isdigit():
        return [value]
    if value.isascii() and value.isdigit():
        return [_numbered(value) or value]
    found = []
    while match := _REFERENCE.match(value):
        name = _numbered(match[1])
        found += [name] if name else []
        value = value[match.end() :]
    # Two brackets stand for one that is meant.
    refined = value.removeprefix("(").strip() if value.startswith("((") else value.strip()
    if refined and refined not in found:
        return [*found, refined] if len(found) > 1 else [refined]
    return found


def _numbered(text: str) -> str | None:
    if text in _WORDS:
        return _WORDS[text]
    number = int(text)
    return GENRES[number] if number < len(GENRES) else None

"""Timed words as they are kept: LRC, line by line in the order of singing."""

import re

STAMP = re.compile(r"\[(\d+):(\d\d)(?:[.:](\d{1,3}))?\]")
HEADER = re.compile(r"\[[a-z#]+:.*\]\s*", re.IGNORECASE)


def timed_lines(text: str) -> list[tuple[int, str]]:
    """Each line with the millisecond at which it is sung; one that is sung several times is there as often."""
    found: list[tuple[int, str]] = []
    for line in text.splitlines():
        words = STAMP.sub("", line).strip()
        stamps = STAMP.findall(line)
        if not stamps and HEADER.fullmatch(line):
            continue
        found += [(int(m) * 60_000 + int(s) * 1000 + int((f or "0").ljust(3, "0")), words) for m, s, f in stamps]
    return sorted(found, key=lambda pair: pair[0])

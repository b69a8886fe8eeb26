"""Numbers of tracks and discs: "3/12", "03", "A1" on vinyl, and nonsense."""

import re
from functools import lru_cache

MOST = 2**31 - 1
_PLAIN = re.compile(r"0*(\d+)(?:\.0+)?$")
_VINYL = re.compile(r"([A-Z])(?:[ -]?0*(\d{1,2}))?$")
_DISC_FOLDER = re.compile(r"(?:cd|dis[ck]|disque|dvd|lp|vinyl)[ ._-]*0*(\d{1,2})(?!\d)", re.IGNORECASE)


@lru_cache(4096)
def numbered(text: str) -> tuple[str | None, int | None]:
    """As it is shown, and its place among the others; what is no number has neither."""
    part = text.partition("/")[0].strip()
    plain = _PLAIN.match(part)
    if plain:
        number = int(plain[1])
        return (str(number), number) if 0 < number <= MOST else (None, None)
    vinyl = _VINYL.match(part.upper())
    if vinyl:
        # Side B follows side A, however many tracks these have.
        return part.upper(), (ord(vinyl[1]) - 64) * 100 + int(vinyl[2] or 0)
    return None, None


def disc_of_folder(folder: str) -> str:
    """What CD2/ says, where tags say nothing: `folder` is a path ending in a slash."""
    match = _DISC_FOLDER.match(folder.rstrip("/").rpartition("/")[2])
    return match[1] if match else ""


_LEADING = re.compile(r"(?P<number>\d{1,3}|[A-D]\d{1,2})(?:\s*[-._]+\s*)(?P<title>\S.*)$")


def from_file_name(stem: str) -> tuple[str, str]:
    """Number and title of a file without tags: "03 - Song" has both, "99 Luftballons" only the one."""
    match = _LEADING.match(stem)
    return (match["number"], match["title"]) if match else ("", stem)

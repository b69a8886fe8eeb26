"""Tempo, key and rating, in all the ways that programs for disc jockeys and listeners write them."""

import re

from library.engine.tags.replaygain import number

SLOWEST, FASTEST = 10.0, 1000.0
_KEY = re.compile(r"[A-G](?:#|♯|b|♭)?\s?(?:m|min|minor|maj|major|mol|dur)?", re.IGNORECASE)
_WHEEL = re.compile(r"0?(?:[1-9]|1[0-2])[ABDM]", re.IGNORECASE)


def tempo(values: list[str]) -> float | None:
    """ "128 BPM", "141.7", "128,5"; 0 says that nobody has counted."""
    for value in values:
        bpm = number(value)
        if bpm is not None and SLOWEST <= bpm <= FASTEST:
            return round(bpm, 3)
    return None


def key(values: list[str]) -> str | None:
    """As it was written, if it is a key, Camelot (8A), or Open Key (1m); "o" says that there is none."""
    for value in values:
        if _WHEEL.fullmatch(value) or _KEY.fullmatch(value):
            return value
    return None


# The mailer of POPM tells the scale; nearly all count five stars as 1, 64, 128, 196, 255, with halves between.
_HALF_STARS = ((1, 2), (22, 1), (31, 2), (63, 3), (95, 4), (127, 5), (159, 6), (195, 7), (223, 8), (254, 9), (255, 10))


def from_popm(rating: int, mailer: str) -> int | None:
    """Half stars, from 1 to 10; 0 is unrated."""
    if rating <= 0:
        return None
    if "traktor" in mailer.lower():
        return min(10, max(1, round(rating / 25.5)))
    return next(stars for most, stars in _HALF_STARS if min(rating, 255) <= most)


def rating(fmps: str, plain: str) -> int | None:
    """FMPS counts from 0 to 1, RATING up to 5 or up to 100."""
    share = number(fmps) if fmps else None
    if share is not None and 0 < share <= 1:
        return max(1, round(share * 10))
    value = number(plain) if plain else None
    if value is None or value <= 0 or value > 100:
        return None
    if value < 1 or (value == 1 and "." in plain):
        return max(1, round(value * 10))
    return max(1, round(value * 2 if value <= 5 else value / 10))


def from_microsoft(value: int) -> int | None:
    """WM/SharedUserRating: 1, 25, 50, 75, 99."""
    return None if value <= 0 else min(10, 2 * (1 + round(value / 25)))

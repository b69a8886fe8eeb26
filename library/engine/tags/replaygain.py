"""Loudness from tags, in decibels against ReplayGain's reference: ReplayGain, R128, RVA2, and iTunes' own."""

import math
import re

from library.engine.tags.raw import Raw

_NUMBER = re.compile(r"[+-]?\s*(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
MOST_DB = 64.0
_NAMES = frozenset((
    "replaygaintrackgain", "replaygainalbumgain", "replaygaintrackpeak", "replaygainalbumpeak", "r128trackgain",
    "r128albumgain", "itunnorm",
))  # fmt: skip
# R128 counts against -23 LUFS, ReplayGain 2 against -18.
R128_APART_DB = 5.0


def number(text: str) -> float | None:
    """ "+3.2 dB", "-7,5 dB"; neither NaN nor infinity."""
    match = _NUMBER.match(text.strip())
    if match is None:
        return None
    value = float(match[0].replace(",", ".").replace(" ", ""))
    return value if math.isfinite(value) else None


def _gain(text: str) -> float | None:
    value = number(text) if text else None
    return value if value is not None and abs(value) <= MOST_DB else None


def _peak(text: str) -> float | None:
    value = number(text) if text else None
    return value if value is not None and 0 <= value <= 100 else None


def _r128(text: str) -> float | None:
    """Q7.8: 256ths of a decibel."""
    value = number(text) if text else None
    return round(value / 256 + R128_APART_DB, 4) if value is not None and abs(value) <= 32_768 else None


def _itunes(text: str) -> float | None:
    """Ten words in hexadecimal; the first two are milliwatts a sample of each ear."""
    words = text.split()
    try:
        loudest = max(int(words[0], 16), int(words[1], 16))
    except (ValueError, IndexError):
        return None
    return _gain(f"{-10 * math.log10(loudest / 1000):.2f}") if len(words) >= 10 and loudest > 0 else None


def levels(raw: Raw) -> dict[str, float]:
    """Only what is there; 0.0 is a value like every other."""
    values = raw.values
    if not raw.gains and _NAMES.isdisjoint(values):
        return {}
    track = _gain(raw.first("replaygaintrackgain"))
    album = _gain(raw.first("replaygainalbumgain"))
    if "r128trackgain" in values or "r128albumgain" in values:
        # It is Opus' own way: what else there is came along from another format.
        track = _or(_r128(raw.first("r128trackgain")), track)
        album = _or(_r128(raw.first("r128albumgain")), album)
    found = {
        "replaygain_track_gain": _or(track, raw.gains.get("track_gain")),
        "replaygain_track_peak": _or(_peak(raw.first("replaygaintrackpeak")), raw.gains.get("track_peak")),
        "replaygain_album_gain": _or(album, raw.gains.get("album_gain")),
        "replaygain_album_peak": _or(_peak(raw.first("replaygainalbumpeak")), raw.gains.get("album_peak")),
    }
    if found["replaygain_track_gain"] is None and "itunnorm" in values:
        found["replaygain_track_gain"] = _itunes(raw.first("itunnorm"))
    return {name: value for name, value in found.items() if value is not None}


def _or(first: float | None, second: float | None) -> float | None:
    return second if first is None else first

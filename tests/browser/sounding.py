"""Music that a browser plays in tests, and what of it comes out at the loudspeaker."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page

from library.models import Album, LibraryRoot, Track
from library.tests.factories import make_album, make_track
from player.tests.sounds import LOUD, MADE, PITCH, tone, write

TAP = (Path(__file__).parent / "heard.js").read_text(encoding="utf-8")
Samples = npt.NDArray[np.float64]


def take_in(path: Path, root: LibraryRoot, **over: Any) -> Track:
    """As a scan would have found it."""
    facts = path.stat()
    given = {"file_type": path.suffix[1:], "file_size": facts.st_size, "file_mtime_ns": facts.st_mtime_ns, "path": str(path)}
    return make_track(root=root, **{**given, **over})


def cut_tone(folder: Path, root: LibraryRoot, kind: str, *, samples: tuple[int, ...]) -> Album:
    """One tone that goes on through several files of an album, none of which is a whole number of frames long."""
    rate, album, begin = MADE[kind][2], make_album(f"Tone in {kind}"), 0
    for place, length in enumerate(samples, 1):
        path = write(folder / f"{place}.{kind}", (tone(rate, begin, length) * (0.5 + 0.5 * (begin + np.arange(length)) / sum(samples))).astype("f4"))  # DEBUG
        begin += length
        take_in(path, root, title=f"Part {place}", album=album, track_position=place, duration_ms=round(length * 1000 / rate))
    return album


def heard_by(page: Page) -> tuple[Samples, int]:
    """All samples since the page began to listen, and their rate."""
    rate = page.evaluate("window.heard.rate")
    raw = base64.b64decode(page.evaluate("window.heardSamples()"))
    return np.frombuffer(raw, "<i2").astype(float) / 32767, int(rate)


def sounding_part(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > LOUD / 10)
    return samples[loud[0] : loud[-1] + 1] if loud.size else samples[:0]


def longest_quiet_ms(samples: Samples, rate: int) -> float:
    """Between the first and the last sound; a tone passes through zero too, for moments."""
    loud = np.flatnonzero(np.abs(sounding_part(samples)) > LOUD / 10)
    return float(np.diff(loud).max() * 1000 / rate) if loud.size > 1 else float("inf")


def largest_jump_ms(samples: Samples, rate: int) -> float:
    """How far the tone is ever ahead of itself or behind: what was lost or put in, as far as within half a period."""
    part = sounding_part(samples)
    window = round(rate / PITCH) * 4
    moments = np.arange(part.size) / rate
    turned = part * np.exp(-2j * np.pi * PITCH * moments)
    phase = np.unwrap(np.angle(np.convolve(turned, np.ones(window) / window, "valid")[:: window // 4]))
    steady = phase[8:-8]
    return float(np.abs(np.diff(steady, n=1)).max() / (2 * np.pi * PITCH) * 1000) if steady.size > 2 else 0.0

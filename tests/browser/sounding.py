"""Music that a browser plays in tests, and what of it comes out at the loudspeaker."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page

from library.models import Album, LibraryRoot, Track
from library.tests.factories import make_album, make_track
from player.tests.sounds import LOUD, MADE, tone, write
from tests.processes import wait_until

TAP = (Path(__file__).parent / "heard.js").read_text(encoding="utf-8")
PART_S = 0.9
ODD = 3
"""no part is a whole number of frames long"""
Samples = npt.NDArray[np.float64]


def take_in(path: Path, root: LibraryRoot, **over: Any) -> Track:
    """As a scan would have found it."""
    facts = path.stat()
    given = {"file_type": path.suffix[1:], "file_size": facts.st_size, "file_mtime_ns": facts.st_mtime_ns, "path": str(path)}
    return make_track(root=root, **{**given, **over})


def cut_tone(folder: Path, root: LibraryRoot, kinds: Sequence[str], *, parts: int = 2, seconds: float = PART_S) -> Album:
    """An album: in each format one tone that goes on through several files."""
    album = make_album("One tone")
    for number, kind in enumerate(kinds):
        rate = MADE[kind][2]
        length = round(rate * seconds) + ODD
        for part in range(parts):
            place = number * parts + part + 1
            path = write(folder / f"{place:02}.{kind}", tone(rate, part * length, length))
            milliseconds = round(length * 1000 / rate)
            take_in(path, root, title=f"Part {place}", album=album, track_position=place, duration_ms=milliseconds)
    return album


def heard_by(page: Page) -> tuple[Samples, int]:
    """All samples since the page began to listen, and their rate; the last block is waited for."""
    blocks = page.evaluate("window.heard.blocks.length")
    wait_until(lambda: page.evaluate("window.heard.blocks.length") > blocks, "the last block is there")
    raw = base64.b64decode(page.evaluate("window.heardSamples()"))
    return np.frombuffer(raw, "<i2").astype(float) / 32767, int(page.evaluate("window.heard.rate"))


def loud_places(samples: Samples) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.abs(samples) > LOUD / 10)


def sounding_s(samples: Samples, rate: int) -> float:
    """From the first sound to the last."""
    loud = loud_places(samples)
    return float((loud[-1] - loud[0]) / rate) if loud.size else 0.0


def longest_quiet_ms(samples: Samples, rate: int) -> float:
    """Between the first and the last sound; a tone passes through zero too, for moments."""
    loud = loud_places(samples)
    return float(np.diff(loud).max() * 1000 / rate) if loud.size > 1 else float("inf")

"""Music that a browser plays in tests, and what of it comes out at the loudspeaker."""

import base64
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page

from library.models import Album, LibraryRoot, Track
from library.tests.factories import make_album, make_track
from player.engine.mp3 import Frames
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
    given = {"file_type": path.suffix[1:], "file_size": facts.st_size, "file_mtime_ns": facts.st_mtime_ns}
    return make_track(root=root, **{**given, "path": str(path), **over})


@cache
def _part(kind: str, rate: int, start: int, length: int) -> bytes:
    """Encoded once: minutes of it take seconds."""
    with TemporaryDirectory() as folder:
        return write(Path(folder) / f"part.{kind}", tone(rate, start, length)).read_bytes()


def cut_tone(
    folder: Path, root: LibraryRoot, kinds: Sequence[str], *, parts: int = 2, seconds: float = PART_S
) -> Album:
    """An album: in each format one tone that goes on through several files."""
    album = make_album("One tone")
    for number, kind in enumerate(kinds):
        rate = MADE[kind][2]
        length = round(rate * seconds) + ODD
        for part in range(parts):
            place = number * parts + part + 1
            path = folder / f"{place:02}.{kind}"
            path.write_bytes(_part(kind, rate, part * length, length))
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


def long_mix(folder: Path, root: LibraryRoot, *, hours: int = 3, piece_s: int = 30) -> Track:
    """Frames of MPEG layer 3 stand for themselves: half a minute of them over and over is a mix."""
    piece = write(folder / "piece.mp3", tone(44_100, 0, 44_100 * piece_s))
    with piece.open("rb") as file:
        frames = Frames(file, piece.stat().st_size)
        sound = b"".join(os.pread(file.fileno(), size, place.byte) for place, size in frames.walk(frames.first))
    path = folder / "mix.mp3"
    with path.open("wb") as out:
        for _ in range(hours * 3600 // piece_s):
            out.write(sound)
    return take_in(path, root, title="A long mix", duration_ms=hours * 3_600_000)


def memory_mb(page: Page) -> float:
    """What the processes of this browser's pages hold for themselves alone."""
    browser = page.context.browser
    assert browser
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return sum(_private_mb(process["id"]) for process in processes if process["type"] == "renderer")


def _private_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1000

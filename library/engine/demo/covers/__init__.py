"""The albums' covers, drawn by rule and always the same."""

import random
import zlib
from collections.abc import Callable

from . import albums
from .canvas import Canvas

DRAWINGS: dict[str, tuple[Callable[[random.Random], Canvas], float]] = {
    "ceiling_zero": (albums.ceiling_zero, 0.2),
    "chambre_bleue": (albums.chambre_bleue, 0.4),
    "vetrarljos": (albums.vetrarljos, 0.26),
    "lights": (albums.lights, 0.28),
    "mosty": (albums.mosty, 0.28),
    "moss": (albums.moss, 0.22),
    "bell": (albums.bell, 0.28),
    "nine_rooms": (albums.nine_rooms, 0.24),
}


def draw_cover(name: str) -> bytes:
    draw, grain = DRAWINGS[name]
    seed = zlib.crc32(name.encode())
    return draw(random.Random(seed)).finish(grain, seed)  # noqa: S311 - a brush needs no secrets

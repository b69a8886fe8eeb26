"""Paper and brushes: a square of 600 units, drawn large and brought down so that every edge is smooth."""

import math
from collections.abc import Iterable, Sequence
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageColor, ImageDraw, ImageFont

UNITS = 600
SIDE = 800
SCALE = 4
Point = tuple[float, float]
Stops = Sequence[tuple[float, str]]
Grid = npt.NDArray[np.floating]


def _ink(colour: str, alpha: float) -> tuple[int, ...]:
    return (*ImageColor.getrgb(colour)[:3], round(255 * alpha))


def ramp(stops: Stops, place: Grid) -> npt.NDArray[np.uint8]:
    """The colour at each place between 0 and 1."""
    at = [offset for offset, _ in stops]
    colours = np.array([ImageColor.getrgb(colour)[:3] for _, colour in stops], np.float32)
    return np.stack([np.interp(place, at, colours[:, band]) for band in range(3)], axis=-1).round().astype(np.uint8)


def fractal(seed: int, cells: Point, octaves: int) -> Grid:
    """Clouds: ever finer random grids, smoothly enlarged, each half as strong; between 0 and 1."""
    random = np.random.default_rng(seed)
    total = np.zeros((SIDE, SIDE), np.float32)
    for octave in range(octaves):
        across, down = int(cells[0] * 2**octave) + 2, int(cells[1] * 2**octave) + 2
        small = Image.fromarray(random.random((down, across), np.float32))
        total += np.asarray(small.resize((SIDE, SIDE), Image.Resampling.BICUBIC)) / 2**octave
    total -= total.min()
    return np.asarray(total / total.max(), np.float32)


def circle_points(
    x: float, y: float, radius: float, start: float = 0, end: float = 360, steps: int = 180
) -> list[Point]:
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


class Canvas:
    def __init__(self, paper: str) -> None:
        self.image = Image.new("RGB", (UNITS * SCALE, UNITS * SCALE), paper)
        self.brush = ImageDraw.Draw(self.image, "RGBA")

    @staticmethod
    def _scaled(points: Iterable[Point]) -> list[Point]:
        return [(x * SCALE, y * SCALE) for x, y in points]

    def polygon(self, points: Iterable[Point], colour: str, alpha: float = 1.0) -> None:
        self.brush.polygon(self._scaled(points), fill=_ink(colour, alpha))

    def box(
        self, x: float, y: float, width: float, height: float, colour: str, alpha: float = 1.0, radius: float = 0
    ) -> None:
        corners = (x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE)
        self.brush.rounded_rectangle(corners, radius * SCALE, fill=_ink(colour, alpha))

    def disc(self, x: float, y: float, radius: float, colour: str, alpha: float = 1.0) -> None:
        self.brush.ellipse(
            [(v * SCALE) for v in (x - radius, y - radius, x + radius, y + radius)], fill=_ink(colour, alpha)
        )

    def line(self, points: Iterable[Point], colour: str, width: float, alpha: float = 1.0) -> None:
        self.brush.line(
            self._scaled(points), fill=_ink(colour, alpha), width=max(1, round(width * SCALE)), joint="curve"
        )

    def fade(
        self, stops: Stops, x: int = 0, y: int = 0, width: int = UNITS, height: int = UNITS, slant: float = 0
    ) -> None:
        """A gradient downwards, or leaning to the right by `slant`."""
        down = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
        across = np.linspace(0, 1, 256, dtype=np.float32)[None, :]
        colours = ramp(stops, (down + slant * across) / (1 + slant))
        patch = Image.fromarray(colours).resize((width * SCALE, height * SCALE), Image.Resampling.BICUBIC)
        self.image.paste(patch, (x * SCALE, y * SCALE))

    def glow(self, x: float, y: float, radius: float, colour: str, alpha: float) -> None:
        """Light that thins out to nothing."""
        side = 256
        grid = np.linspace(-1, 1, side, dtype=np.float32)
        strength = np.clip(1 - np.hypot(grid[:, None], grid[None, :]), 0, 1) ** 2
        mask = Image.fromarray((255 * alpha * strength).astype(np.uint8)).resize(
            (round(2 * radius * SCALE),) * 2, Image.Resampling.BICUBIC
        )
        self.image.paste(
            Image.new("RGB", mask.size, colour), (round((x - radius) * SCALE), round((y - radius) * SCALE)), mask
        )

    def paint(self, stops: Stops, field: Grid) -> None:
        patch = Image.fromarray(ramp(stops, field))
        self.image.paste(patch.resize(self.image.size, Image.Resampling.BICUBIC), (0, 0))

    def text(
        self, x: float, y: float, words: str, size: float, colour: str, spacing: float = 0, anchor: str = "start"
    ) -> None:
        """`y` is the line the letters stand on."""
        font = ImageFont.load_default(size * SCALE)
        steps = [font.getlength(sign) + spacing * SCALE for sign in words]
        width = sum(steps) - spacing * SCALE
        pen = x * SCALE - {"start": 0, "middle": width / 2, "end": width}[anchor]
        for sign, step in zip(words, steps, strict=True):
            self.brush.text((pen, y * SCALE), sign, font=font, fill=colour, anchor="ls")
            pen += step

    def finish(self, grain: float, seed: int) -> bytes:
        """Brought down to size, with the grain of paper laid over it in soft light."""
        # Pillow's own soft_light would need an opaque layer; by hand it can be as thin as wished.
        small = np.asarray(self.image.resize((SIDE, SIDE), Image.Resampling.LANCZOS), np.float32) / 255
        random = np.random.default_rng(seed)
        rough = Image.fromarray(random.normal(0, 1, (SIDE // 2, SIDE // 2)).astype(np.float32))
        noise = 0.6 * random.normal(0, 1, (SIDE, SIDE)) + 0.6 * np.asarray(
            rough.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        )
        lit = small + (grain * 0.5 * noise[..., None]).astype(np.float32) * small * (1 - small)
        file = BytesIO()
        Image.fromarray((255 * np.clip(lit, 0, 1)).round().astype(np.uint8)).save(
            file, "JPEG", quality=90, subsampling=0
        )
        return file.getvalue()

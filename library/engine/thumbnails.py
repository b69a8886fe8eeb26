"""Makes thumbnails and finds the two colours of pictures; a program of its own, so that a bomb kills nobody else.

`python -m library.engine.thumbnails` reads one JSON object {"original": …, "targets": {size: path}} a line and answers
each with one line: width, height, the two colours, or the problem.
"""

import json
import os
import resource
import sys
import warnings
from colorsys import rgb_to_hsv
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from library.engine.cover_files import store

# A JPEG is decoded at an eighth of its size; of anything else every pixel lies in memory.
MOST_PIXELS = 120_000_000
MOST_PIXELS_AT_ONCE = 36_000_000
MEMORY_LIMIT = 700 * 1024 * 1024
QUALITY = {96: 72, 320: 78, 800: 82}
COLOURS = 12


class NotThis(Exception):
    """The picture cannot be used; the words are for people."""


def make_thumbnails(original: Path, targets: dict[int, Path]) -> dict[str, Any]:
    """Writes each thumbnail; says how large the picture is and which two colours it has."""
    with Image.open(original) as opened:
        width, height = opened.size
        if width * height > MOST_PIXELS:
            raise NotThis(f"{width:,} × {height:,} pixels are too many.")
        largest = max(targets)
        if opened.format == "JPEG":
            opened.draft("RGB", (largest, largest))
        if opened.size[0] * opened.size[1] > MOST_PIXELS_AT_ONCE:
            raise NotThis(f"{width:,} × {height:,} pixels are too many.")
        opened.seek(0)
        picture = _upright(opened, largest)
    for size in sorted(targets, reverse=True):
        picture.thumbnail((size, size), Image.Resampling.LANCZOS)
        held = BytesIO()
        picture.save(held, "WEBP", quality=QUALITY.get(size, 80), method=2)
        store(targets[size], [held.getvalue()])
    first, second = dominant_colours(picture)
    return {"width": width, "height": height, "color_1": first, "color_2": second}


def _upright(opened: Image.Image, largest: int) -> Image.Image:
    """No larger than needed before anything else is done with it; what can be seen through stands on black."""
    picture = opened
    picture.thumbnail((largest, largest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    picture = ImageOps.exif_transpose(picture)
    if picture.mode in {"RGBA", "LA", "PA", "P"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGBA", clear.size, (0, 0, 0, 255))
        return Image.alpha_composite(ground, clear).convert("RGB")
    return picture.convert("RGB")


def dominant_colours(picture: Image.Image) -> tuple[str, str]:
    """The colour that fills most, and the most telling one that is clearly another: vivid counts more than grey."""
    colours = _counted(picture.convert("RGB").resize((48, 48), Image.Resampling.BILINEAR))
    _count, first = max(colours, key=lambda entry: entry[0] * (0.6 + _vividness(entry[1])))
    others = [(count, colour) for count, colour in colours if colour != first]
    if not others:
        return _hex(first), _hex(_shaded(first))
    _count, second = max(
        others, key=lambda entry: entry[0] ** 0.5 * _distance(first, entry[1]) * (0.3 + _vividness(entry[1]))
    )
    return _hex(first), _hex(second if _distance(first, second) > 40 else _shaded(first))


def _counted(picture: Image.Image) -> list[tuple[int, tuple[int, ...]]]:
    """A dozen colours that stand for all of them, each with how much it fills."""
    reduced = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=1)
    palette = reduced.getpalette() or [0, 0, 0]
    counted = sorted(((count, int(str(index))) for count, index in reduced.getcolors(COLOURS * 2) or []), reverse=True)
    return [(count, tuple(palette[3 * index : 3 * index + 3])) for count, index in counted]


def _vividness(colour: tuple[int, ...]) -> float:
    _hue, saturation, value = rgb_to_hsv(*(part / 255 for part in colour[:3]))
    return saturation * value


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """As the eye sees it, roughly: green counts most, blue least at low red and so on."""
    red = (one[0] + other[0]) / 2
    r, g, b = (mine - theirs for mine, theirs in zip(one, other, strict=True))
    return float(((2 + red / 256) * r * r + 4 * g * g + (2 + (255 - red) / 256) * b * b) ** 0.5)


def _shaded(colour: tuple[int, ...]) -> tuple[int, ...]:
    """A plain picture's second colour: its first, darker, or lighter where it is dark already."""
    if sum(colour) < 150:
        return tuple(min(255, part + 60) for part in colour)
    return tuple(int(part * 0.6) for part in colour)


def _hex(colour: tuple[int, ...]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def answer(line: str) -> dict[str, Any]:
    """What becomes of one picture; never raises for what a picture holds."""
    asked = json.loads(line)
    targets = {int(size): Path(path) for size, path in asked["targets"].items()}
    try:
        return make_thumbnails(Path(asked["original"]), targets)
    except NotThis as problem:
        return {"problem": str(problem)}
    except UnidentifiedImageError:
        return {"problem": "This is no picture that can be read."}
    except MemoryError:
        return {"problem": "The picture needs more memory than it may have."}
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, ArithmeticError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            return {"problem": f"{error.strerror}.", "passing": True}
        return {"problem": f"The picture is damaged: {str(error) or type(error).__name__}."[:500]}


def main() -> None:
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # the limits above are ours, and stricter where it matters
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    os.nice(10)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(line)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Waveforms: sound above the waterline, its shorter reflection below; where there are two channels the right one."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString

STEP = 4
LINE, BELOW = 63, 67
HIGHEST, DEEPEST = 60, 32
LOWEST = 1.5
"""what is silent is still a line"""
LOUDEST = 255
FAINTEST_TOP = 24
"""a recording that never gets louder than this is drawn as quiet as it is"""
BARS = {"page": 270, "phone": 96, "row": 60}
WAVE = (
    '<svg viewBox="0 0 {} 100" preserveAspectRatio="none" aria-hidden="true">'
    '<path vector-effect="non-scaling-stroke" d="{}"/>'
    '<path vector-effect="non-scaling-stroke" opacity=".38" d="{}"/></svg>'
)


def wave(channels: Sequence[Sequence[int]], size: str) -> SafeString:
    """One channel is mirrored; of two the left stands above and the right below, so that one sees what leans."""
    bars = [_bars(levels, BARS[size]) for levels in channels[:2]]
    loudest = max(FAINTEST_TOP, *(level for levels in bars for level in levels))
    above = _path(bars[0], LINE, -HIGHEST / loudest)
    below = _path(bars[-1], BELOW, DEEPEST / loudest)
    return format_html(WAVE, len(bars[0]) * STEP, above, below)


def _path(levels: Sequence[int], line: int, scale: float) -> str:
    least = -LOWEST if scale < 0 else LOWEST
    ends = (line + (level * scale if abs(level * scale) > LOWEST else least) for level in levels)
    return "".join(f"M{STEP * place + 1} {line}V{end:.0f}" for place, end in enumerate(ends))


def _bars(levels: Sequence[int], most: int) -> list[int]:
    """The highest of each stretch."""
    count = min(most, len(levels))
    bounds = [place * len(levels) // count for place in range(count + 1)] if count else []
    return [max(levels[begin:end]) for begin, end in pairwise(bounds)] or [0]

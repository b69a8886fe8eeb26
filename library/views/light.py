"""The light that a cover throws on its page."""

import re

from library.models import CoverImage

COLOUR = re.compile(r"#[0-9a-f]{6}")


def light_of(cover: CoverImage | None) -> dict[str, str]:
    """The colours for the frame; nothing where no cover has any, so that dusk stays."""
    names = ("ambient", "ambient_2")
    colours = (cover.color_1, cover.color_2) if cover else ("", "")
    return {name: colour for name, colour in zip(names, colours, strict=True) if COLOUR.fullmatch(colour)}

"""A picture as part of what it belongs to."""

from pydantic import BaseModel


class PictureOut(BaseModel):
    """Where its thumbnail lies (96, 320 or 800 pixels: `/covers/{digest}/{size}.webp`), and its two colours."""

    digest: str
    url: str
    width: int | None
    height: int | None
    color_1: str
    color_2: str

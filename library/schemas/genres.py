"""Genres as they are sent and answered."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from core.schemas import Strict
from library.schemas.texts import MOST_AT_ONCE, Name


class GenreCreate(Strict):
    name: Name


class GenreUpdate(Strict):
    name: Name


class GenreBatch(Strict):
    genres: Annotated[list[GenreCreate], Field(max_length=MOST_AT_ONCE)]


class GenreOut(BaseModel):
    id: int
    name: str
    album_count: int
    track_count: int
    date_added: datetime
    date_modified: datetime


class GenrePage(BaseModel):
    items: list[GenreOut]
    next_cursor: str | None
    total: int | None = None

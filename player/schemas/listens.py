"""What was heard, as it is told and answered; what somebody thinks of a track."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from core.schemas import Strict
from library.schemas.texts import MOST_AT_ONCE
from player.schemas.queue import Id, Key, Ms, Origin

Ended = Literal["finished", "skipped", "stopped"]
Source = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class ListenIn(Strict):
    id: Key
    """made by whoever tells; told twice it is one listen"""
    track_id: Id
    started_at: AwareDatetime
    played_ms: Ms
    """of music, pauses not counted"""
    duration_ms: Ms = 0
    """of the track, where the library does not know it"""
    source: Source = "local"
    device: Key | None = None
    ended: Ended
    origin: Origin | None = None


class ListensIn(Strict):
    listens: Annotated[list[ListenIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class ListenTaken(BaseModel):
    """What became of one of them; what is refused need not be sent again."""

    id: str
    status: Literal["kept", "known", "refused"]
    counted: bool = False
    reason: str = ""


class ListensTaken(BaseModel):
    listens: list[ListenTaken]


class ListenOut(BaseModel):
    id: str
    track_id: int
    title: str
    artist: str
    started_at: datetime
    played_ms: int
    duration_ms: int
    counted: bool
    ended: str
    source: str
    device: str | None
    """what it is called"""
    origin: dict[str, Any] | None


class ListenPage(BaseModel):
    items: list[ListenOut]
    next_cursor: str | None


class LoveIn(Strict):
    loved: bool


class RatingIn(Strict):
    rating: Annotated[int, Field(ge=1, le=10)] | None
    """half stars; null takes it away"""


class UseOut(BaseModel):
    """What a track is to whoever asks."""

    track_id: int
    loved: bool = False
    rating: int | None = None
    plays: int = 0
    last_played: datetime | None = None

"""The queue as it is sent: commands, what they change, how it stands."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, RootModel, StringConstraints, model_validator

from core.schemas import Strict, without_nul

MOST_AT_ONCE = 10_000
MOST_ENTRIES = 20_000
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
"""what a device makes for itself or for a command: a uuid, usually"""
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Ms = Annotated[int, Field(ge=0, le=7 * 24 * 3_600_000)]
Text = Annotated[str, StringConstraints(max_length=200), AfterValidator(without_nul)]
PagePath = Annotated[str, StringConstraints(max_length=500, pattern=r"^(/[^/\\\x00][^\x00]*|/)?$")]
Ids = Annotated[list[Id], Field(min_length=1, max_length=MOST_AT_ONCE)]
Kind = Literal["album", "artist", "genre", "playlist", "track"]


class From(Strict):
    """Something whose tracks are meant, in its order."""

    kind: Kind
    id: Id


class Origin(Strict):
    """What tracks were played from, where that is no one thing of the library: a search, a list, a radio."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    id: Id | None = None
    label: Text = ""
    url: PagePath = ""
    """of a page of ours"""


class Command(Strict):
    """What all of them have."""

    id: Key | None = None
    """made by whoever commands; sent twice it is done once"""
    device: Key | None = None
    """who says so, where it is not said by a socket's hello"""


class Bringing(Command):
    """Brings tracks: those that are named, or those of something."""

    tracks: Ids | None = None
    source: From | None = Field(default=None, alias="from")
    origin: Origin | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Bringing":
        if (self.tracks is None) == (self.source is None):
            raise ValueError("tracks or from, and not both")
        return self


class Add(Bringing):
    command: Literal["add"]
    where: Literal["now", "next", "last"] = "last"
    before: Id | None = None
    """an entry; goes before `where`"""


class Replace(Bringing):
    command: Literal["replace"]
    start: Id | None = None
    """the track to begin with"""
    shuffled: bool = False


class Move(Command):
    command: Literal["move"]
    entries: Ids
    before: Id | None = None
    """an entry; none is the end"""


class Remove(Command):
    command: Literal["remove"]
    entries: Ids


class Clear(Command):
    command: Literal["clear"]
    keep_current: bool = False


class Shuffle(Command):
    command: Literal["shuffle"]
    apart: bool = False
    """tracks of one album not beside each other, as far as that goes"""


class Unshuffle(Command):
    command: Literal["unshuffle"]


class RepeatMode(Command):
    command: Literal["repeat"]
    repeat: Literal["off", "all", "one"]


class Jump(Command):
    command: Literal["jump"]
    entry: Id
    position_ms: Ms = 0


class Next(Command):
    command: Literal["next"]
    entry: Id | None = None
    """where the sender believes that we are: elsewhere, it is done already"""
    ended: bool = False
    """by itself, at the end of a track: only then does "one" repeat it"""


class Previous(Command):
    command: Literal["previous"]
    entry: Id | None = None


class Play(Command):
    command: Literal["play"]
    position_ms: Ms | None = None


class Pause(Command):
    command: Literal["pause"]
    position_ms: Ms | None = None


class Seek(Command):
    command: Literal["seek"]
    position_ms: Ms
    entry: Id | None = None


class Take(Command):
    command: Literal["take"]


class HandOver(Command):
    command: Literal["hand_over"]
    to: Key


class Restore(Command):
    command: Literal["restore"]
    of: Key
    """the id of a remove, a clear or a replace"""


AnyCommand = Annotated[
    Add | Replace | Move | Remove | Clear | Shuffle | Unshuffle | RepeatMode | Jump | Next | Previous | Play | Pause
    | Seek | Take | HandOver | Restore,
    Field(discriminator="command"),
]  # fmt: skip


class CommandIn(RootModel[AnyCommand]):
    """Any of them."""


class Hello(BaseModel):
    """A device says which one it is; `version` is that of the queue that it still knows."""

    device: Key
    name: Text = ""
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_-]{0,40}$")] = "web"
    version: int | None = None


class Position(BaseModel):
    """From the device that plays, every few seconds."""

    entry: Id
    position_ms: Ms
    state: Literal["playing", "paused"] = "playing"


class DeviceOut(BaseModel):
    id: str
    name: str
    kind: str
    here: bool
    seen_at: datetime


class QueueOut(BaseModel):
    """All of it but what the tracks are called."""

    type: Literal["state"] = "state"
    version: int
    order: list[tuple[int, int]]
    """entry and track, in order"""
    current: int | None
    position_ms: int
    at: datetime
    now: datetime
    """by the server's clock, to read `at` by"""
    state: str
    repeat: str
    shuffled: bool
    device: str | None
    devices: list[DeviceOut]
    origin: dict[str, Any] | None


class Done(BaseModel):
    """What became of a command."""

    type: Literal["done"] = "done"
    id: str
    version: int
    changed: bool
    gone: list[int] = Field(default_factory=list)
    """entries (tracks, where tracks are added) that it named and that are not there"""
    entries: list[int] = Field(default_factory=list)
    """entries that it made"""

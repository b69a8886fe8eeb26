"""How much of a machine the analysis may use, as a person chooses it in the settings."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from core.schemas import Strict

Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class GovernorSettings(BaseModel):
    """Without a choice: quietly, at any hour, all processors but one."""

    enabled: bool = True
    """analyses by itself what scans find"""
    paused: bool = False
    workers: Annotated[int, Field(ge=1, le=64)] | None = None
    """machines at once; none: all that are there"""
    processes: Annotated[int, Field(ge=1, le=64)] | None = None
    """on each of them; none: its processors but one, four at most"""
    nice: Annotated[int, Field(ge=0, le=19)] = 15
    from_hour: Clock | None = None
    to_hour: Clock | None = None
    max_temperature_c: Annotated[int, Field(ge=30, le=110)] | None = 80
    yield_to_listening: bool = True

    @model_validator(mode="after")
    def _both_hours(self) -> "GovernorSettings":
        if (self.from_hour is None) != (self.to_hour is None):
            raise ValueError("from_hour and to_hour belong together: give both, or neither.")
        return self


class GovernorIn(Strict):
    """What is left out stays."""

    enabled: bool = True
    paused: bool = False
    workers: Annotated[int, Field(ge=1, le=64)] | None = None
    processes: Annotated[int, Field(ge=1, le=64)] | None = None
    nice: Annotated[int, Field(ge=0, le=19)] = 15
    from_hour: Clock | None = None
    to_hour: Clock | None = None
    max_temperature_c: Annotated[int, Field(ge=30, le=110)] | None = None
    yield_to_listening: bool = True


class GovernorOut(GovernorSettings):
    pause: str | None
    """why it does not work just now: paused, hours, listening"""
    missing: int
    stale: int
    jobs: int
    """that are waiting or running"""


class AnalysisErrorOut(BaseModel):
    track_id: int
    title: str
    path: str | None
    reason: str
    version: int
    at: datetime


class ErrorPage(BaseModel):
    items: list[AnalysisErrorOut]
    next_cursor: str | None

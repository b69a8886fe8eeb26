"""Wire format of core: plain Pydantic, shared by the server and its workers."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, JsonValue, StringConstraints


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE_STATES = (JobState.QUEUED, JobState.RUNNING)
FINAL_STATES = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Scope(StrEnum):
    """What a token may do; each of read, write and admin contains the one before it, worker stands alone."""

    WORKER = "worker"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class Channel(StrEnum):
    PROGRESS = "progress"
    NOTIFICATIONS = "notifications"


def without_nul(value: str) -> str:
    """PostgreSQL's text holds every character but this one."""
    return value.replace("\x00", "�")


SafeText = Annotated[str, AfterValidator(without_nul)]
ItemName = Annotated[str, StringConstraints(min_length=1, max_length=4096), AfterValidator(without_nul)]
WorkerName = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(without_nul)]
Count = Annotated[int, Field(ge=0, le=2**53)]
Attempt = Annotated[int, Field(ge=1, le=2**31 - 1)]
# Figures are shown, and added up: neither "not a number" nor numbers that no computer of ours can hold.
Figure = Annotated[int, Field(ge=-(2**53), le=2**53)] | FiniteFloat | SafeText
Figures = Annotated[dict[SafeText, Figure], Field(max_length=100)]


class Strict(BaseModel):
    """A request body: a field that nobody knows is a mistake to name, not to swallow."""

    model_config = ConfigDict(extra="forbid")


class ProgressEvent(BaseModel):
    """What travels over the channel `progress`; seven fields are a public contract, the rest help the page."""

    type: Literal["progress"] = "progress"
    task_id: UUID
    step: str
    current: int
    total: int | None
    percent: int
    metrics: dict[str, float | int | str] = Field(default_factory=dict)
    kind: str = ""
    title: str = ""
    state: JobState = JobState.RUNNING
    message: str = ""
    errors: int = 0


class NotificationEvent(BaseModel):
    """What travels over the channel `notifications`."""

    type: Literal["notification"] = "notification"
    level: Literal["info", "warning", "error"] = "info"
    text: str
    link: str = ""


class JobStart(Strict):
    kind: Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(without_nul)]
    params: dict[SafeText, JsonValue] = Field(default_factory=dict)


class JobOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    title: str
    subject: str
    state: JobState
    queue: str
    step: str
    current: int
    total: int | None
    percent: int
    figures: dict[str, Any]
    error_count: int
    message: str
    attempt: int
    worker: str
    cancel_requested: bool
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    heartbeat_at: datetime | None


class JobErrorOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    item: str
    reason: str
    at: datetime


class JobClaim(Strict):
    """A worker says that it begins; the answer carries the attempt that every later word must name."""

    worker: WorkerName


class ClaimedJob(BaseModel):
    id: UUID
    kind: str
    params: dict[str, JsonValue]
    checkpoint: dict[str, JsonValue]
    attempt: int
    heartbeat_s: float


class ItemError(Strict):
    item: ItemName
    reason: Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(without_nul)]


class JobReport(Strict):
    """Progress of a running job, and its heartbeat; what is absent stays as it was."""

    attempt: Attempt
    step: Annotated[str, StringConstraints(max_length=500), AfterValidator(without_nul)] | None = None
    current: Count | None = None
    total: Count | None = None
    metrics: Figures | None = None
    checkpoint: dict[SafeText, JsonValue] | None = None
    errors: Annotated[list[ItemError], Field(max_length=1000)] = Field(default_factory=list)


class ReportAnswer(BaseModel):
    cancel: bool


class JobFinish(Strict):
    attempt: Attempt
    state: Literal[JobState.DONE, JobState.FAILED, JobState.CANCELLED]
    message: Annotated[str, StringConstraints(max_length=2000), AfterValidator(without_nul)] = ""
    metrics: Figures = Field(default_factory=dict)
    retry: bool = False
    """A failure that may pass by itself: the job is queued again instead, a bounded number of times."""
    given_back: bool = False
    """Whoever did it was told to stop: the job is queued again, however often that happens."""


class WorkerHello(Strict):
    """A worker says that it is there."""

    name: WorkerName
    version: Annotated[str, StringConstraints(max_length=40), AfterValidator(without_nul)] = ""
    queues: Annotated[
        list[Annotated[str, StringConstraints(max_length=40), AfterValidator(without_nul)]], Field(max_length=20)
    ]
    memory_mb: Annotated[int, Field(ge=0, le=10**7)] | None = None


class TokenCreate(Strict):
    name: Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(without_nul)]
    scope: Scope


class TokenOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    scope: Scope
    beginning: str
    created_at: datetime
    last_used_at: datetime | None


class NewTokenOut(TokenOut):
    secret: str
    """shown this once"""


class PartOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    ok: bool
    detail: str
    version: str


class HealthOut(BaseModel):
    status: Literal["ok", "degraded", "down"]
    version: str
    parts: list[PartOut]


class ErrorOut(BaseModel):
    """How every failure looks in every JSON answer."""

    code: str
    message: str
    hint: str = ""
    field: str = ""
    request_id: str = ""

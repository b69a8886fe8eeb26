"""A question in words, what was understood by it, and what answers it."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from core.schemas import without_nul
from library.schemas.search import Facets, TrackHit

MOST, LONGEST = 100, 400
ChipId = Annotated[str, Field(max_length=120), AfterValidator(without_nul)]


class ChipOut(BaseModel):
    """One thing that was understood, and may be taken away."""

    id: str
    """what to send as `without`"""
    kind: str
    value: str
    text: str
    """the words that said it"""
    negated: bool
    proposed: bool = False
    """by a language model, and not read in the words themselves"""


class WhyOut(BaseModel):
    """Why a track answers: as data, and in the listener's language."""

    kind: str
    value: str
    text: str


class Answer(BaseModel):
    track: TrackHit
    score: float
    reasons: list[WhyOut]


class AskOut(BaseModel):
    query: str
    chips: list[ChipOut]
    without: list[str]
    """chips that were taken away"""
    rest: str
    """words that were looked for as they stand"""
    meant: str | None
    """what was looked for as well, because a name seems mistyped"""
    notes: list[str]
    """what was not there to help"""
    items: list[Answer]
    count: int
    next_cursor: str | None
    facets: Facets


ProposedKind = Literal["genre", "mood", "instrument", "vocals", "decade", "years", "tempo", "energy", "key", "language"]


class Proposed(BaseModel):
    """A chip as a language model may propose it; what the grammar does not know of it is dropped."""

    kind: ProposedKind
    value: Annotated[str, Field(min_length=1, max_length=60), AfterValidator(without_nul)]
    negated: bool = False


class Proposal(BaseModel):
    chips: Annotated[list[Proposed], Field(max_length=12)]


def proposal_schema() -> dict[str, Any]:
    """What a language model is held to."""
    return Proposal.model_json_schema()

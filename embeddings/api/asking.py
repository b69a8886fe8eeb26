"""REST of questions in words."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from core.api import FAULTS
from core.doors import Needs, identity_of_request
from embeddings.schemas.asking import MOST, AskOut, ChipId
from library.schemas.search import SearchFilters

asking = Router(tags=["search"])


@asking.get("", response={200: AskOut, **FAULTS}, auth=Needs("read"))
def get_answers(
    request: HttpRequest,
    filters: Query[SearchFilters],
    q: Annotated[str, Query(max_length=1_000)] = "",
    without: Annotated[list[ChipId], Query(max_length=40)] = [],  # noqa: B006
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50,
) -> AskOut:
    """Tracks that answer a question in French or English, with what was understood of it; send the ids of chips as
    `without` to take them away."""
    # What knows music and words is large, and loaded with the first question.
    from embeddings.selectors.asking import ask

    user = identity_of_request(request).user
    return ask(user, q, without=without, filters=filters, limit=limit, cursor=cursor)

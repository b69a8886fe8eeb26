"""How a list is asked for: filters and sort by name, a cursor, a size, and whether to count."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from ninja import Path, Query
from pydantic import BaseModel, Field

from core.api import FAULTS, PageSize
from core.cache import cached
from core.pagination import KeysetPage
from library.filters import Registry
from library.selectors.counts import KINDS, LIBRARY, Kind, digest_of, total_of

Row = TypeVar("Row", bound=Model)
Out = TypeVar("Out", bound=BaseModel)
OURS = {"sort", "cursor", "size", "count"}
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]

__all__ = ["FAULTS", "Asked", "Listed", "Number", "dated", "filters_described", "filters_of", "listed"]


class Listed(BaseModel):
    """What every list understands besides its filters."""

    sort: Annotated[str, Field(max_length=40)] = ""
    cursor: str | None = None
    size: PageSize = 50
    count: bool = False
    """how many there are in all, as `total`"""


Asked = Annotated[Listed, Query()]


def filters_of(request: HttpRequest) -> dict[str, str]:
    """Everything else in the address is a filter; of several with one name the last one counts."""
    return {name: value for name, value in request.GET.items() if name not in OURS and isinstance(value, str)}


def filters_described(registry: Registry) -> dict[str, Any]:
    """For the API's document: the filters by name, those of other apps among them."""
    return {
        "parameters": [
            {
                "in": "query",
                "name": entry.name,
                "required": False,
                "description": str(entry.label),
                "schema": {"type": "string"},
            }
            for entry in registry.filters()
        ]
    }


def listed(
    kind: Kind,
    asked: Listed,
    filters: dict[str, str],
    page_of: Callable[..., KeysetPage[Row]],
    outs: Callable[[Sequence[Row]], list[Out]],
) -> tuple[list[Out], str | None, int | None]:
    """The items, the next cursor, the total.

    First pages are what everybody asks for: they come from the cache, if they hang on the library alone.
    """

    def look() -> tuple[list[Out], str | None]:
        page = page_of(asked=filters, sort=asked.sort, cursor=asked.cursor, size=asked.size)
        return outs(page.items), page.next_cursor

    if asked.cursor or not KINDS[kind][1].is_own(filters, asked.sort):
        items, next_cursor = look()
    else:
        key = digest_of({**filters, "sort": asked.sort, "size": str(asked.size)})
        items, next_cursor = cached(LIBRARY, f"page:{kind}:{key}", look)
    return items, next_cursor, total_of(kind, filters) if asked.count else None


def dated(response: HttpResponse, out: Out) -> Out:
    """Says when the row was last written; whether the answer is still the same, its ETag says."""
    response["Last-Modified"] = http_date(out.date_modified.timestamp())  # type: ignore[attr-defined]
    return out

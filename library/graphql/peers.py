"""Rows that were asked for together: what is looked up for one of them is looked up for all, in one go.

A resolver sees one row. Its peers are the rows of the same list, or of all lists of that level of the answer, so that a
query nested three levels deep costs a handful of statements, whatever the number of rows. Apps above use the same:

    @strawberry.field
    def bpm(parent: strawberry.Parent[models.Track]) -> float | None:
        found = looked_up(parent, "features", features_of).get(parent.pk)
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet, Window, prefetch_related_objects
from django.db.models.functions import RowNumber

Row = TypeVar("Row", bound=Model)
Found = TypeVar("Found")
ATTRIBUTE = "_soniquebay_peers"


class Peers:
    """The rows, and what was looked up for them so far."""

    def __init__(self, rows: Sequence[Model]) -> None:
        self.rows = rows
        self.found: dict[str, Any] = {}


def together(rows: Iterable[Row]) -> list[Row]:
    """Makes them peers."""
    several = list(rows)
    peers = Peers(several)
    for row in several:
        setattr(row, ATTRIBUTE, peers)
    return several


def _peers_of(row: Model) -> Peers:
    if not hasattr(row, ATTRIBUTE):
        together([row])
    return getattr(row, ATTRIBUTE)


def looked_up(row: Model, name: str, look: Callable[[list[int]], Mapping[int, Found]]) -> Mapping[int, Found]:
    """By number of row, for the row and all of its peers."""
    peers = _peers_of(row)
    if name not in peers.found:
        peers.found[name] = look([peer.pk for peer in peers.rows])
    return peers.found[name]


def related(row: Model, name: str) -> Any:
    """A relation of the row; the rows that all peers lead to become peers themselves."""
    peers = _peers_of(row)
    if name not in peers.found:
        prefetch_related_objects(peers.rows, name)
        peers.found[name] = together(_once_each(peers.rows, name))
    return getattr(row, name)


def related_rows(row: Model, name: str) -> list[Any]:
    """The same of a relation to many."""
    return list(related(row, name).all())


def _once_each(rows: Sequence[Model], name: str) -> list[Model]:
    found = []
    for row in rows:
        value = getattr(row, name)
        found += list(value.all()) if hasattr(value, "all") else [value] if value is not None else []
    return list({id(one): one for one in found}.values())


def first_of_each(
    row: Model, name: str, rows: "QuerySet[Row]", *, column: str, order: Sequence[Any], size: int
) -> list[Row]:
    """The first `size` of the rows whose `column` is this row; those of all peers in one statement."""

    def look(ids: list[int]) -> dict[int, list[Row]]:
        place = Window(RowNumber(), partition_by=[F(column)], order_by=list(order))
        mine = rows.filter(**{f"{column}__in": ids}).annotate(place_of_row=place, owner_of_row=F(column))
        found: dict[int, list[Row]] = {}
        for one in together(mine.filter(place_of_row__lte=size).order_by("owner_of_row", "place_of_row")):
            found.setdefault(one.owner_of_row, []).append(one)  # type: ignore[attr-defined]
        return found

    return looked_up(row, f"{name}:{size}", look).get(row.pk, [])

"""The composed schema: what several apps say of one type stands on it, and none takes a field from another."""

import pytest
import strawberry
from graphql import GraphQLSchema

from core.graphql import CoreMutation, CoreQuery
from soniquebay.cost import CostLimiter, Limits
from soniquebay.graphql import MUTATION_PARTS, QUERY_PARTS, build_schema, compose


@strawberry.type
class Lower:
    """What a lower app knows of a thing."""

    @strawberry.field
    def title(self) -> str:
        return "Harbour"


@strawberry.type
class Upper:
    """What an upper app adds to it."""

    @strawberry.field
    def bpm(self) -> float:
        return 93.0


@strawberry.type
class Thief:
    @strawberry.field
    def title(self) -> str:
        return "Mine"


def test_a_field_of_an_upper_app_stands_on_a_lower_apps_type() -> None:
    found = strawberry.Schema(compose("Thing", Lower, Upper)).execute_sync("{ title bpm __typename }")
    assert found.data == {"title": "Harbour", "bpm": 93.0, "__typename": "Thing"}


def test_two_apps_that_claim_one_field_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"Thing\.title is claimed by Lower and Thief"):
        compose("Thing", Lower, Upper, Thief)


def test_one_app_may_not_be_composed_twice() -> None:
    with pytest.raises(TypeError):
        compose("Thing", Lower, Lower)


@pytest.mark.parametrize("kind", ["query", "mutation"])
def test_a_violation_at_the_root_is_refused_at_start(kind: str) -> None:
    @strawberry.type
    class Jobs:
        @strawberry.field
        def jobs(self) -> int:
            return 1

        @strawberry.field
        def start_job(self) -> int:
            return 1

    parts = {"query": ([*QUERY_PARTS, Jobs], MUTATION_PARTS), "mutation": (QUERY_PARTS, [*MUTATION_PARTS, Jobs])}
    with pytest.raises(TypeError, match="is claimed by"):
        build_schema(*parts[kind])


def test_parts_of_an_upper_app_join_those_of_the_foundation() -> None:
    built = build_schema([CoreQuery, Upper], [CoreMutation]).as_str()
    assert "bpm: Float!" in built
    assert "jobs(" in built


# --- limits, where there is something deep ----------------------------------------------------------------------------


@strawberry.type
class Room:
    name: str = "hall"

    @strawberry.field
    def next(self) -> "Room":
        return Room()

    @strawberry.field
    def rooms(self, limit: int = 20) -> list["Room"]:
        return [Room()] * limit


@strawberry.type
class House:
    @strawberry.field
    def hall(self) -> Room:
        return Room()


@pytest.fixture
def house() -> strawberry.Schema:
    def schema() -> GraphQLSchema:
        return built._schema

    built = strawberry.Schema(House, extensions=[lambda: CostLimiter(schema, Limits(depth=5, aliases=5, cost=500))])
    return built


def said(house: strawberry.Schema, document: str, **variables: object) -> str:
    return " ".join(error.message for error in house.execute_sync(document, variables).errors or [])


def rooms(levels: int) -> str:
    return "{ hall { " + "next { " * levels + "name" + " }" * levels + " } }"


def test_depth_is_bounded(house: strawberry.Schema) -> None:
    assert said(house, rooms(4)) == ""
    assert "nested more than 5" in said(house, rooms(5))


def test_depth_in_fragments_is_bounded_too(house: strawberry.Schema) -> None:
    fragments = " ".join(f"fragment F{n} on Room {{ next {{ ...F{n + 1} }} }}" for n in range(5))
    assert "nested more than 5" in said(house, f"{{ hall {{ ...F0 }} }} {fragments} fragment F5 on Room {{ name }}")
    inline = "{ hall { " + "... on Room { next { " * 5 + "name" + " } }" * 5 + " } }"
    assert "nested more than 5" in said(house, inline)


def test_lists_in_lists_cost_their_product(house: strawberry.Schema) -> None:
    assert said(house, "{ hall { rooms(limit: 10) { rooms(limit: 10) { name } } } }") == ""
    assert "cost" in said(house, "{ hall { rooms(limit: 10) { rooms(limit: 100) { name } } } }")
    assert "cost" in said(house, "{ hall { rooms { rooms { rooms { name } } } } }")


@pytest.mark.parametrize("limit", [200, 10**9, None, "many", True, -5])
def test_a_variable_does_not_make_a_page_cheaper(limit: object, house: strawberry.Schema) -> None:
    document = "query ($n: Int) { hall { rooms(limit: $n) { rooms(limit: $n) { name next { name } } } } }"
    refused = said(house, document, n=limit)
    assert refused or limit in {True, -5}


def test_an_operation_that_is_not_run_is_measured_too(house: strawberry.Schema) -> None:
    document = f"query small {{ hall {{ name }} }} {rooms(9).replace('{', 'query deep {', 1)}"
    result = house.execute_sync(document, operation_name="small")
    assert result.errors

"""GraphQL as one schema: types, queries and mutations composed from the field classes that apps export."""

import json
from collections.abc import Sequence
from typing import Any

import strawberry
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from graphql import GraphQLError
from strawberry.django.views import GraphQLView
from strawberry.extensions import MaxTokensLimiter
from strawberry.http import GraphQLHTTPResponse
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult

import analysis.graphql
import core.graphql
import library.graphql
import library.graphql.search
import player.graphql
from core.doors import identify
from core.errors import InvalidInput, SoniqueBayError, Unavailable
from core.logs import get_logger
from soniquebay.cost import CostLimiter, Limits
from soniquebay.faults import as_ours
from soniquebay.middleware import error_response

log = get_logger(__name__)

LIMITS = Limits(depth=10, aliases=30, cost=5_000)
MOST_TOKENS = 2_000

QUERY_PARTS: list[type] = [
    core.graphql.CoreQuery,
    library.graphql.LibraryQuery,
    library.graphql.search.SearchQuery,
    analysis.graphql.AnalysisQuery,
    player.graphql.PlayerQuery,
]
MUTATION_PARTS: list[type] = [
    core.graphql.CoreMutation,
    library.graphql.LibraryMutation,
    analysis.graphql.AnalysisMutation,
    player.graphql.PlayerMutation,
]
# What apps add to types of those below them.
ADDITIONS: dict[type, list[type]] = {
    library.graphql.Track: [analysis.graphql.TrackSound, player.graphql.TrackListening]
}


def compose(name: str, *parts: type) -> type:
    """One GraphQL type from the field classes of several apps; two apps that claim one field are refused."""
    _refuse_doubles(name, parts)
    return strawberry.type(type(name, parts, {}))


def extend(kind: type, *parts: type) -> None:
    """Adds the fields of other apps' classes to a type that exists, and that fields of its own app lead to."""
    _refuse_doubles(kind.__name__, [kind, *parts])
    definition = kind.__strawberry_definition__  # type: ignore[attr-defined]
    for part in parts:
        definition.fields += part.__strawberry_definition__.fields  # type: ignore[attr-defined]


def _refuse_doubles(name: str, parts: Sequence[type]) -> None:
    owners: dict[str, type] = {}
    for part in parts:
        for field in part.__strawberry_definition__.fields:  # type: ignore[attr-defined]
            if field.name in owners:
                raise TypeError(f"{name}.{field.name} is claimed by {owners[field.name].__name__} and {part.__name__}.")
            owners[field.name] = part


def build_schema(query_parts: list[type], mutation_parts: list[type]) -> strawberry.Schema:
    """The schema, with snake_case names as the documents write them, and limits on what one request may cost."""
    built = strawberry.Schema(
        query=compose("Query", *query_parts),
        mutation=compose("Mutation", *mutation_parts),
        config=StrawberryConfig(auto_camel_case=False, scalar_map={**library.graphql.SCALARS}),
        extensions=[
            lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
            lambda: CostLimiter(lambda: built._schema, LIMITS),
        ],
    )
    return built


for kind, parts in ADDITIONS.items():
    extend(kind, *parts)
schema = build_schema(QUERY_PARTS, MUTATION_PARTS)


class View(GraphQLView):
    """The endpoint: nobody unknown, no query over GET that changes anything, errors with our codes."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            request.auth = identify(request)  # type: ignore[attr-defined]
            return super().dispatch(request, *args, **kwargs)
        except SoniqueBayError as error:
            return error_response(request, error)
        except UnicodeDecodeError:
            return error_response(request, InvalidInput("The body is not UTF-8.", field="body"))

    def parse_json(self, data: str | bytes) -> Any:
        """What JSON allows and GraphQL does not is the sender's mistake too."""
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            raise InvalidInput("The body is no JSON.", field="body") from None
        if not isinstance(found, dict | list):
            raise InvalidInput('The body must read: {"query": "…", "variables": {…}}.', field="body")
        return found

    def process_result(self, request: HttpRequest, result: ExecutionResult) -> GraphQLHTTPResponse:
        result.errors = [_as_shown(error) for error in result.errors or []] or None
        return super().process_result(request, result)


def _as_shown(error: GraphQLError) -> GraphQLError:
    """Our errors keep their words and code; what nobody foresaw is logged and shown without its inside."""
    if error.original_error is None:
        return error
    ours = as_ours(error.original_error)
    if isinstance(ours, Unavailable):
        raise ours
    if ours is None:
        log.error("graphql_failed", exc_info=error.original_error)
        ours = SoniqueBayError("Something went wrong here; it was noted in the log.")
    return GraphQLError(
        ours.message, nodes=error.nodes, path=error.path, extensions={"code": ours.code, "hint": ours.hint}
    )


endpoint = View.as_view(schema=schema, graphql_ide=None, allow_queries_via_get=True, multipart_uploads_enabled=False)

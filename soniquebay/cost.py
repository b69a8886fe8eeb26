"""What a GraphQL request may ask for: how deep, under how many names, and for how many fields times rows.

Fragments are measured once each, however often they are named: a document that doubles itself sixty times over is
answered as fast as any other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)
from strawberry.extensions import SchemaExtension

from core.pagination import MOST as LARGEST_PAGE

PAGE_ARGUMENTS = {"size", "limit", "first"}


@dataclass(frozen=True)
class Limits:
    depth: int
    aliases: int
    cost: int


@dataclass(frozen=True)
class Measure:
    """Of a selection: its levels, its aliases, and its fields, those in lists once for each row."""

    depth: int = 0
    aliases: int = 0
    cost: int = 0

    def __add__(self, other: "Measure") -> "Measure":
        return Measure(max(self.depth, other.depth), self.aliases + other.aliases, self.cost + other.cost)

    def exceeded(self, limits: Limits) -> str:
        if self.depth > limits.depth:
            return f"This request is nested more than {limits.depth} levels deep."
        if self.aliases > limits.aliases:
            return f"This request has more than {limits.aliases} aliases."
        if self.cost > limits.cost:
            return f"This request would cost more than {limits.cost}. Ask for fewer fields or smaller pages."
        return ""


class CostLimiter(SchemaExtension):
    """Refuses a request before GraphQL's own rules look at it: some of those compare every field with every other."""

    def __init__(self, schema: Callable[[], GraphQLSchema], limits: Limits) -> None:
        self._schema = schema
        self._limits = limits

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        if context.graphql_document and not context.pre_execution_errors:
            scale = Scale(self._schema(), context.graphql_document, context.variables or {})
            if errors := [*scale.refusals(self._limits)]:
                context.pre_execution_errors = errors
        yield


class Scale:
    """Measures selections of one document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._schema = schema
        self._document = document
        self._variables = variables
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, Measure] = {}

    def refusals(self, limits: Limits) -> Iterator[GraphQLError]:
        for node in self._document.definitions:
            if isinstance(node, OperationDefinitionNode):
                measure = self.of(node.selection_set, self._schema.get_root_type(node.operation))
                if said := measure.exceeded(limits):
                    yield GraphQLError(said, node)

    def of(self, selections: SelectionSetNode | None, parent: Any) -> Measure:
        total = Measure()
        for node in selections.selections if selections else ():
            total += self._of_node(node, parent)
        return total

    def _of_node(self, node: Any, parent: Any) -> Measure:
        if isinstance(node, FieldNode):
            return self._of_field(node, parent)
        if isinstance(node, FragmentSpreadNode):
            return self._of_fragment(node.name.value)
        if isinstance(node, InlineFragmentNode):
            named = node.type_condition.name.value if node.type_condition else ""
            return self.of(node.selection_set, self._schema.get_type(named) if named else parent)
        return Measure()

    def _of_field(self, node: FieldNode, parent: Any) -> Measure:
        fields = parent.fields if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else {}
        field = fields.get(node.name.value)
        inside = self.of(node.selection_set, get_named_type(field.type) if field else None)
        # The schema may be asked about itself, as every tool does: it is small, and knows no rows.
        depth = 0 if node.name.value.startswith("__") or not node.selection_set else 1 + inside.depth
        cost = 1 + self._rows(node, field) * inside.cost
        return Measure(depth, inside.aliases + bool(node.alias), cost)

    def _of_fragment(self, name: str) -> Measure:
        if name not in self._known:
            # Fragments that name each other are refused by GraphQL itself; here they only must not go round for ever.
            self._known[name] = Measure()
            fragment = self._fragments.get(name)
            if fragment:
                kind = self._schema.get_type(fragment.type_condition.name.value)
                self._known[name] = self.of(fragment.selection_set, kind)
        return self._known[name]

    def _rows(self, node: FieldNode, field: Any) -> int:
        """How many a field may answer with: what its page argument says, or would say if it were there."""
        arguments = field.args if field else {}
        for name in PAGE_ARGUMENTS & arguments.keys():
            return _bounded(self._asked(node, name, arguments[name].default_value))
        return 1

    def _asked(self, node: FieldNode, name: str, default: Any) -> Any:
        for argument in node.arguments or ():
            if argument.name.value == name:
                if isinstance(argument.value, IntValueNode):
                    return int(argument.value.value)
                if isinstance(argument.value, VariableNode):
                    return self._variables.get(argument.value.name.value, default)
        return default


def _bounded(rows: Any) -> int:
    """No page is larger than the largest; what is no number at all is refused elsewhere."""
    return max(1, min(rows, LARGEST_PAGE)) if isinstance(rows, int) else LARGEST_PAGE

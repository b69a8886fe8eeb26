"""Columns of the first SoniqueBay in the words of SQL: whatever their type there, as the wide Track has them here."""

from collections.abc import Callable, Iterable, Sequence

from library.services.importing.source import Source

DIMENSIONS = 512
# The mark by which bytes are escaped in our paths stands for itself in theirs.
MARK, ESCAPED_MARK = "␛", "␛e2␛90␛9b"


class Table:
    """One table of theirs; a column that is not there is left out, or takes what is given instead."""

    def __init__(self, source: Source, name: str, alias: str) -> None:
        self.kinds = source.columns.get(name, {})
        self.alias = alias
        self.found: dict[str, str] = {}
        """our column: the expression that reads it"""

    def add(self, column: str, expression: str) -> "Table":
        self.found[column] = expression
        return self

    def texts(self, *columns: str) -> "Table":
        return self._each(columns, lambda name: f"{name}::text")

    def plain(self, *columns: str) -> "Table":
        return self._each(columns, lambda name: name)

    def floats(self, *columns: str) -> "Table":
        return self._each(columns, lambda name: f"{name}::float8" if self._is_number(name) else "NULL::float8")

    def integers(self, *columns: str, largest: int = 2**31 - 1) -> "Table":
        """Numbers that fit; text in digits too."""

        def read(name: str) -> str:
            if self._is_number(name):
                return f"CASE WHEN {name} BETWEEN 0 AND {largest} THEN round({name}::numeric)::bigint END"
            return f"CASE WHEN {name}::text ~ '^[0-9]{{1,9}}$' THEN {name}::text::bigint END"

        return self._each(columns, read)

    def vectors(self, *columns: str) -> "Table":
        return self._each(
            (name for name in columns if self.kinds.get(name) == "vector"),
            lambda name: f"CASE WHEN vector_dims({name}) = {DIMENSIONS} THEN {name} END",
        )

    def moments(self, *columns: str) -> "Table":
        """Never empty: the other one, or now, instead."""
        present = [self.moment(name) for name in columns if name in self.kinds]
        for column in columns:
            own = [self.moment(column)] if column in self.kinds else []
            others = [moment for moment in present if moment not in own]
            self.found[column] = f"coalesce({', '.join([*own, *others, 'now()'])})"
        return self

    def moment(self, column: str) -> str:
        zone = " AT TIME ZONE 'UTC'" if self.kinds[column] == "timestamp without time zone" else ""
        return f"{self.alias}.{column}{zone}"

    def select(self, rest: str) -> str:
        return f"SELECT {', '.join(f'{read} AS {name}' for name, read in self.found.items())} {rest}"

    def _is_number(self, qualified: str) -> bool:
        kind = self.kinds[qualified.partition(".")[2]]
        return kind in ("integer", "bigint", "smallint", "numeric", "real", "double precision")

    def _each(self, columns: Iterable[str], read: Callable[[str], str]) -> "Table":
        for column in columns:
            if column in self.kinds:
                self.found[column] = read(f"{self.alias}.{column}")
        return self


def path_of(moved: Sequence[tuple[str, str]]) -> str:
    """Where a file lies now, by what the person says has moved; the longest beginning that fits counts."""
    plain = "t.path::text"
    cases = "".join(
        f"WHEN starts_with({plain}, {quoted(old)}) THEN {quoted(new)} || substr({plain}, {len(old) + 1}) "
        for old, new in sorted(moved, key=lambda pair: -len(pair[0]))
    )
    read = f"CASE {cases}ELSE {plain} END" if cases else plain
    return f"replace({read}, '{MARK}', '{ESCAPED_MARK}')"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

"""The data files of the ontology, read once: tables of TOML whose lists are words between commas."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
Table = dict[str, Any]


def listed(text: str) -> tuple[str, ...]:
    return tuple(part for piece in text.split(",") if (part := piece.strip()))


def weighed(text: str) -> dict[str, float]:
    """ "calm 0.9, warm 0.5" as names and numbers."""
    return {name: float(number) for name, _space, number in (part.rpartition(" ") for part in listed(text))}


def pair(values: list[float] | None) -> tuple[float, float] | None:
    return (float(values[0]), float(values[1])) if values else None


@cache
def read(name: str) -> Table:
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)


def folder(name: str) -> Iterator[tuple[str, Table]]:
    for path in sorted((DATA / name).glob("*.toml")):
        yield path.stem, read(f"{name}/{path.name}")

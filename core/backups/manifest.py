"""What a backup says about itself, and whether this SoniqueBay can read it."""

from datetime import UTC, datetime

import psycopg
from django.db.migrations.loader import MigrationLoader
from pydantic import BaseModel, Field

from core.backups.database import row_counts, server_version
from core.errors import InvalidInput
from core.version import VERSION

FORMAT = 1


class DumpFacts(BaseModel):
    size: int = Field(ge=0)
    sha256: str


class MediaFacts(BaseModel):
    """One digest over the names and contents of all files, in their order: a list of them could be very long."""

    files: int = Field(ge=0)
    size: int = Field(ge=0)
    sha256: str


class Manifest(BaseModel):
    format: int
    soniquebay: str
    postgresql: str
    created: datetime
    migrations: dict[str, list[str]]
    """the newest applied ones of each app"""
    rows: dict[str, int]
    database: DumpFacts
    media: MediaFacts


class Facts(BaseModel):
    """What is known before anything is written."""

    postgresql: str
    migrations: dict[str, list[str]]
    rows: dict[str, int]


def facts_of(database: psycopg.Connection) -> Facts:
    """Read in the transaction whose snapshot pg_dump uses, so that the numbers are those of the dump."""
    return Facts(postgresql=server_version(database), migrations=_heads(database), rows=row_counts(database))


def _heads(database: psycopg.Connection) -> dict[str, list[str]]:
    """The applied migrations of each app that no other applied one of the same app builds upon."""
    rows = database.execute("SELECT app, name FROM django_migrations").fetchall()
    applied: set[tuple[str, str]] = {(app, name) for app, name in rows}
    graph = MigrationLoader(None).graph
    heads: dict[str, list[str]] = {}
    for app, name in sorted(applied):
        node = graph.node_map.get((app, name))
        above = {child.key for child in node.children} if node else set()
        if not any(child[0] == app and child in applied for child in above):
            heads.setdefault(app, []).append(name)
    return heads


def manifest_of(facts: Facts, *, database: DumpFacts, media: MediaFacts) -> Manifest:
    return Manifest(
        format=FORMAT,
        soniquebay=VERSION,
        created=datetime.now(UTC),
        database=database,
        media=media,
        **facts.model_dump(),
    )


def refuse_unreadable(manifest: Manifest) -> None:
    """A newer SoniqueBay may have put things into its database that this one would not understand."""
    known = set(MigrationLoader(None).disk_migrations or ())
    heads = [(app, name) for app, names in manifest.migrations.items() for name in names]
    unknown = [f"{app}.{name}" for app, name in heads if (app, name) not in known]
    if manifest.format > FORMAT or _numbers(manifest.soniquebay) > _numbers(VERSION) or unknown:
        what = f" (it knows {unknown[0]}, which this one does not)" if unknown else ""
        raise InvalidInput(
            f"This backup was made by SoniqueBay {manifest.soniquebay}, newer than this {VERSION}{what}. "
            "Nothing was changed.",
            hint="Update SoniqueBay, then restore again.",
        )


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split("+")[0].split(".") if part.isdecimal()]

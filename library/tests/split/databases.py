"""Databases of a test's own, at any state of the migrations, with everything that is in them."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from core.backups import swapping
from core.backups.database import Database

ALIAS = "split"
WIDE, SPLIT = [("library", "0001_wide_track")], [("library", "0007_narrow_track")]
# Ids of rows that link two others say nothing, and are given anew on the way back.
NAMELESS = {"track_genres", "album_genres", "artist_genres", "track_genre_tags", "split_leftovers"}
OTHERS = {"django_migrations", "django_content_type", "auth_permission"}
MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", "core", verbosity=0)
call_command("migrate", "library", "0001_wide_track", verbosity=0)
"""


@dataclass(frozen=True)
class Own:
    database: Database
    home: Path

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def environment(self) -> dict[str, str]:
        secrets = {"SECRET_KEY": settings.SECRET_KEY, "ENCRYPTION_KEY": ",".join(settings.ENCRYPTION_KEYS)}
        return {**os.environ, **secrets, "DATABASE_URL": self.database.url, "SONIQUEBAY_HOME": str(self.home)}

    def python(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, query: Any, *values: object) -> list[tuple[Any, ...]]:
        with self.database.connect() as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def run(self, statements: tuple[str, ...]) -> None:
        with self.database.connect() as connection, connection.transaction():
            for statement in statements:
                connection.execute(statement)

    def migrate(self, targets: list[tuple[str, str]]) -> None:
        """In this process, which saves the start of another."""
        executor = MigrationExecutor(connections[ALIAS])
        executor.migrate(targets)

    def rows(self) -> dict[str, list[str]]:
        """Everything that is in the database, in an order of its own."""
        found = {}
        for (table,) in self.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"):
            row = "to_jsonb(t) - 'id'" if table in NAMELESS else "to_jsonb(t)"
            if table not in OTHERS:
                query = sql.SQL("SELECT ({})::text FROM {} t ORDER BY 1").format(sql.SQL(row), sql.Identifier(table))
                found[table] = [line for (line,) in self.ask(query)]
        return found


def create_like(template: Database, name: str) -> Database:
    """A copy, made by the server."""
    with swapping.elsewhere(template) as connection:
        swapping.drop(connection, name)
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(words.format(sql.Identifier(name), sql.Identifier(template.name)))
    return template.named(name)

"""One filled database, copied for every test that wants one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import sql

from core.backups import swapping
from core.backups.database import live_database
from core.tests.backups.library import FILL, Library


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = Library(live_database().named(f"backups_filled_{os.getpid()}"), tmp_path_factory.mktemp("filled"))
    with swapping.elsewhere(library.database) as connection:
        swapping.create(connection, library.database.name)
        for command in (["manage.py", "migrate", "--verbosity=0"], ["-c", FILL]):
            done = library.python(*command)
            assert done.returncode == 0, done.stderr
        yield library
        swapping.drop(connection, library.database.name)


@pytest.fixture
def library(filled: Library, tmp_path: Path) -> Iterator[Library]:
    library = Library(live_database().named(f"backups_{os.getpid()}"), tmp_path / "home")
    with swapping.elsewhere(library.database) as connection:
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(words.format(*map(sql.Identifier, (library.database.name, filled.database.name))))
        library.cover("covers/ab/cd.webp", b"a cover" * 1000)
        library.cover("covers/été.webp", b"another")
        yield library
        for name in [library.database.name, *library.siblings()]:
            swapping.drop(connection, name)

"""One database at the state of 0001, filled once and copied for every test that wants one."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from core.backups import swapping
from core.backups.database import live_database
from library.tests.split import wide
from library.tests.split.databases import ALIAS, MAKE, Own, create_like


@pytest.fixture(scope="session")
def empty_wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    """The state of 0001, without a row."""
    own = Own(live_database().named(f"split_empty_{os.getpid()}"), tmp_path_factory.mktemp("empty"))
    with swapping.elsewhere(own.database) as connection:
        swapping.create(connection, own.database.name)
        done = own.python("-c", MAKE)
        assert done.returncode == 0, done.stderr
        yield own
        swapping.drop(connection, own.database.name)


@pytest.fixture(scope="session")
def filled_wide(empty_wide: Own) -> Iterator[Own]:
    own = Own(create_like(empty_wide.database, f"split_filled_{os.getpid()}"), empty_wide.home)
    own.run(wide.STATEMENTS)
    yield own
    with swapping.elsewhere(own.database) as connection:
        swapping.drop(connection, own.database.name)


@pytest.fixture
def library(
    filled_wide: Own, tmp_path: Path, settings: Any, django_db_blocker: pytest.FixtureRequest
) -> Iterator[Own]:
    """A copy of it that this process can migrate."""
    own = Own(create_like(filled_wide.database, f"split_{os.getpid()}"), tmp_path)
    settings.MEDIA_ROOT = own.media
    default = connections.databases["default"]
    options = {key: value for key, value in default["OPTIONS"].items() if key != "pool"}
    connections.databases[ALIAS] = {**default, "NAME": own.database.name, "OPTIONS": options}
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield own
        connections[ALIAS].close()
        del connections[ALIAS], connections.databases[ALIAS]
    with swapping.elsewhere(own.database) as connection:
        swapping.drop(connection, own.database.name)

"""One database at the state of 0001, filled once and copied for every test that wants one."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from core.backups import swapping
from core.backups.database import live_database
from library.tests.split import legacy, wide
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
def library(filled_wide: Own, tmp_path: Path, settings: Any, django_db_blocker: pytest.FixtureRequest) -> Iterator[Own]:
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


LIVE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from core.models import Job, User
from core.services.settings import write_secret_setting
from core.services.tokens import create_token
from library.models import Artist, ArtistSplit, LibraryRoot
owner = User.objects.create_superuser("owner", password="correct horse battery")
create_token(name="phone", scope="read", user=owner)
write_secret_setting(key="lastfm_key", secret="a secret")
Job.objects.create(kind="clean_up", queue="control", state="running", attempt=1, worker="control")
LibraryRoot.objects.create(name="Music", path="/srv/music", track_count=7)
LibraryRoot.objects.create(name="Seven", path="/srv/music/7/", track_count=7)
ArtistSplit.objects.create(key="simon garfunkel", name="Simon & Garfunkel")
Artist.objects.create(name="of the library that goes")
"""


@pytest.fixture(scope="session")
def live_template(empty_wide: Own) -> Iterator[Own]:
    """Up to date, with people and folders, and without a track."""
    own = Own(create_like(empty_wide.database, f"split_live_{os.getpid()}"), empty_wide.home)
    done = own.python("-c", LIVE)
    assert done.returncode == 0, done.stderr
    yield own
    with swapping.elsewhere(own.database) as connection:
        swapping.drop(connection, own.database.name)


@pytest.fixture
def live(live_template: Own, tmp_path: Path) -> Iterator[Own]:
    own = Own(create_like(live_template.database, f"live_{os.getpid()}"), tmp_path / "home")
    yield own
    with swapping.elsewhere(own.database) as connection:
        for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall():
            if name.startswith(own.database.name):
                swapping.drop(connection, name)


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    """The database of a first SoniqueBay."""
    own = Own(live_database().named(f"original_{os.getpid()}"), tmp_path_factory.mktemp("original"))
    with swapping.elsewhere(own.database) as connection:
        swapping.create(connection, own.database.name)
        own.run(legacy.STATEMENTS)
        yield own
        swapping.drop(connection, own.database.name)


@pytest.fixture
def newer_original(original: Own) -> Iterator[Own]:
    own = Own(create_like(original.database, f"newer_{os.getpid()}"), original.home)
    own.run(legacy.NEWER)
    yield own
    with swapping.elsewhere(own.database) as connection:
        swapping.drop(connection, own.database.name)

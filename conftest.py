"""Fixtures that every app's tests share: people, tokens, and the real processes."""

import fcntl
import os
import subprocess
import venv
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
import redis
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache as django_cache
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase
from xdist.scheduler import LoadScopeScheduling

from core import queue
from core.models import User
from core.services.tokens import create_token
from core.worker.config import config
from library.engine.demo import PIECES
from tests.demo import second_of
from tests.processes import ROOT, Process, Web, wait_until

NETWORK = "network"
PASSWORD = "correct horse battery"  # noqa: S105 (of people who live as long as a test)


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> None:
    """Pages name their files by what is in them, so that these must be collected first."""
    call_command("collectstatic", verbosity=0, interactive=False)
    # Every test client makes the middlewares anew, and WhiteNoise would list all files each time.
    settings.WHITENOISE_AUTOREFRESH = True


USED_TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
      AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
"""


def _empty_used_tables(case: TransactionTestCase) -> None:
    """Django's own way empties all hundred tables after each test, and makes content types and permissions anew."""
    with connection.cursor() as cursor:
        cursor.execute(USED_TABLES)
        used = ", ".join(name for (name,) in cursor.fetchall())
        if used:
            cursor.execute(f"TRUNCATE {used} CASCADE")


@pytest.fixture(scope="session", autouse=True)
def _quick_flush() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_used_tables)
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    django_cache.clear()


@cache
def _hashed(password: str, hasher: str) -> str:
    """Meant to take long, which most tests are not about: once by each hasher."""
    return make_password(password)


def person(name: str, **rights: bool) -> User:
    return User.objects.create(username=name, password=_hashed(PASSWORD, settings.PASSWORD_HASHERS[0]), **rights)


@pytest.fixture
def owner(db: None) -> User:
    return person("owner", is_staff=True, is_superuser=True)


@pytest.fixture
def listener(db: None) -> User:
    """Somebody who was invited: no superuser."""
    return person("listener")


@pytest.fixture
def signed_in(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def token(db: None) -> Callable[[str], str]:
    """Makes a token of a scope, and gives its secret."""
    return lambda scope: create_token(name=f"test {scope}", scope=scope, user=None)[1]


@pytest.fixture
def api(client: Client, token: Callable[[str], str]) -> Callable[[str], Client]:
    """A client that sends a token of the given scope."""
    return lambda scope: Client(headers={"Authorization": f"Bearer {token(scope)}"})


@pytest.fixture
def test_database_url(transactional_db: None) -> str:
    """The address of the database that this test sees, for processes beside it."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path="/" + quote(str(connection.settings_dict["NAME"]))))


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[list[Process]]:
    """Whatever a test starts ends with it."""
    started: list[Process] = []
    yield started
    for process in reversed(started):
        process.stop()


@pytest.fixture(scope="module")
def kept_webs(django_db_setup: None) -> Iterator[list[Web]]:
    """A server takes seconds to start: the last one is kept for the next test of its module."""
    kept: list[Web] = []
    yield kept
    for web in kept:
        web.stop()


@pytest.fixture
def web(test_database_url: str, kept_webs: list[Web], tmp_path_factory: pytest.TempPathFactory) -> Web:
    """The whole application under Daphne; a test may kill it."""
    if kept_webs and kept_webs[-1].is_alive():
        kept_webs[-1].forget_what_was_said()
        return kept_webs[-1]
    log = tmp_path_factory.mktemp("web") / "web.log"
    process = Web(log=log, env={**os.environ, "DATABASE_URL": test_database_url})
    kept_webs.append(process)
    wait_until(process.answers, "the web answers")
    return process


@pytest.fixture
def start_worker(
    web: Web, token: Callable[[str], str], tmp_path: Path, processes: list[Process]
) -> Callable[..., Process]:
    """Starts a worker that knows three things: the broker, the API, its token."""

    def start(name: str = "worker", **more: str) -> Process:
        env = {
            "PATH": os.environ["PATH"],
            "CELERY_BROKER_URL": os.environ["REDIS_URL"],
            "API_URL": web.url,
            "WORKER_TOKEN": token("worker"),
            "WORKER_NAME": name,
            **more,
        }
        process = Process("-m", "core.worker", log=tmp_path / f"{name}.log", env=env)
        processes.append(process)
        return process

    return start


@pytest.fixture
def start_control(test_database_url: str, tmp_path: Path, processes: list[Process]) -> Callable[[], Process]:
    def start() -> Process:
        env = {**os.environ, "DATABASE_URL": test_database_url}
        process = Process("manage.py", "control", log=tmp_path / "control.log", env=env)
        processes.append(process)
        return process

    return start


@pytest.fixture(scope="session")
def workers_own_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with requirements-worker.txt alone, made by the first process of the suite that needs it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "environment-of-workers"
    python, whole = folder / "bin" / "python", folder / "whole"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            _make_environment(folder)
            whole.touch()
    return python


def _make_environment(folder: Path) -> None:
    venv.create(folder, with_pip=True, clear=True)
    quietly = ["-q", "--disable-pip-version-check", "--no-compile"]
    subprocess.run(
        [folder / "bin" / "python", "-m", "pip", "install", *quietly, "-r", ROOT / "requirements-worker.txt"],
        check=True,
        capture_output=True,
    )


@pytest.fixture(scope="session")
def seconds_of_music() -> dict[str, bytes]:
    """A second in place of each piece of the demo library."""
    return {piece.path: second_of(piece) for piece in PIECES}


@pytest.fixture(autouse=True)
def _empty_queues() -> None:
    """No message of an earlier test is waiting."""
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        broker.delete("files", "compute", "network")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no process is left with it at the end."""
    items.sort(key=lambda item: (group_of(item.nodeid) != NETWORK, "test_event_soak" not in item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "ByGroup":
    return ByGroup(config, log)


class ByGroup(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Files stay whole on one process; what a browser or a network sees happens on one as well.

    A network that a test makes and removes is a change of network to every browser on this machine.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    return NETWORK if file.startswith("tests/browser/") or file == "tests/test_remote_worker.py" else file


@pytest.fixture
def worker_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a worker is told, where the test plays it and the server is in this process."""
    given = {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0", "API_URL": "http://here", "WORKER_TOKEN": "secret"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    config.cache_clear()
    yield
    config.cache_clear()


@pytest.fixture
def no_delivery(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The test is the worker: no message goes to the broker."""
    monkeypatch.setattr(queue, "send", lambda job: True)

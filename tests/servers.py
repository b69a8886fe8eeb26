"""A pytest plugin that starts PostgreSQL and Redis before Django reads its settings, and stops them at the end.

Loaded by `-p tests.servers`, because conftest.py comes too late for that. Each process of pytest-xdist has servers of
its own. With TEST_HOME set the servers of an earlier run in that folder are started again, which saves their making.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from soniquebay.embedded import Home, Postgres, Redis

_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
_given = os.environ.get("TEST_HOME")
FOLDER = Path(_given, _worker) if _given else Path(tempfile.mkdtemp(prefix="soniquebay-test-"))
home = Home(FOLDER)
postgres = Postgres(home, durable=False)
redis = Redis(home)


def _start() -> None:
    atexit.register(_stop)
    for name in ("secret_key", "encryption_key"):
        home.secret(name)
    os.environ.update(
        SONIQUEBAY_HOME=str(FOLDER),
        DJANGO_SETTINGS_MODULE="soniquebay.settings",
        JOB_HEARTBEAT_S="1",
        JOB_DEAD_AFTER_S="4",
        LOG_LEVEL="WARNING",
    )
    if _only_hands_out_tests():
        os.environ.update(DATABASE_URL="postgresql:///none", REDIS_URL="redis://none")
        return
    postgres.start()
    redis.start()
    os.environ.update(DATABASE_URL=postgres.url, REDIS_URL=redis.url)


def _only_hands_out_tests() -> bool:
    """The first process of pytest-xdist runs no test itself."""
    return not _worker and any(argument.startswith(("-n", "--numprocesses")) for argument in sys.argv)


def _stop() -> None:
    redis.stop()
    postgres.stop()
    if not _given:
        shutil.rmtree(FOLDER, ignore_errors=True)


_start()


def pytest_unconfigure(config: pytest.Config) -> None:
    atexit.unregister(_stop)
    _stop()

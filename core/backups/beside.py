"""Builds a second database beside the live one and takes its place: what a restore and an import have in common."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
from django.conf import settings

from core.backups import swapping
from core.backups.database import LONGEST_NAME, Database
from core.errors import Conflict, InvalidInput

PUT_ASIDE = "_before_restore_"


@contextmanager
def alone(database: Database) -> Iterator[psycopg.Connection]:
    """A connection to the server, while nobody else is about to exchange this database."""
    with swapping.lock(database) as free:
        if not free:
            raise Conflict(
                "Another restore or import is at work. Nothing was changed.", hint="Wait until it has ended."
            )
        with swapping.elsewhere(database) as connection:
            yield connection


def sibling(database: Database, ending: str) -> Database:
    return database.named(database.name[: LONGEST_NAME - len(ending)] + ending)


def beginning_put_aside(name: str) -> str:
    return name[: LONGEST_NAME - len(PUT_ASIDE) - len("YYYYMMDD_HHMMSS")] + PUT_ASIDE


def name_put_aside(name: str) -> str:
    return f"{beginning_put_aside(name)}{datetime.now(UTC):%Y%m%d_%H%M%S}"


def bring_up_to_date(
    new: Database, *target: str, told: Callable[[int], object] = lambda applied: None, **environment: str
) -> None:
    """In a process of its own: migrations that change data speak to the default database, here the live one."""
    command = [sys.executable, "-m", "django", "migrate", *target, "--noinput", "--verbosity=1", "--skip-checks"]
    own = {"DATABASE_URL": new.url, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE, "PYTHONWARNINGS": "ignore"}
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command,
            env={**os.environ, **own, **environment},
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdout is not None  # noqa: S101 (asked for in the lines above)
        try:
            with process.stdout as said:
                applied = 0
                for line in said:
                    applied += line.lstrip().startswith("Applying")
                    told(applied)
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
        if process.returncode:
            errors.seek(0)
            reason = (errors.read().strip().splitlines() or ["no reason was given"])[-1]
            raise InvalidInput(f"The new database could not be brought up to date: {reason}. The old one is kept.")


@contextmanager
def undisturbed() -> Iterator[None]:
    """For the second that the exchange takes: Ctrl-C and the wish to end come too late, for then it is done."""
    stops = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    try:
        yield
    finally:
        while signal.sigtimedwait(stops, 0):
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

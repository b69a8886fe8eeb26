"""A restore that is killed, wherever it is, leaves the old library or the new one."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from core.backups.covers import finish_interrupted
from core.tests.backups.library import Library

# Kills itself as a power cut would, at the step named; "between" is after the databases and before the covers.
RESTORE = """
import os, signal, sys
import django; django.setup()
from pathlib import Path
from core.backups.covers import Covers
from core.backups.database import live_database
from core.backups.restoring import restore
from core.backups.verifying import verify

path, at = sys.argv[1:]
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
def progress(step, current, total=None, **figures):
    if f"{step} {current}" == at or step == at:
        die()
if at == "between":
    Covers.replace_changed = die
if at == "before the note":
    Covers.wait_for = die
restore(verify(Path(path), progress), database=live_database(), media=Path(sys.argv[1]).parent.parent / "media",
        progress=progress)
"""
# The command itself, which is told to end at the step named.
STOPPED = """
import os, signal, sys
import django; django.setup()
from django.core.management import execute_from_command_line
from core.backups.progress import Bar
at, *command = sys.argv[1:]
show = Bar.__call__
def tell(bar, step, current, total=None, **figures):
    if f"{step} {current}" == at:
        os.kill(os.getpid(), signal.SIGTERM)
    show(bar, step, current, total, **figures)
Bar.__call__ = tell
execute_from_command_line(["manage.py", *command])
"""
OLD, NEW = (0, b"changed"), (1, b"another")


def state(library: Library) -> tuple[object, bytes]:
    return library.ask("SELECT count(*) FROM api_tokens")[0][0], library.covers()["covers/été.webp"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("Checking the file", OLD),
        ("Restoring the database", OLD),
        ("Counting", OLD),
        ("Bringing it up to date", OLD),
        ("Unpacking covers", OLD),
        ("before the note", OLD),
        ("Exchanging the databases 0", OLD),
        ("between", NEW),
        ("Exchanging the databases 1", NEW),
    ],
)
def test_killed_at_any_step(library: Library, at: str, expected: tuple[object, bytes]) -> None:
    path = library.back_up().path
    library.ask("DELETE FROM api_tokens")
    library.cover("covers/été.webp", b"changed")
    done = library.python("-c", RESTORE, str(path), at)
    assert done.returncode == -signal.SIGKILL, done.stderr
    finish_interrupted(library.database, library.media)
    assert state(library) == expected
    assert not (library.media / ".restoring").exists()
    library.restore(path)
    assert state(library) == NEW
    assert not {name for name in library.siblings() if name.endswith("_restoring")}


@pytest.mark.parametrize(
    ("after_s", "number"), [(1.0, signal.SIGTERM), (1.5, signal.SIGTERM), (2.0, signal.SIGTERM), (1.5, signal.SIGINT)]
)
def test_told_to_stop_at_any_time(library: Library, after_s: float, number: signal.Signals) -> None:
    path = library.back_up().path
    library.ask("DELETE FROM api_tokens")
    library.cover("covers/été.webp", b"changed")
    done = _stopped(library, path, after_s, number)
    # Before it listens, and after it has ended, a signal leaves no time for words.
    told = OLD if "Nothing was changed" in done.stderr else NEW if done.returncode == 0 else None
    assert state(library) in ([told] if told else [OLD, NEW]), done.stderr
    assert not {name for name in library.siblings() if name.endswith("_restoring")}
    assert not (library.media / ".restoring").exists()


@pytest.mark.parametrize("at", ["Exchanging the databases 0", "Exchanging the databases 1"])
def test_told_to_stop_too_late(library: Library, at: str) -> None:
    """Whoever is told that nothing was changed must not find everything changed."""
    path = library.back_up().path
    library.ask("DELETE FROM api_tokens")
    library.cover("covers/été.webp", b"changed")
    done = library.python("-c", STOPPED, at, "restore", "--yes", str(path))
    assert done.returncode == 0, done.stderr
    assert "The backup is restored" in done.stdout
    assert "Nothing was changed" not in done.stderr
    assert state(library) == NEW


def _stopped(
    library: Library, path: Path, after_s: float, number: signal.Signals
) -> "subprocess.CompletedProcess[str]":
    process = subprocess.Popen(
        [sys.executable, "manage.py", "restore", "--yes", str(path)],
        env=library.environment,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(after_s)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)

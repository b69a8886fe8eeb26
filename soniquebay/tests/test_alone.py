"""Commands of manage.py while `bin/up` does not run."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from soniquebay.embedded import Home, Postgres

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that was used once, and rests."""
    home = Home(tmp_path / "home")
    home.make()
    postgres = Postgres(home, durable=False)
    postgres.start()
    postgres.stop()
    return home


def manage(home: Home, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "SONIQUEBAY_HOME": str(home.path), "LOG_LEVEL": "WARNING"}
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *command], env=environment, capture_output=True, text=True, check=False
    )


def test_a_command_brings_its_own_servers_and_leaves_nothing_running(home: Home) -> None:
    assert manage(home, "migrate", "--verbosity", "0").returncode == 0
    made = manage(home, "create_token", "kitchen", "--scope", "worker")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith("sbay_worker_")
    assert len(made.stdout.split()) == 1
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(home.path) not in processes
    assert not (home.path / "postgres" / "data" / "postmaster.pid").exists()


def test_a_command_beside_a_running_stack_uses_the_servers_that_are_announced(home: Home) -> None:
    home.announce({"DATABASE_URL": "mysql://elsewhere", "REDIS_URL": "redis://elsewhere"})
    with (home.run / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = manage(home, "check")
    assert refused.returncode == 2
    assert "DATABASE_URL must begin with postgresql://" in refused.stderr

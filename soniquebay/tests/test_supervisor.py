"""`bin/up` with real stores and small stand-ins for our own processes: starts, deaths, ends."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from soniquebay.embedded.processes import start_mark, working_in
from soniquebay.supervisor.addresses import page_addresses
from soniquebay.supervisor.loopback import get
from soniquebay.tests.stand_ins import CHECKOUT, PREPARE, Up, wait_for


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    one = Up(tmp_path / "home")
    one.copy_home()
    yield one
    one.clean()


def test_starts_everything_says_where_and_stops_it_all(up: Up) -> None:
    up.start()
    up.wait_until_ready()
    assert f"http://localhost:{up.port}/" in up.said()
    assert f"http://localhost:{up.port}/welcome/once/" in up.said()
    assert f"SONIQUEBAY_HOME={up.home} bin/manage help" in up.said()
    servers = json.loads((up.home / "run" / "servers.json").read_text())
    assert servers["API_URL"] == f"http://127.0.0.1:{up.port}"
    assert servers["pid"] == up.process.pid
    assert stat.S_IMODE((up.home / "run" / "servers.json").stat().st_mode) == 0o600
    processes = up.everyone()
    assert len(processes) == 5
    assert up.stop() == 0
    assert [pid for pid in processes if start_mark(pid)] == []
    assert not (up.home / "run" / "servers.json").exists()
    assert "Stopped; everything is kept" in up.said()


def test_each_process_knows_what_it_needs_and_no_more(up: Up) -> None:
    up.start("--workers", "3")
    up.wait_until_ready()
    web, worker = up.environment_of("web"), up.environment_of("worker")
    assert web["DATABASE_URL"].startswith("postgresql://soniquebay:")
    assert web["SONIQUEBAY_HOME"] == str(up.home)
    assert web.get("PAGE_URLS", "") == ",".join(page_addresses("0.0.0.0", up.port)[1:])
    assert Path(web["ENCRYPTION_KEY_FILE"]).is_file()
    database_password = (up.home / "secrets" / "database_password").read_text().strip()
    secret_key = (up.home / "secrets" / "secret_key").read_text().strip()
    assert not [name for name in worker if name in {"DATABASE_URL", "REDIS_URL", "SECRET_KEY_FILE", "PGPASSWORD"}]
    assert database_password not in str(worker)
    assert secret_key not in str(worker)
    assert worker["CELERY_BROKER_URL"] == web["REDIS_URL"]
    assert worker["WORKER_CONCURRENCY"] == "3"
    assert worker["WORKER_ROOTS"] == "/"
    assert Path(worker["WORKER_TOKEN_FILE"]).read_text().strip() == "token-of-workers"
    assert stat.S_IMODE(Path(worker["WORKER_TOKEN_FILE"]).stat().st_mode) == 0o600


def test_the_web_starts_beside_a_preparation_that_has_nothing_new(up: Up) -> None:
    up.start()
    up.wait_until_ready()
    assert up.stop() == 0
    # Ends when the web answers, which it does before preparation is over only if it was started beside it.
    beside = "import time, urllib.request as r\nwhile True:\n try: r.urlopen('http://127.0.0.1:%d/health'); break\n"
    beside = beside % up.port + " except OSError: time.sleep(0.05)\n"
    up.start(prepare=beside + PREPARE)
    up.wait_until_ready()
    assert up.stop() == 0


@pytest.mark.parametrize("name", ["web", "worker", "control", "postgres", "redis-server"])
def test_what_dies_is_started_again_and_its_log_is_named(up: Up, name: str) -> None:
    up.start()
    up.wait_until_ready()
    before = up.pid_of(name)
    assert before
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: up.pid_of(name) not in {0, before})
    wait_for(lambda: ".log" in up.said() and "was ended by SIGKILL" in up.said())
    wait_for(lambda: get(f"http://127.0.0.1:{up.port}/health") == (200, b"{}"))
    assert up.stop() == 0


def test_a_web_that_never_comes_up_ends_the_attempt(up: Up) -> None:
    up.start(web="import sys; sys.exit('no such module')")
    assert up.process.wait(timeout=60) == 1
    assert "Web does not come up; the reasons are in" in up.said()
    assert "Traceback" not in up.said()
    assert "no such module" in (up.home / "logs" / "web.log").read_text()


def test_a_failed_preparation_says_its_last_words(up: Up) -> None:
    up.start(prepare="import sys; sys.exit('migration 0007 does not fit')")
    assert up.process.wait(timeout=60) == 1
    assert "The database could not be prepared: migration 0007 does not fit" in up.said()
    assert "Your data were kept" in up.said()


def test_nobody_outlives_a_supervisor_that_was_killed(up: Up) -> None:
    up.start()
    up.wait_until_ready()
    processes = up.everyone()
    up.process.kill()
    up.process.wait()
    wait_for(lambda: not [pid for pid in processes if start_mark(pid)])
    up.start()
    up.wait_until_ready()
    assert up.stop() == 0


def test_the_next_start_ends_who_did_not_hear(up: Up) -> None:
    up.start(worker="import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)")
    up.wait_until_ready()
    deaf = up.pid_of("worker")
    up.process.kill()
    up.process.wait()
    assert start_mark(deaf)
    up.start()
    up.wait_until_ready(timeout_s=60)
    assert not start_mark(deaf)
    assert "that an earlier run had left behind" in up.said()
    assert up.stop() == 0


def test_a_second_ctrl_c_is_not_made_to_wait(up: Up) -> None:
    up.start(worker="import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)")
    up.wait_until_ready()
    deaf = up.pid_of("worker")
    up.process.send_signal(signal.SIGINT)
    wait_for(lambda: "Stopping" in up.said())
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(timeout=30) == 0
    assert not start_mark(deaf)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_closed_terminal_or_a_shutdown_stops_it_in_order(up: Up, number: signal.Signals) -> None:
    up.start()
    up.wait_until_ready()
    processes = up.everyone()
    up.process.send_signal(number)
    assert up.process.wait(timeout=30) == 0
    assert [pid for pid in processes if start_mark(pid)] == []


def test_ctrl_c_while_it_starts_leaves_nothing(up: Up) -> None:
    up.start(prepare="import time; time.sleep(600)")
    wait_for(lambda: (up.home / "run" / "servers.json").exists())
    assert up.stop() == 0
    assert working_in(up.home / "postgres" / "data", ("postgres",)) == []


def test_servers_of_ones_own_are_used_instead(up: Up, tmp_path: Path) -> None:
    up.start()
    up.wait_until_ready()
    theirs = json.loads((up.home / "run" / "servers.json").read_text())
    other = Up(tmp_path / "other")
    try:
        other.start(environment={"DATABASE_URL": theirs["DATABASE_URL"], "REDIS_URL": theirs["REDIS_URL"]})
        other.wait_until_ready()
        assert len(other.everyone()) == 3
        assert other.environment_of("web")["DATABASE_URL"] == theirs["DATABASE_URL"]
        assert other.stop() == 0
        other.start(environment={"DATABASE_URL": theirs["DATABASE_URL"].replace("postgresql://s", "postgresql://x")})
        assert other.process.wait(timeout=30) == 1
        assert "The PostgreSQL named by DATABASE_URL does not let us in" in other.said()
    finally:
        other.clean()


def test_works_for_an_ordinary_account(ordinary_up: Up) -> None:
    owner = ordinary_up.home.parent.stat().st_uid
    assert owner != 0
    ordinary_up.start()
    ordinary_up.wait_until_ready()
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in ordinary_up.everyone()} == {owner}
    assert {(ordinary_up.home / name).stat().st_uid for name in ("postgres", "redis", "secrets")} == {owner}
    assert ordinary_up.stop() == 0


def test_stays_light(up: Up) -> None:
    up.start()
    up.wait_until_ready()
    lines = Path(f"/proc/{up.process.pid}/smaps_rollup").read_text().splitlines()
    pss_kb = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    assert pss_kb < 20_000
    assert up.stop() == 0


def test_loads_neither_django_nor_drivers() -> None:
    code = (
        "import sys, soniquebay.supervisor; print({'django', 'psycopg', 'redis', 'asyncio', 'ssl'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"

"""The embedded servers, for real: closed folders, wrong passwords, killed processes, full disks."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from soniquebay.embedded import CannotStart, Home, Postgres, Redis, binaries, redis, server
from soniquebay.embedded.account import Account
from soniquebay.embedded.processes import start_mark, working_in
from soniquebay.tests.stand_ins import CHECKOUT, copy_home_to

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can try what root does")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    return Home(closed / "home")


@pytest.fixture
def postgres(home: Home) -> Iterator[Postgres]:
    """Its data are there already."""
    copy_home_to(home.path)
    ours = Postgres(home, durable=False)
    yield ours
    ours.stop()


@pytest.fixture
def new_postgres(home: Home) -> Iterator[Postgres]:
    """It was never started."""
    ours = Postgres(home, durable=False)
    yield ours
    ours.stop()


@pytest.fixture
def queue(home: Home) -> Iterator[Redis]:
    ours = Redis(home)
    yield ours
    ours.stop()


def ask(url: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        return cursor.fetchall() if cursor.description else []


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 30
    while start_mark(pid) is not None:
        assert time.monotonic() < deadline, f"process {pid} goes on"
        time.sleep(0.02)


def modes_above(folder: Path) -> dict[Path, int]:
    return {parent: stat.S_IMODE(parent.stat().st_mode) for parent in folder.parents}


def redis_says(url: str, *commands: str) -> bytes:
    return subprocess.run(
        [sys.executable, "-c", TALK, url, *commands], capture_output=True, check=True, timeout=30
    ).stdout


TALK = """
import socket, sys, urllib.parse
url = urllib.parse.urlsplit(sys.argv[1])
lines = ([f"AUTH {url.password}"] if url.password else []) + sys.argv[2:]
with socket.create_connection((url.hostname, url.port), timeout=10) as peer:
    peer.sendall("".join(line + "\\r\\n" for line in [*lines, "QUIT"]).encode())
    while block := peer.recv(4096):
        sys.stdout.buffer.write(block)
"""


class TestPostgres:
    def test_serves_below_a_closed_folder_and_opens_no_folder_above(self, new_postgres: Postgres) -> None:
        new_postgres.home.path.mkdir(mode=0o700)
        before = modes_above(new_postgres.folder)
        new_postgres.start()
        assert ask(new_postgres.url, "select 1") == [(1,)]
        assert modes_above(new_postgres.folder) == before
        for folder in (new_postgres.folder, new_postgres.folder / "data", new_postgres.folder / "socket"):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    @as_root
    def test_runs_without_roots_power(self, new_postgres: Postgres) -> None:
        new_postgres.start()
        assert new_postgres.process is not None
        assert (new_postgres.folder / "data").stat().st_uid != 0
        assert Path(f"/proc/{new_postgres.process.pid}").stat().st_uid == (new_postgres.folder / "data").stat().st_uid

    def test_lets_nobody_in_without_the_password(self, postgres: Postgres) -> None:
        postgres.start()
        password = postgres.home.secret("database_password")
        for guess in ("", "wrong"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                ask(postgres.url.replace(password, guess), "select 1")
            with pytest.raises(psycopg.OperationalError, match="password"):
                ask(postgres.url.replace(f"soniquebay:{password}", f"postgres:{guess}"), "select 1")

    def test_brings_vectors_to_every_new_database_but_no_power(self, postgres: Postgres) -> None:
        postgres.start()
        ask(postgres.url, "create database another")
        another = postgres.url.replace("/soniquebay?", "/another?")
        assert ask(another, "select '[1,2,3]'::vector <-> '[1,2,4]'::vector") == [(1.0,)]
        ask(another, "create extension if not exists vector")
        assert ask(postgres.url, "select rolsuper from pg_roles where rolname = current_user") == [(False,)]
        assert ask(postgres.url, "select lower('ÀÉ')") == [("àé",)]

    def test_keeps_what_it_was_given(self, postgres: Postgres) -> None:
        postgres.start()
        ask(postgres.url, "create table kept (name text)")
        postgres.stop()
        assert not postgres.is_alive()
        postgres.start()
        postgres.start()
        assert ask(postgres.url, "select count(*) from kept") == [(0,)]

    def test_starts_again_after_the_server_was_killed_in_the_middle_of_work(self, postgres: Postgres) -> None:
        postgres.durable = True
        postgres.start()
        ask(postgres.url, "create table kept as select 1 as one")
        busy = subprocess.Popen([sys.executable, "-c", BUSY, postgres.url], stderr=subprocess.DEVNULL)
        at_work = "select 1 from pg_stat_activity where query like '%generate_s%' and pid <> pg_backend_pid()"
        while not ask(postgres.url, at_work):
            time.sleep(0.05)
        assert postgres.process is not None
        os.kill(postgres.process.pid, signal.SIGKILL)
        postgres.process.wait()
        postgres.start()
        assert ask(postgres.url, "select one from kept") == [(1,)]
        assert busy.wait(timeout=30) != 0

    def test_a_stale_mark_that_names_somebody_elses_process_is_no_obstacle(self, postgres: Postgres) -> None:
        postgres.start()
        mark = (postgres.folder / "data" / "postmaster.pid").read_text()
        lock = (postgres.folder / "socket" / ".s.PGSQL.5432.lock").read_text()
        assert postgres.process is not None
        ours = str(postgres.process.pid)
        postgres.stop()
        (postgres.folder / "data" / "postmaster.pid").write_text(mark.replace(ours, "1"))
        (postgres.folder / "socket" / ".s.PGSQL.5432.lock").write_text(lock.replace(ours, "1"))
        postgres.start()
        assert ask(postgres.url, "select 1") == [(1,)]

    def test_a_server_that_outlived_its_owner_is_replaced(self, postgres: Postgres) -> None:
        postgres.start()
        assert postgres.process is not None
        postgres._unlock()
        heir = Postgres(postgres.home, durable=False)
        heir.start()
        try:
            assert postgres.process.wait(timeout=5) == 0
            assert ask(heir.url, "select 1") == [(1,)]
        finally:
            heir.stop()

    def test_one_home_has_one_owner(self, postgres: Postgres) -> None:
        postgres.start()
        with pytest.raises(CannotStart, match="Another SoniqueBay already uses"):
            Postgres(postgres.home, durable=False).start()
        assert postgres.is_alive()

    def test_a_deep_home_is_reached_by_a_short_way(self, tmp_path: Path) -> None:
        postgres = Postgres(tmp_path / ("d" * 100) / "home", durable=False)
        try:
            postgres.start()
            short = postgres.socket.path.parent
            assert ask(postgres.url, "select 1") == [(1,)]
            assert stat.S_IMODE(short.stat().st_mode) == 0o700
        finally:
            postgres.stop()
        assert not short.exists()

    def test_data_of_another_version_are_left_alone(self, new_postgres: Postgres) -> None:
        data = new_postgres.folder / "data"
        data.mkdir(parents=True)
        new_postgres.home.secrets.mkdir()
        (data / "PG_VERSION").write_text("16\n")
        with pytest.raises(CannotStart, match=r"made by PostgreSQL 16.*nothing was changed"):
            new_postgres.start()
        assert [entry.name for entry in data.iterdir()] == ["PG_VERSION"]

    def test_an_interrupted_first_start_is_done_again(self, new_postgres: Postgres) -> None:
        half = new_postgres.folder / "data.new"
        half.mkdir(parents=True)
        new_postgres.home.secrets.mkdir()
        (half / "PG_VERSION").write_text("18\n")
        new_postgres.start()
        assert not half.exists()

    def test_a_lost_password_is_replaced(self, postgres: Postgres) -> None:
        postgres.start()
        before = postgres.url
        postgres.stop()
        postgres.home.secret_file("database_password").unlink()
        postgres.start()
        assert postgres.url != before
        assert ask(postgres.url, "select 1") == [(1,)]

    @as_root
    def test_a_full_disk_is_said_in_one_sentence(self, tmp_path: Path) -> None:
        small = tmp_path / "small"
        small.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(small)], check=True)
        try:
            with pytest.raises(CannotStart, match=r"is full\. Nothing was lost"):
                Postgres(small / "home", durable=False).start()
        finally:
            subprocess.run(["umount", str(small)], check=True)

    def test_dies_with_the_process_that_started_it(self, home: Home) -> None:
        owner = subprocess.Popen([sys.executable, "-c", OWNER, str(home.path)], stdout=subprocess.PIPE, cwd=CHECKOUT)
        assert owner.stdout is not None
        with owner.stdout:
            servers = [int(word) for word in owner.stdout.readline().split()]
        assert len(servers) == 2
        owner.kill()
        owner.wait()
        for pid in servers:
            wait_until_gone(pid)
        assert working_in(home.path / "postgres" / "data", ("postgres",)) == []


BUSY = """
import sys, psycopg
with psycopg.connect(sys.argv[1]) as connection:
    connection.execute("select count(*) from generate_series(1, 100000000000)")
"""
OWNER = """
import sys, time
from soniquebay.embedded import Home, Postgres, Redis
home = Home(__import__("pathlib").Path(sys.argv[1]))
postgres, queue = Postgres(home, durable=False), Redis(home)
postgres.start(); queue.start()
print(postgres.process.pid, queue.process.pid, flush=True)
time.sleep(600)
"""


class TestRedis:
    def test_lets_nobody_in_without_the_password(self, queue: Redis) -> None:
        queue.start()
        assert b"+PONG" in redis_says(queue.url, "PING")
        assert b"-NOAUTH" in redis_says(queue.url.replace(f":{queue.home.secret('redis_password')}@", ""), "PING")
        assert queue.process is not None
        password = queue.home.secret("redis_password").encode()
        assert password not in Path(f"/proc/{queue.process.pid}/cmdline").read_bytes()

    def test_keeps_its_queue_and_its_port(self, queue: Redis) -> None:
        queue.start()
        port = queue.port
        redis_says(queue.url, "LPUSH waiting task")
        queue.stop()
        heir = Redis(queue.home)
        heir.start()
        try:
            assert heir.port == port
            assert b"task" in redis_says(heir.url, "LRANGE waiting 0 -1")
        finally:
            heir.stop()

    def test_takes_another_port_when_its_own_is_taken(self, queue: Redis, tmp_path: Path) -> None:
        queue.start()
        other = Redis(tmp_path / "other", first_port=queue.port)
        other.start()
        try:
            assert other.port != queue.port
        finally:
            other.stop()

    def test_an_unreadable_queue_is_put_aside(self, queue: Redis) -> None:
        queue.start()
        queue.stop()
        (queue.folder / "dump.rdb").write_bytes(b"REDIS0009" + b"\xff\x00garbage" * 20)
        queue.start()
        assert b"+PONG" in redis_says(queue.url, "PING")
        assert len(list(queue.folder.glob("dump.rdb.damaged-*"))) == 1

    def test_a_full_memory_never_costs_a_queued_task(self, queue: Redis) -> None:
        queue.start()
        redis_says(queue.url, "LPUSH waiting task", "CONFIG SET maxmemory 1", "SET passing 1 EX 100")
        assert b"task" in redis_says(queue.url, "LRANGE waiting 0 -1")

    def test_a_machine_without_redis_is_told_what_to_install(
        self, queue: Redis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(redis, "package_folder", lambda _: None)
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(CannotStart, match=r"No Redis was found on this machine\. Install .*REDIS_URL"):
            queue.start()
        old = tmp_path / "redis-server"
        old.write_text("#!/bin/sh\necho 'Redis server v=5.0.7 sha=0'\n")
        old.chmod(0o755)
        with pytest.raises(CannotStart, match=r"is version 5\.0\.7, older than 6\.2"):
            queue.start()


class TestHome:
    def test_is_closed_to_others(self, home: Home) -> None:
        home.make()
        assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in home.secrets.iterdir()} == {0o600}

    def test_never_moves_into_somebodys_music(self, tmp_path: Path) -> None:
        (tmp_path / "song.flac").touch()
        with pytest.raises(CannotStart, match=r"song\.flac.*nothing was changed"):
            Home(tmp_path).make()
        assert [entry.name for entry in tmp_path.iterdir()] == ["song.flac"]

    def test_makes_secrets_once(self, home: Home) -> None:
        home.make()
        first = home.secret("secret_key")
        Home(home.path).make()
        assert home.secret("secret_key") == first

    def test_a_large_log_is_put_aside(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        home.make()
        os.close(home.open_log("web"))
        home.log("web").write_text("x" * 6_000_000)
        os.close(home.open_log("web"))
        assert home.log("web").stat().st_size == 0
        assert home.log("web").with_name("web.log.1").stat().st_size == 6_000_000


@as_root
def test_starts_at_the_same_moment_agree_on_one_account() -> None:
    name = f"sbtest{os.getpid()}"
    code = f"from soniquebay.embedded.account import make_account; print(make_account({name!r}))"
    command = [sys.executable, "-c", code]
    try:
        starts = [subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
        made = {start.communicate(timeout=60)[0].strip() for start in starts}
        entry = pwd.getpwnam(name)
        assert made == {str(Account(entry.pw_uid, entry.pw_gid))}
    finally:
        subprocess.run(["userdel", name], check=False)


@as_root
def test_programs_that_the_account_cannot_reach_are_copied_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = Account(65534, 65534)
    source = tmp_path / "closed" / "program"
    source.parent.mkdir(mode=0o700)
    source.write_text("#!/bin/sh\nexit 0\n")
    source.chmod(0o700)
    open_place = Path("/var/tmp") / f"soniquebay-test-{os.getpid()}"
    monkeypatch.setattr(binaries, "REACHABLE", (open_place,))
    try:
        copy = binaries.reachable_program(source, "program-1", nobody)
        assert copy == open_place / "program-1" / "program"
        assert stat.S_IMODE(copy.stat().st_mode) == 0o755
        made = copy.stat().st_mtime_ns, copy.parent.stat().st_ino
        assert binaries.reachable_program(source, "program-1", nobody) == copy
        assert (copy.stat().st_mtime_ns, copy.parent.stat().st_ino) == made
        open_place.chmod(0o777)
        copy.write_text("#!/bin/sh\nexit 1\n")
        assert binaries.reachable_program(source, "program-1", nobody) == copy
        assert copy.read_text() == source.read_text()
    finally:
        subprocess.run(["rm", "-rf", str(open_place)], check=True)


def test_a_server_that_gives_up_says_why(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    with (postgres.folder / "data" / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = 'plenty'\n")
    monkeypatch.setattr(server, "READY_WITHIN_S", 20.0)
    with pytest.raises(CannotStart, match=r"PostgreSQL stopped while starting: .*postgres\.log"):
        postgres.start()
    postgres.stop()

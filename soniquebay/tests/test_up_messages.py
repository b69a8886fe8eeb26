"""What `bin/up` says when something stands in the way: one sentence, no traceback, nothing changed."""

import os
import pty
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from soniquebay.embedded import CannotStart, binaries
from soniquebay.supervisor import main
from soniquebay.supervisor.checks import check_platform
from soniquebay.supervisor.figures import bar, count_text, rate_text, seconds_text
from soniquebay.tests.stand_ins import CHECKOUT, Up, wait_for

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    one = Up(tmp_path / "home")
    yield one
    one.clean()


def refusal(up: Up, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """The one line that is said instead of starting."""
    up.start(*arguments, environment=environment)
    assert up.process.wait(timeout=60) == 1
    lines = [line for line in up.said().splitlines() if line.strip() and not line.startswith("✓")]
    assert len(lines) == 1, up.said()
    return lines[0]


def test_a_busy_port_names_its_holder_and_a_free_one(up: Up) -> None:
    with closing(socket.create_server(("0.0.0.0", up.port))):
        said = refusal(up)
    assert f"Port {up.port} is already used by" in said
    assert f"(process {os.getpid()})" in said
    assert re.search(r"--port \d+", said)


def test_an_address_that_is_not_ours(up: Up) -> None:
    assert "192.0.2.99 is not an address of this machine" in refusal(up, "--host", "192.0.2.99")


def test_music_that_is_not_there(up: Up, tmp_path: Path) -> None:
    assert f"The music folder {tmp_path}/none does not exist" in refusal(up, str(tmp_path / "none"))
    file = tmp_path / "song.mp3"
    file.touch()
    assert f"{file} is a file; name the folder" in refusal(up, str(file))
    assert not up.home.exists()


def test_music_that_belongs_to_others(ordinary_up: Up) -> None:
    closed = ordinary_up.home.parent / "closed"
    closed.mkdir(mode=0o000)
    assert f"{closed} cannot be read: it belongs to others" in refusal(ordinary_up, str(closed))


def test_a_home_that_cannot_be_made(up: Up, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    assert "is a file; --home needs a folder" in refusal(up)
    (tmp_path / "home").unlink()
    up.home = Path("/proc/nowhere/home")
    assert "/proc/nowhere/home cannot be written to" in refusal(up)


def test_a_second_one_on_the_same_home_is_told_where_the_first_is(up: Up) -> None:
    up.copy_home()
    up.start()
    up.wait_until_ready()
    second = Up(up.home)
    second._words = up.home.with_name("second.words")
    said = refusal(second)
    assert f"SoniqueBay already runs on {up.home} at http://127.0.0.1:{up.port} (process {up.process.pid})" in said
    assert up.process.poll() is None
    assert up.stop() == 0


@as_root
def test_a_nearly_full_disk_is_noticed_before_anything_starts(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=50m", "tmpfs", str(small)], check=True)
    try:
        up = Up(small / "home")
        up._words = tmp_path / "words"
        said = refusal(up)
        assert "MB left, and SoniqueBay needs 200 MB" in said
        assert "Nothing was started or lost" in said
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_data_of_an_older_postgresql(up: Up) -> None:
    (up.home / "secrets").mkdir(parents=True)
    (up.home / "postgres" / "data").mkdir(parents=True)
    (up.home / "postgres" / "data" / "PG_VERSION").write_text("16\n")
    assert "was made by PostgreSQL 16, and this SoniqueBay brings 18; nothing was changed" in refusal(up)


def test_servers_that_do_not_answer(up: Up) -> None:
    nobody = {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c"}
    assert "The PostgreSQL named by DATABASE_URL does not let us in" in refusal(up, environment=nobody)
    nobody = {"REDIS_URL": "redis://:secret@127.0.0.1:1/0"}
    said = refusal(up, environment=nobody)
    assert "The Redis named by REDIS_URL does not answer" in said
    assert "secret" not in said


def test_too_few_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200));"
        "from soniquebay.supervisor.checks import check_files; check_files()"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False
    ).stderr
    assert "This account may open 200 files at a time, and SoniqueBay needs 512" in said
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (soft, hard)


def test_a_machine_without_our_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "package_folder", lambda _: None)
    with pytest.raises(CannotStart, match=r"No PostgreSQL comes with SoniqueBay for this machine .*DATABASE_URL"):
        binaries.postgres_programs(None)


def test_another_system_than_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(CannotStart, match="docker compose up"):
        check_platform()


@pytest.mark.parametrize("wrong", [["--port", "70000"], ["--port", "web"], ["--workers", "0"], ["--nonsense"]])
def test_a_command_line_that_makes_no_sense(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(wrong)
    assert ended.value.code == 2
    assert "bin/up: error:" in capsys.readouterr().err


def test_a_pipe_gets_plain_lines(up: Up) -> None:
    up.copy_home()
    up.start("--demo")
    up.wait_until_ready()
    wait_for(lambda: "✓ Scan of Music  9 000" in up.said(), timeout_s=30)
    assert up.stop() == 0
    assert "\033" not in up.said()
    assert "\r" not in up.said()
    assert "2 with errors" in up.said()


def test_quiet_says_only_where_it_is(up: Up) -> None:
    up.copy_home()
    up.start("--quiet")
    up.wait_until_ready()
    assert up.stop() == 0
    lines = [line.strip() for line in up.said().splitlines()]
    assert all(line.startswith(("SoniqueBay is ready", "from other devices", "your one-time link")) for line in lines)


def test_a_terminal_gets_bars_that_move(up: Up) -> None:
    ours, theirs = pty.openpty()
    up.copy_home()
    up.start("--no-color", terminal=theirs)
    os.close(theirs)
    seen = b""
    while b"Scan of Music  9" not in seen:
        seen += os.read(ours, 4096)
    up.process.send_signal(signal.SIGINT)
    while b"Stopped" not in seen:
        seen += os.read(ours, 4096)
    assert up.process.wait(timeout=30) == 0
    os.close(ours)
    text = seen.decode()
    assert "Database ████████████░░░░░░░░░░░░ 1/2 core.0001" in text
    assert re.search(r"Scan of Music +████░{8} +33 %  3 000/9 000  reading", text)
    assert re.search(r"Scan of Music +████████░{4} +66 %  6 000/9 000  3 000/s  1\.0 s left", text)
    assert "\033[32m" not in text


class TestFigures:
    def test_seconds(self) -> None:
        assert [seconds_text(s) for s in (0.04, 9.96, 12.4, 185, 7900)] == [
            "0.0 s", "10.0 s", "12 s", "3 min 05 s", "2 h 11 min",
        ]  # fmt: skip

    def test_bars(self) -> None:
        assert bar(0.5, wide=False) == "[############------------]"
        assert bar(1.7, wide=True) == "█" * 24
        assert bar(0, wide=True) == "░" * 24
        assert {len(bar(n / 100, wide=True)) for n in range(101)} == {24}

    def test_counts_and_rates(self) -> None:
        assert count_text(1234567) == "1 234 567"
        assert [rate_text(r) for r in (412.3, 2.5, 0.05)] == ["412/s", "2.5/s", "3.0/min"]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout = tmp_path_factory.mktemp("tree") / "a checkout"
    (checkout / "bin").mkdir(parents=True)
    for name in ("up", "manage", "environment.sh"):
        shutil.copy2(CHECKOUT / "bin" / name, checkout / "bin" / name)
    (checkout / "requirements.txt").write_text("")
    (checkout / "requirements-worker.txt").write_text("")
    (checkout / "manage.py").write_text("import sys; print('came to', *sys.argv[1:])\n")
    return checkout


class TestEnvironmentOfTheShell:
    """bin/environment.sh in a small checkout of its own."""

    def run(self, checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        usual = {
            "PATH": os.environ["PATH"],
            "HOME": str(checkout.parent),
            "PYTHON": sys.executable,
            "PIP_NO_INDEX": "0",
        }
        usual |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
        command = [str(checkout / "bin" / "up"), *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=120, env={**usual, **environment}
        )

    def test_installs_once_and_again_when_the_requirements_change(self, checkout: Path) -> None:
        shutil.rmtree(checkout / ".venv", ignore_errors=True)
        first = self.run(checkout, "a folder", "--demo")
        assert first.stdout == "came to up a folder --demo\n"
        assert "Installing Python packages" in first.stderr
        again = self.run(checkout, PIP_INDEX_URL="http://127.0.0.1:1/", PYTHON="/none")
        assert (again.returncode, again.stdout, again.stderr) == (0, "came to up\n", "")
        (checkout / "requirements.txt").write_text("# changed\n")
        assert "Installing Python packages" in self.run(checkout).stderr

    def test_no_network_names_the_package_and_the_log(self, checkout: Path) -> None:
        (checkout / "requirements.txt").write_text("some-package==1.0\n")
        said = self.run(checkout, PIP_INDEX_URL="http://127.0.0.1:1/", PIP_RETRIES="0", PIP_FIND_LINKS="")
        assert said.returncode == 1
        assert "(stopped at some-package==1.0): the package index cannot be reached" in said.stderr
        assert str(checkout / ".venv.log") in said.stderr
        assert not (checkout / ".venv.lock").exists()
        (checkout / "requirements.txt").write_text("")

    def test_a_package_that_nobody_has_is_named(self, checkout: Path) -> None:
        (checkout / "requirements.txt").write_text("some-package==1.0\n")
        said = self.run(checkout, PIP_NO_INDEX="1", PIP_FIND_LINKS="")
        assert said.returncode == 1
        assert "The Python package some-package==1.0 is not to be had for this machine" in said.stderr
        (checkout / "requirements.txt").write_text("")

    def test_a_full_disk_is_noticed_before_anything_is_fetched(self, checkout: Path, tmp_path: Path) -> None:
        full = tmp_path / "df"
        full.write_text("#!/bin/sh\necho Filesystem\necho /dev/sda1 90000000 89900000 51200 100% /\n")
        full.chmod(0o755)
        (checkout / "requirements.txt").write_text("# once more\n")
        said = self.run(checkout, PATH=f"{tmp_path}:{os.environ['PATH']}")
        assert said.returncode == 1
        assert "has 50 MB left, and the Python packages need about 700 MB" in said.stderr
        assert not (checkout / ".venv.lock").exists()

    def test_an_unsuitable_python(self, checkout: Path, tmp_path: Path) -> None:
        shutil.rmtree(checkout / ".venv", ignore_errors=True)
        said = self.run(checkout, PYTHON="/none/python3")
        assert "PYTHON=/none/python3 is not a Python between 3.11 and 3.14" in said.stderr
        tools = tmp_path / "tools"
        tools.mkdir()
        for tool in ("sh", "dirname", "readlink", "cksum", "mkdir", "rm", "cat", "df", "awk", "uname", "sed", "grep"):
            (tools / tool).symlink_to(shutil.which(tool) or tool)
        said = self.run(checkout, PYTHON="", PATH=str(tools))
        assert said.returncode == 1
        assert "SoniqueBay needs Python 3.11 to 3.14, and found no Python" in said.stderr
        old = tools / "python3"
        old.write_text("#!/bin/sh\n[ \"$1\" = --version ] && echo 'Python 3.9.2' && exit\nexit 1\n")
        old.chmod(0o755)
        assert "and found Python 3.9.2" in self.run(checkout, PYTHON="", PATH=str(tools)).stderr

    def test_a_python_without_its_module_for_environments(self, checkout: Path, tmp_path: Path) -> None:
        shutil.rmtree(checkout / ".venv", ignore_errors=True)
        bare = tmp_path / "python"
        bare.write_text(f'#!/bin/sh\ncase $2 in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n')
        bare.chmod(0o755)
        said = self.run(checkout, PYTHON=str(bare))
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        assert f"sudo apt install python{version}-venv" in said.stderr

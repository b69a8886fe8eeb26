"""The machine under it: folders and their modes, room on the disk, the music, the clock."""

import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from core.doctor.findings import Finding, megabytes, ok, problem, warning
from core.doctor.stores import connect
from core.errors import Unavailable

LITTLE_SPACE, TOO_LITTLE_SPACE = 2 * 2**30, 300 * 2**20
SKEW_S = 2.0


def home_folders() -> Iterator[Finding]:
    """Secrets are for nobody else; the rest must be writable."""
    closed = list(_too_open(settings.HOME / "secrets"))
    for path, mode in closed:
        yield problem("home", f"{path} is open to others ({mode:04o})", f"chmod go= {path}")
    folders = (settings.MEDIA_ROOT, settings.BACKUP_FOLDER, settings.STATIC_ROOT)
    stuck = [folder for folder in folders if folder.exists() and not os.access(folder, os.W_OK)]
    for folder in stuck:
        yield problem("home", f"{folder} cannot be written to", "Give it to the account that runs SoniqueBay.")
    if not closed and not stuck:
        yield ok("home", str(settings.HOME))


def _too_open(secrets: Path) -> Iterator[tuple[Path, int]]:
    if not secrets.is_dir():
        return
    for path in (secrets, *sorted(secrets.iterdir())):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield path, mode


def disk_space() -> Iterator[Finding]:
    free = shutil.disk_usage(_existing(settings.HOME)).free
    if free < TOO_LITTLE_SPACE:
        yield problem("disk", f"{megabytes(free)} free", "Free some space before PostgreSQL has to stop.")
    elif free < LITTLE_SPACE:
        yield warning("disk", f"{megabytes(free)} free", "Free some space, or set BACKUPS_KEPT lower.")
    else:
        yield ok("disk", f"{megabytes(free)} free")


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())


def music_folder() -> Iterator[Finding]:
    if not settings.MUSIC_DIR:
        yield ok("music", "no folder is named by MUSIC_DIR")
        return
    folder = Path(settings.MUSIC_DIR)
    if not folder.is_dir():
        hint = "Mount it, or correct MUSIC_DIR; what is known of its music is kept meanwhile."
        yield problem("music", f"{folder} cannot be seen from here", hint)
    elif not os.access(folder, os.R_OK | os.X_OK):
        yield problem("music", f"{folder} cannot be read", "Let the account that runs SoniqueBay read it.")
    elif not any(folder.iterdir()):
        yield warning("music", f"{folder} is empty", "Is its disk mounted?")
    else:
        yield ok("music", str(folder))


def clock() -> Iterator[Finding]:
    """Against the database's: heartbeats and schedules compare the two."""
    try:
        with connect() as connection:
            before = time.time()
            row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
            after = time.time()
    except Unavailable:
        return
    skew = float(row[0]) - (before + after) / 2 if row else 0.0
    said = f"{abs(skew):.1f} s {'behind' if skew > 0 else 'ahead of'} the database"
    if abs(skew) > SKEW_S + (after - before):
        yield problem("clock", said, "Set both machines' clocks by NTP.")
    else:
        yield ok("clock", "agrees with the database")

"""An ordinary account for `bin/up`, also where the tests run as root and Python lies in a folder closed to others."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from soniquebay.tests.stand_ins import CHECKOUT, Up

# For one process and those that it starts, a folder that is closed to others (/root, for one) is replaced by one that
# holds nothing but what is needed from there; then the process becomes the account.
AS_ACCOUNT = """
set -e
account=$1 group=$2 closed=$3 stage=$4
shift 4
[ "$closed" = / ] || mount -t tmpfs -o mode=0755 none "$stage"
while [ "$1" != -- ]; do
    mkdir -p "$stage/${1#"$closed"/}"
    mount --bind "$1" "$stage/${1#"$closed"/}"
    shift
done
shift
[ "$closed" = / ] || mount --rbind "$stage" "$closed"
exec setpriv --reuid "$account" --regid "$group" --clear-groups -- "$@"
"""


@pytest.fixture
def ordinary_up(tmp_path: Path) -> Iterator[Up]:
    """A `bin/up` without root's power, whose home lies in a folder of its own."""
    if os.geteuid() != 0:
        up = Up(tmp_path / "home")
        yield up
        up.clean()
        return
    if not (shutil.which("useradd") and shutil.which("unshare") and shutil.which("setpriv")):
        pytest.skip("useradd, unshare and setpriv are not installed")
    yield from _as_another(tmp_path)


def _as_another(stage: Path) -> Iterator[Up]:
    name = f"sbtest{os.getpid()}"
    place = Path("/var/tmp") / name
    subprocess.run(["useradd", "--no-create-home", name], check=True)
    try:
        entry = pwd.getpwnam(name)
        place.mkdir(mode=0o700)
        os.chown(place, entry.pw_uid, entry.pw_gid)
        up = Up(place / "home", through=_through(entry, stage))
        yield up
        up.clean()
    finally:
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run(["userdel", name], check=True)


def _through(entry: pwd.struct_passwd, stage: Path) -> list[str]:
    needed = [Path(sys.prefix), Path(sys.base_prefix), CHECKOUT]
    closed = {parent for path in needed if (parent := _closed(path))}
    if len(closed) > 1 or closed & set(needed):
        pytest.skip(f"closed to other accounts: {', '.join(map(str, closed))}")
    inside = [str(path) for path in needed if _closed(path)]
    words = [str(entry.pw_uid), str(entry.pw_gid), str(next(iter(closed), "/")), str(stage), *inside, "--"]
    return ["unshare", "--mount", "sh", "-c", AS_ACCOUNT, "sh", *words]


def _closed(folder: Path) -> Path | None:
    """The uppermost that others may not enter."""
    way = [folder, *folder.parents]
    return next((at for at in reversed(way) if not at.stat().st_mode & 0o001), None)

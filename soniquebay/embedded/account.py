"""The unprivileged account that the servers get when we are started as root."""

import fcntl
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

NAME = "soniquebay"


class Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """Who runs a server; `None` in place of an account means: we ourselves."""

    uid: int
    gid: int


def identity(account: Account | None) -> Identity:
    """What subprocess needs to start somebody else's process."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def account_for(folder: Path) -> Account | None:
    """As root: whoever owns the data already, else an account of our own, else nobody."""
    if os.geteuid() != 0:
        return None
    try:
        owner = folder.stat()
    except OSError:
        owner = None
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in (NAME, "nobody"):
        account = named_account(name) or (make_account(name) if name == NAME else None)
        if account is not None:
            return account
    return Account(65534, 65534)


def named_account(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def make_account(name: str) -> Account | None:
    """None where accounts cannot be made.

    Two useradd at once make the account twice, the second in place of the first, under another number.
    """
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    shell = ["--shell", "/usr/sbin/nologin", "--user-group", name]
    lock = os.open("/etc", os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if named_account(name) is None:
            subprocess.run([*command, *shell], capture_output=True, check=False)
        return named_account(name)
    finally:
        os.close(lock)


def own_folder(folder: Path, account: Account | None) -> None:
    """A folder of mode 0700 that belongs to the account; no folder above it is touched."""
    folder.mkdir(exist_ok=True, mode=0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    folder.chmod(0o700)

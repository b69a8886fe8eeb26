"""A browser on another machine: in a network of its own, joined to the server by a cable, over plain HTTP."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def why_not() -> str:
    """What is missing here to lay a cable; nothing where it can be laid."""
    if os.geteuid() != 0:
        return "only root can make another machine (a network namespace)"
    return "" if shutil.which("ip") else "ip (iproute2) is not installed"


class Cable:
    """Our end is `here`; the other one lies in a namespace, in which the browser runs."""

    def __init__(self) -> None:
        number = os.getpid() % 250
        self.name = f"sbplay-{os.getpid()}"
        self.here, self.there = f"10.214.{number}.1", f"10.214.{number}.2"

    def lay(self) -> None:
        ours, theirs = f"sph{os.getpid()}", f"spt{os.getpid()}"
        for command in (
            f"netns add {self.name}",
            f"link add {ours} type veth peer name {theirs} netns {self.name}",
            f"address add {self.here}/30 dev {ours}",
            f"link set {ours} up",
            f"-n {self.name} address add {self.there}/30 dev {theirs}",
            f"-n {self.name} link set {theirs} up",
            f"-n {self.name} link set lo up",
        ):
            subprocess.run(["ip", *command.split()], check=True, capture_output=True)

    def take_away(self) -> None:
        subprocess.run(["ip", "netns", "delete", self.name], check=False, capture_output=True)

    def browser(self, folder: Path) -> Path:
        """A program that starts Chromium over there; it is spoken to through pipes, which no network holds up."""
        program = folder / "chromium-elsewhere"
        program.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {CHROMIUM} "$@"\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return program

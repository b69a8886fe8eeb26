"""The command line of `up`, understood and with its defaults."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.environment import home as usual_home
from soniquebay.embedded import CannotStart

USUAL_PORT = 8337
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - people listen from their phones; --host 127.0.0.1 closes it


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    music: Path | None
    demo: bool
    port: int
    host: str
    home: Path
    workers: int
    colour: bool
    quiet: bool

    @property
    def api_url(self) -> str:
        """Where our own processes reach the web."""
        here = "127.0.0.1" if self.host in {EVERY_ADDRESS, "::", ""} else self.host
        return f"http://[{here}]:{self.port}" if ":" in here else f"http://{here}:{self.port}"


def understand(argv: Sequence[str], environment: Mapping[str, str]) -> Options:
    """Says in argparse's own way what cannot be understood, and exits."""
    given = _parser().parse_args(argv)
    if given.home == "":
        raise CannotStart("--home needs a folder.")
    music = given.music or environment.get("MUSIC_DIR") or None
    return Options(
        music=Path(music).expanduser().absolute() if music else None,
        demo=given.demo,
        port=given.port,
        host=given.host,
        home=Path(given.home).expanduser().absolute() if given.home else usual_home(),
        workers=given.workers or fitting_workers(),
        colour=not given.no_color and "NO_COLOR" not in environment,
        quiet=given.quiet,
    )


def fitting_workers() -> int:
    """All cores but one, which goes on serving; four at most, because each needs memory."""
    return max(1, min(4, len(os.sched_getaffinity(0)) - 1))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/up",
        description="Starts SoniqueBay with everything that it needs; Ctrl-C stops it all.",
        epilog="DATABASE_URL and REDIS_URL, when set, name servers of yours that are used instead of our own.",
    )
    parser.add_argument("music", nargs="?", metavar="MUSIC_DIR", help="a folder of music; nothing is written into it")
    parser.add_argument("--demo", action="store_true", help="make a small library of demonstration music")
    parser.add_argument("--port", type=_port, default=USUAL_PORT, help=f"port of the web pages (usually {USUAL_PORT})")
    parser.add_argument("--host", default=EVERY_ADDRESS, help="address to listen at (usually all of this machine)")
    parser.add_argument("--home", metavar="DIR", help="where data are kept (usually ~/.local/share/soniquebay)")
    parser.add_argument("--workers", type=_workers, metavar="N", help="how many jobs run at a time")
    parser.add_argument("--no-color", action="store_true", help="plain text without colours")
    parser.add_argument("--quiet", action="store_true", help="say nothing but the address and what goes wrong")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port; one lies between 1 and 65535.")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text} is not a number between 1 and 64.")
    return int(text)

"""What the doctor says of one part."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    name: str
    level: Level
    detail: str
    hint: str = ""
    version: str = ""


def ok(name: str, detail: str, *, version: str = "") -> Finding:
    return Finding(name, Level.OK, detail, version=version)


def warning(name: str, detail: str, hint: str, *, version: str = "") -> Finding:
    return Finding(name, Level.WARNING, detail, hint, version)


def problem(name: str, detail: str, hint: str, *, version: str = "") -> Finding:
    return Finding(name, Level.PROBLEM, detail, hint, version)


def megabytes(size: float) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / 2**20:.0f} MB"

"""Python, the packages, and Django's own checks."""

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings
from django.core.checks import ERROR, WARNING, run_checks
from packaging.requirements import InvalidRequirement, Requirement

from core.doctor.findings import Finding, ok, problem, warning

PINS = "requirements.txt"
OLDEST, FIRST_UNKNOWN = (3, 11), (3, 15)


def python() -> Iterator[Finding]:
    found = platform.python_version()
    if OLDEST <= sys.version_info[:2] < FIRST_UNKNOWN:
        yield ok("Python", f"{platform.system()} {platform.machine()}", version=found)
    else:
        yield problem("Python", "is not one that SoniqueBay knows", "Use Python 3.11 to 3.14.", version=found)


def packages() -> Iterator[Finding]:
    """What is installed, against what this version of SoniqueBay was tried with."""
    pins = list(_pins(Path(settings.BASE_DIR) / PINS))
    wrong = [f"{name} {found or 'missing'} instead of {wanted}" for name, wanted, found in pins if found != wanted]
    if not wrong:
        yield ok("packages", f"{len(pins)} as pinned", version=settings.VERSION)
        return
    missing = any(found is None for _, _, found in pins)
    say = problem if missing else warning
    yield say("packages", _some(wrong), f"Install them: pip install -r {PINS} (bin/up does it by itself).")


def _pins(path: Path) -> Iterator[tuple[str, str, str | None]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            requirement = Requirement(line.split("#")[0].strip())
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate():
            wanted = next((spec.version for spec in requirement.specifier if spec.operator == "=="), "")
            yield requirement.name, wanted, _installed(requirement.name)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def system_checks() -> Iterator[Finding]:
    """What Django and we ourselves find in the settings."""
    messages = [message for message in run_checks() if message.level >= WARNING and not message.is_silenced()]
    for message in messages:
        say = problem if message.level >= ERROR else warning
        yield say("settings", f"{message.msg} ({message.id})", message.hint or "")
    if not messages:
        yield ok("settings", "nothing to object to")


def _some(things: list[str]) -> str:
    more = f" and {len(things) - 3} more" if len(things) > 3 else ""
    return ", ".join(things[:3]) + more

"""How every part of the house is doing, with its version and a reason when it is not well."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.events import listener
from core.logs import get_logger
from core.models import Worker

log = get_logger(__name__)
SEEN_WITHIN = timedelta(seconds=90)


@dataclass(frozen=True)
class Part:
    name: str
    ok: bool
    detail: str
    version: str = ""
    vital: bool = False
    """without it nothing can be answered"""
    raised: bool = False
    """the detail is what a driver said, with addresses and names of users in it"""

    def as_strangers_see_it(self) -> "Part":
        return replace(self, version="", detail="Does not answer." if self.raised else self.detail)


def health() -> list[Part]:
    """Every part, vital ones first; never raises."""
    parts = [_look("database", _database, vital=True), _look("redis", _redis, vital=True)]
    if parts[0].ok:
        parts += [_look("control", _control), _look("workers", _workers)]
    return [*parts, _look("events", _events)]


def status(parts: list[Part]) -> str:
    if all(part.ok for part in parts):
        return "ok"
    return "down" if any(part.vital and not part.ok for part in parts) else "degraded"


def _look(name: str, check: Callable[[], tuple[bool, str, str]], *, vital: bool = False) -> Part:
    try:
        ok, detail, version = check()
    except Exception as error:
        reason = str(error).strip().split("\n")[0]
        log.warning("part_away", part=name, reason=reason)
        return Part(name=name, ok=False, detail=reason, vital=vital, raised=True)
    return Part(name=name, ok=ok, detail=detail, version=version, vital=vital)


def _database() -> tuple[bool, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), extversion FROM pg_extension WHERE extname = 'vector'"
        )
        row = cursor.fetchone()
    if row is None:
        return False, "The extension vector is missing: run migrate.", ""
    return True, "answers", f"PostgreSQL {row[0]}, pgvector {row[1]}"


def _redis() -> tuple[bool, str, str]:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as client:
        info = client.info("server")
    return True, "answers", f"Redis {info['redis_version']}"


def _control() -> tuple[bool, str, str]:
    control = Worker.objects.filter(name=Worker.CONTROL, seen_at__gt=timezone.now() - SEEN_WITHIN).first()
    return (True, "keeps time", control.version) if control else (False, "Not heard of for 90 seconds.", "")


def _workers() -> tuple[bool, str, str]:
    seen = list(Worker.objects.exclude(name=Worker.CONTROL).filter(seen_at__gt=timezone.now() - SEEN_WITHIN))
    if not seen:
        return False, "No worker was heard of for 90 seconds: jobs wait.", ""
    return True, ", ".join(sorted(worker.name for worker in seen)), seen[0].version


def _events() -> tuple[bool, str, str]:
    state = listener.state()
    if not state.well:
        # In the words of Redis' driver, as when Redis itself is asked.
        raise ConnectionError(state.reason)
    return True, "listens", ""

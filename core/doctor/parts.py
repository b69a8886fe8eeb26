"""Our own parts: the web, control, workers, what they were given, and what they keep."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import psycopg
from django.conf import settings

from core.backups.covers import Covers
from core.backups.making import backups
from core.backups.settling import unreadable_settings
from core.doctor.findings import Finding, megabytes, ok, problem, warning
from core.doctor.stores import connect
from core.environment import optional, secret_file
from core.errors import Unavailable
from core.health import SEEN_WITHIN
from core.jobs import all_kinds
from core.models import Worker
from core.tokens import digest
from core.version import VERSION

BACKUP_IS_OLD = timedelta(days=3)


def web() -> Iterator[Finding]:
    url = f"{settings.API_URL}/health"
    start = "Start bin/up, or the service of the web; API_URL says where it is looked for."
    try:
        # A proxy of the environment is for the outside.
        with build_opener(ProxyHandler({})).open(url, timeout=5) as answer:
            health = json.load(answer)
    except HTTPError as error:
        yield problem("web", f"{url} answers {error.code}", "PostgreSQL or Redis is away; see the lines of those.")
    except (URLError, OSError, ValueError) as error:
        yield problem("web", f"{url} does not answer: {getattr(error, 'reason', error)}", start)
    else:
        yield _web(health)


def _web(health: dict[str, Any]) -> Finding:
    version = str(health.get("version", ""))
    if version != VERSION:
        return warning("web", f"runs another version than this {VERSION}", "Restart it.", version=version)
    return ok("web", f"answers at {settings.API_URL}", version=version)


def _rows(query: str, *values: object) -> list[tuple[Any, ...]] | None:
    """None while PostgreSQL is away, which has a line of its own, or knows no tables of ours yet."""
    try:
        with connect() as connection:
            return connection.execute(query, values).fetchall()
    except (Unavailable, psycopg.errors.UndefinedTable):
        return None


def control() -> Iterator[Finding]:
    rows = _rows("SELECT version, now() - seen_at FROM workers WHERE name = %s", Worker.CONTROL)
    if rows is None:
        return
    if not rows or rows[0][1] > SEEN_WITHIN:
        hint = "Start it: bin/up, or manage.py control. Without it nothing is scheduled, backed up or revived."
        yield problem("control", _last_heard(rows[0][1] if rows else None), hint)
    else:
        yield ok("control", _last_heard(rows[0][1]), version=rows[0][0])


def workers() -> Iterator[Finding]:
    rows = _rows("SELECT name, version, queues, now() - seen_at FROM workers WHERE name <> %s", Worker.CONTROL)
    if rows is None:
        return
    alive = [row for row in rows if row[3] <= SEEN_WITHIN]
    for name, version, queues, ago in alive:
        said = f"{name}: {', '.join(queues)}; {_last_heard(ago)}"
        if version == VERSION:
            yield ok("worker", said, version=version)
        else:
            yield warning("worker", said, f"Update it to {VERSION}.", version=version)
    if not alive:
        hint = "Start one: bin/up, or python -m core.worker. Jobs wait until then."
        yield problem("worker", _last_heard(min((row[3] for row in rows), default=None)), hint)


def _last_heard(ago: timedelta | None) -> str:
    if ago is None:
        return "was never heard of"
    seconds = max(0, int(ago.total_seconds()))
    return f"heard of {seconds} seconds ago" if seconds < 300 else f"not heard of since {seconds // 60} minutes"


def worker_token() -> Iterator[Finding]:
    secret = optional("WORKER_TOKEN") or secret_file("worker_token")
    if not secret:
        hint = "bin/up makes one; for a worker elsewhere: manage.py create_token NAME --scope worker."
        yield warning("worker token", "none is kept here", hint)
        return
    query = "SELECT scope, revoked_at IS NULL FROM api_tokens WHERE digest = %s"
    rows = _rows(query, digest(secret))
    if rows is None:
        return
    if rows == [("worker", True)]:
        yield ok("worker token", "is valid")
    else:
        yield problem("worker token", "is unknown or revoked", "Run manage.py prepare, then restart the worker.")


def schedule() -> Iterator[Finding]:
    rows = _rows("SELECT name, task, enabled FROM django_celery_beat_periodictask")
    if rows is None:
        return
    known = {kind.name for kind in all_kinds()} | {"celery.backend_cleanup"}
    unknown = [f"{name} ({task})" for name, task, enabled in rows if enabled and task not in known]
    if unknown:
        yield warning("schedule", f"names what does not exist: {', '.join(unknown)}", "Correct it in the admin.")
    else:
        yield ok("schedule", f"{sum(enabled for *_, enabled in rows)} entries")


def stored_secrets() -> Iterator[Finding]:
    try:
        with connect() as connection:
            unreadable = unreadable_settings(connection)
    except (Unavailable, psycopg.errors.UndefinedTable):
        return
    if unreadable:
        hint = "Put the old ENCRYPTION_KEY behind the present one, after a comma, or enter these anew."
        yield problem("secrets", f"not readable with this key: {', '.join(unreadable)}", hint)
    else:
        yield ok("secrets", "readable with this key")


def last_backup() -> Iterator[Finding]:
    if Covers(settings.MEDIA_ROOT).stage.exists():
        hint = "The next backup brings it to its end: manage.py backup."
        yield warning("restore", "one is at work, or was interrupted", hint)
    made = backups(settings.BACKUP_FOLDER)
    if not made:
        yield warning("backups", "there is none yet", "Make one: manage.py backup. Control makes one every night.")
        return
    stat = made[0].stat()
    age = datetime.now(UTC) - datetime.fromtimestamp(stat.st_mtime, UTC)
    old = f"{age.days} days and {age.seconds // 3600} hours old"
    said = f"{len(made)} kept; the newest is {old}, {megabytes(stat.st_size)}"
    if age > BACKUP_IS_OLD:
        yield warning("backups", said, "See Activity for why; control makes one every night.")
    else:
        yield ok("backups", said)

"""What a restored database must be told about the present: its jobs run no more, this house's tokens still hold."""

from contextlib import suppress

import psycopg
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from core.encryption import decrypt
from core.environment import secret_file
from core.errors import Unavailable
from core.events import tell_to_fetch_anew
from core.models import ApiToken, Job, Setting
from core.tokens import digest

REASON = "It was running when the backup was made that is restored now; start it again if it is still wanted."
HOUSE_TOKENS = {"worker": ("worker", "worker_token"), "terminal": ("read", "terminal_token")}


def settle(fresh: psycopg.Connection) -> int:
    """How many running jobs were closed."""
    with fresh.transaction():
        keep_house_tokens(fresh)
        closed = fresh.execute(
            f"UPDATE {Job._meta.db_table} SET state = %s, message = %s, finished_at = now() WHERE state = %s",  # noqa: S608
            [Job.State.FAILED, REASON, Job.State.RUNNING],
        )
    return closed.rowcount


def keep_house_tokens(fresh: psycopg.Connection) -> None:
    """The running worker goes on with the token that it has, which the backup may not know."""
    for name, (scope, file_name) in HOUSE_TOKENS.items():
        secret = secret_file(file_name)
        if secret:
            fresh.execute(
                f"INSERT INTO {ApiToken._meta.db_table} (name, scope, digest, beginning, created_at) "  # noqa: S608
                "VALUES (%s, %s, %s, %s, now()) ON CONFLICT (digest) DO NOTHING",
                [name, scope, digest(secret), secret[:16]],
            )


def tell_everybody() -> None:
    """What the cache holds is of the old database, and so is every open page."""
    with suppress(RedisError, OSError), Redis.from_url(settings.REDIS_URL, socket_timeout=5) as redis:
        # Not the whole of Redis, which holds the queue as well.
        for key in redis.scan_iter(match=f"{settings.CACHES['default']['KEY_PREFIX']}:*", count=1000):
            redis.unlink(key)
    tell_to_fetch_anew()


def unreadable_settings(fresh: psycopg.Connection) -> list[str]:
    """Settings that were encrypted with another key than this house has."""
    rows = fresh.execute(
        f"SELECT key, secret FROM {Setting._meta.db_table} WHERE secret IS NOT NULL ORDER BY key"  # noqa: S608
    ).fetchall()
    return [key for key, secret in rows if not _is_readable(secret)]


def _is_readable(secret: bytes) -> bool:
    try:
        decrypt(secret)
    except Unavailable:
        return False
    return True

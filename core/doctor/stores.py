"""PostgreSQL and Redis: whether they answer, are of the right kind, and have room."""

from collections.abc import Iterator

import psycopg
import redis
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from core.backups.database import live_database
from core.doctor.findings import Finding, megabytes, ok, problem, warning
from core.errors import Unavailable
from core.jobs import Queue

OLDEST_SERVER = 160000
OLDEST_VECTOR = (0, 8)
CONNECTIONS_USED_OF_ALL = 0.8
WAL_OF_DATABASE = 2 * 2**30
LONG_QUEUE = 1000


def connect() -> psycopg.Connection:
    """Apart from Django's pool, so that a database that is away is said once and at once."""
    return live_database().connect()


def postgresql() -> Iterator[Finding]:
    try:
        connection = connect()
    except Unavailable as error:
        yield problem("PostgreSQL", error.message, error.hint)
        return
    with connection:
        yield _server(connection)
        yield _vector(connection)
        yield _connections(connection)
        yield from _sizes(connection)


def _server(connection: psycopg.Connection) -> Finding:
    version = connection.info.parameter_status("server_version") or ""
    if connection.info.server_version < OLDEST_SERVER:
        return problem("PostgreSQL", "is too old", "Use PostgreSQL 16 or newer.", version=version)
    return ok("PostgreSQL", "answers", version=version)


def _vector(connection: psycopg.Connection) -> Finding:
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    if row is None:
        return problem("pgvector", "is not in this database", "Start bin/up, or run manage.py migrate.")
    if tuple(int(part) for part in row[0].split(".")[:2]) < OLDEST_VECTOR:
        return problem("pgvector", "is too old", "Install pgvector 0.8 or newer on the server.", version=row[0])
    return ok("pgvector", "is there", version=row[0])


def _connections(connection: psycopg.Connection) -> Finding:
    row = connection.execute(
        "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity "
        "WHERE backend_type = 'client backend'"
    ).fetchone()
    used, most = row or (0, 0)
    said = f"{used} of {most} in use"
    if used > most * CONNECTIONS_USED_OF_ALL:
        return warning("connections", said, "Lower DATABASE_POOL, or raise the server's max_connections.")
    return ok("connections", said)


def _sizes(connection: psycopg.Connection) -> Iterator[Finding]:
    row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    yield ok("database size", megabytes(row[0] if row else 0))
    try:
        row = connection.execute("SELECT sum(size) FROM pg_ls_waldir()").fetchone()
    except psycopg.errors.InsufficientPrivilege:
        # The embedded server's library role may not look; the server keeps that folder small by itself.
        return
    size = int(row[0] or 0) if row else 0
    if size > WAL_OF_DATABASE:
        hint = "Look for a replication slot that nobody reads, or an archive command that fails."
        yield warning("write-ahead log", megabytes(size), hint)
    else:
        yield ok("write-ahead log", megabytes(size))


def migrations() -> Iterator[Finding]:
    try:
        connection = connect()
    except Unavailable:
        return
    with connection:
        table = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
        rows = connection.execute("SELECT app, name FROM django_migrations").fetchall() if table and table[0] else []
    known = set(MigrationLoader(None).graph.nodes)
    applied = {(app, name) for app, name in rows}
    pending, newer = known - applied, {node for node in applied - known if node[0] in {app for app, _ in known}}
    if newer:
        detail = f"the database knows {'.'.join(min(newer))}, which this version does not"
        yield problem("migrations", detail, "Update SoniqueBay; a newer one has worked with this database.")
    elif pending:
        yield problem("migrations", f"{len(pending)} pending", "Start bin/up, or run manage.py prepare.")
    else:
        yield ok("migrations", f"{len(known)} applied")


def _ask() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3, socket_timeout=3)


def redis_server() -> Iterator[Finding]:
    try:
        with _ask() as client:
            info = client.info()
    except (redis.RedisError, OSError) as error:
        yield problem("Redis", f"cannot be reached: {error}", "Start it (bin/up, or its service); jobs wait meanwhile.")
        return
    yield ok("Redis", f"answers, {info['connected_clients']} connected", version=str(info["redis_version"]))
    yield _memory(info)
    policy = str(info.get("maxmemory_policy", ""))
    if policy.startswith("allkeys"):
        hint = "Set maxmemory-policy to volatile-lru: with allkeys a full memory loses queued jobs' messages."
        yield warning("Redis eviction", policy, hint)
    else:
        yield ok("Redis eviction", policy)
    if info.get("rdb_last_bgsave_status") != "ok":
        yield warning("Redis persistence", "the last save failed", "Look into its log; its disk may be full.")
    else:
        yield ok("Redis persistence", "append-only file" if info.get("aof_enabled") else "snapshots")


def _memory(info: dict[str, object]) -> Finding:
    used, most = int(str(info["used_memory"])), int(str(info.get("maxmemory", 0)))
    said = f"{megabytes(used)} of {megabytes(most) if most else 'no limit'}"
    if most and used > most * 0.9:
        return warning("Redis memory", said, "Raise its maxmemory, or look for queues that nobody empties.")
    return ok("Redis memory", said)


def queues() -> Iterator[Finding]:
    """Messages that no worker has taken yet."""
    names = [queue.value for queue in Queue if queue != Queue.CONTROL]
    try:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=3, socket_timeout=3) as client:
            lengths = {name: int(client.llen(name)) for name in names}
    except (redis.RedisError, OSError):
        return
    said = ", ".join(f"{name} {length}" for name, length in lengths.items())
    if max(lengths.values()) > LONG_QUEUE:
        yield warning("queues", said, "Start more workers, or look whether those that run take these queues.")
    else:
        yield ok("queues", said)

"""Looks whether servers of the owner's own will do; run as a process, so that drivers leave with it."""

import os
import sys

import psycopg
import redis

OLDEST_SERVER = 160000
OLDEST_VECTOR = (0, 8)
INSTALL = "CREATE EXTENSION vector;"


def main() -> int:
    """Prints one sentence for the first thing that is wrong."""
    problem = _database(os.environ.get("CHECK_DATABASE_URL")) or _redis(os.environ.get("CHECK_REDIS_URL"))
    if problem:
        sys.stdout.write(f"{problem}\n")
    return 1 if problem else 0


def _database(url: str | None) -> str | None:
    if not url:
        return None
    try:
        with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
            return _will_do(connection)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1].strip() if str(error).strip() else type(error).__name__
        return f"The PostgreSQL named by DATABASE_URL does not let us in: {reason}."


def _will_do(connection: psycopg.Connection) -> str | None:
    if connection.info.server_version < OLDEST_SERVER:
        major = connection.info.server_version // 10000
        return f"The PostgreSQL named by DATABASE_URL is version {major}; SoniqueBay needs 16 or newer."
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except psycopg.errors.InsufficientPrivilege:
        return f"The database named by DATABASE_URL lacks pgvector; let its administrator run there: {INSTALL}"
    except psycopg.Error:
        return "The PostgreSQL named by DATABASE_URL has no pgvector; install the package pgvector 0.8 or newer there."
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    version = str(row[0]) if row else "0"
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_VECTOR:
        return f"The database named by DATABASE_URL has pgvector {version}; SoniqueBay needs 0.8 or newer."
    return None


def _redis(url: str | None) -> str | None:
    if not url:
        return None
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=10, socket_timeout=10) as client:
            version = str(client.info("server").get("redis_version", "0"))
    except (redis.RedisError, ValueError) as error:
        return f"The Redis named by REDIS_URL does not answer: {error}."
    if tuple(int(part) for part in version.split(".")[:2]) < (6, 2):
        return f"The Redis named by REDIS_URL is version {version}; SoniqueBay needs 6.2 or newer."
    return None


if __name__ == "__main__":
    sys.exit(main())

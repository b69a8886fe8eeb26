"""Turns the addresses of PostgreSQL and Redis into what Django and the clients expect."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from core.environment import BadVariable


def database_from_url(url: str, *, pool_size: int) -> dict[str, Any]:
    """Django's settings for postgresql://user:password@host:port/name, or with ?host=/folder of a socket."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "soniquebay",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "") or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            # Requests wait for one of a few connections instead of opening ever more of them; idle ones are closed.
            "pool": {"min_size": 0, "max_size": pool_size, "timeout": 5, "max_idle": 60, "reconnect_timeout": 2},
        },
    }


def redis_from_url(url: str) -> dict[str, Any]:
    """Keyword arguments of redis.Redis for redis://:password@host:port/db or unix://path."""
    parts = urlsplit(url)
    password = {"password": unquote(parts.password)} if parts.password else {}
    user = {"username": unquote(parts.username)} if parts.username else {}
    asked = parse_qs(parts.query).get("db", [""])[-1]
    if parts.scheme in {"unix", "redis+socket"}:
        return {"unix_socket_path": unquote(parts.path), "db": _number(asked), **user, **password}
    tls = {"ssl": True} if parts.scheme == "rediss" else {}
    db = _number(asked or parts.path.strip("/"))
    return {"host": parts.hostname or "localhost", "port": parts.port or 6379, "db": db, **user, **password, **tls}


def _number(text: str) -> int:
    if text and not text.isdecimal():
        raise BadVariable(f"REDIS_URL names the database {text!r}, but Redis' databases have numbers.")
    return int(text or 0)

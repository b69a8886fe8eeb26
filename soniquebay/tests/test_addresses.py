"""Addresses of PostgreSQL and Redis, as people write them."""

import pytest

from core.environment import BadVariable
from soniquebay.addresses import database_from_url, redis_from_url

DATABASES = {
    "postgresql://u:p%40ss@db:5433/music": ("db", "5433", "music", "u", "p@ss"),
    "postgres:///music?host=/run/pg": ("/run/pg", "", "music", "", ""),
    "postgresql://u@[::1]/": ("::1", "", "soniquebay", "u", ""),
}


@pytest.mark.parametrize("url", DATABASES)
def test_the_address_of_a_database_is_understood(url: str) -> None:
    found = database_from_url(url, pool_size=3)
    assert tuple(found[key] for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")) == DATABASES[url]
    assert found["OPTIONS"]["pool"]["max_size"] == 3
    assert "host" not in found["OPTIONS"]


REDISES = {
    "redis://": {"host": "localhost", "port": 6379, "db": 0},
    "redis://:p%40ss@r:1/2": {"host": "r", "port": 1, "db": 2, "password": "p@ss"},
    "rediss://u:p@r": {"host": "r", "port": 6379, "db": 0, "username": "u", "password": "p", "ssl": True},
    "unix:///run/redis.sock?db=3": {"unix_socket_path": "/run/redis.sock", "db": 3},
}


@pytest.mark.parametrize("url", REDISES)
def test_the_address_of_redis_is_understood(url: str) -> None:
    assert redis_from_url(url) == REDISES[url]


def test_databases_of_redis_have_numbers() -> None:
    with pytest.raises(BadVariable):
        redis_from_url("redis://r/music")

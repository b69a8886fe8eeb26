"""A single command while nothing runs: PostgreSQL and Redis of our own are started for it, and stopped after it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from core.environment import home as home_folder
from soniquebay.embedded import Home, Postgres, Redis
from soniquebay.embedded.server import Server


@contextmanager
def stores_of_our_own() -> Iterator[None]:
    """Does nothing when addresses are given, when `bin/up` runs, or when there are no data of ours."""
    home = Home(home_folder())
    given = any(os.environ.get(name) or os.environ.get(f"{name}_FILE") for name in ("DATABASE_URL", "REDIS_URL"))
    if given or not (home.path / "postgres" / "data").is_dir():
        yield
        return
    # The lock of bin/up: whoever holds it has the servers, and announces them.
    with (home.run / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield
            return
        postgres, redis = Postgres(home), Redis(home)
        with _running(postgres), _running(redis):
            os.environ.update(DATABASE_URL=postgres.url, REDIS_URL=redis.url)
            yield


@contextmanager
def _running(server: Server) -> Iterator[None]:
    try:
        server.start()
        yield
    finally:
        server.stop()

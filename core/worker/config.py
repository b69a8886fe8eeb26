"""The three things that a worker needs to know, and a few that it may: all from the environment."""

import logging
import platform
from dataclasses import dataclass
from functools import cache

from core import environment as env

QUEUES = ["files", "compute", "network"]


@dataclass(frozen=True)
class WorkerConfig:
    broker_url: str
    api_url: str
    token: str
    name: str
    queues: list[str]
    roots: list[str]
    """folders that this machine shares with the server, under the same path: music below them may be scanned here"""
    concurrency: int
    log_level: str
    log_json: bool


@cache
def config() -> WorkerConfig:
    """Read once; whatever is missing is named."""
    return WorkerConfig(
        broker_url=env.address(
            "CELERY_BROKER_URL",
            schemes=("redis", "rediss", "redis+socket"),
            hint="The address of the server's Redis, such as redis://:password@server:6379/0.",
        ),
        api_url=env.address(
            "API_URL", schemes=("http", "https"), hint="The address of the server, such as http://server:8337."
        ).rstrip("/"),
        token=_token(),
        name=env.text("WORKER_NAME", platform.node()),
        concurrency=env.whole("WORKER_CONCURRENCY", 2, least=1, most=64),
        queues=_queues(),
        roots=_roots(),
        log_level=_log_level(),
        log_json=env.switch("LOG_JSON", default=False),
    )


def _token() -> str:
    token = env.required("WORKER_TOKEN", "Make one on the server: bin/manage create_token NAME --scope worker.")
    if not token.isascii() or not token.isprintable():
        raise env.BadVariable("WORKER_TOKEN holds characters that no token has; copy it again.")
    return token


def _queues() -> list[str]:
    """A queue that nobody fills would be waited at for ever."""
    chosen = env.words("WORKER_QUEUES", QUEUES)
    unknown = [name for name in chosen if name not in QUEUES]
    if unknown or not chosen:
        raise env.BadVariable(f"WORKER_QUEUES={','.join(unknown)!r}: a worker takes {', '.join(QUEUES)}.")
    return chosen


def _roots() -> list[str]:
    """Separated by colons, like every list of folders: a comma may be part of a name."""
    roots = [root for root in env.text("WORKER_ROOTS", "").split(":") if root]
    for root in roots:
        if not root.startswith("/"):
            raise env.BadVariable(f"WORKER_ROOTS holds {root!r}: each of its folders begins with a slash.")
    return roots


def _log_level() -> str:
    level = env.text("LOG_LEVEL", "INFO").upper()
    if level not in logging.getLevelNamesMapping():
        raise env.BadVariable(f"LOG_LEVEL={level!r} is none of DEBUG, INFO, WARNING, ERROR, CRITICAL.")
    return level

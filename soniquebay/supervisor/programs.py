"""The processes that make up SoniqueBay: how each is called, what it is told, how it is asked to end."""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from soniquebay.embedded import Home
from soniquebay.embedded.processes import Escalation
from soniquebay.supervisor.addresses import page_addresses
from soniquebay.supervisor.arguments import Options

CHECKOUT = Path(__file__).resolve().parents[2]
# What a worker may not know: it owns no data and signs nothing. Told of Django's settings, Celery would load Django.
NOT_FOR_WORKERS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ENCRYPTION_KEY", "DJANGO_SETTINGS_MODULE")


@dataclass(frozen=True)
class Stores:
    """Where PostgreSQL and Redis are, ours or somebody else's."""

    database_url: str
    redis_url: str


@dataclass(frozen=True)
class Program:
    """One process: its name is that of its log."""

    name: str
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    stops: Escalation = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


@dataclass(frozen=True)
class Plan:
    """Everything to run once the stores answer; the first service is the one that answers /health."""

    prepare: Program
    services: tuple[Program, ...]


Planner = Callable[[Options, Home, Stores], Plan]


def usual_plan(options: Options, home: Home, stores: Stores) -> Plan:
    environment = process_environment(options, home, stores)
    prepare = ("manage.py", "prepare", *(["--demo"] if options.demo else []))
    web = ("-m", "soniquebay.serve", "-b", options.host, "-p", str(options.port))
    return Plan(
        prepare=_python("prepare", "Preparation", prepare, environment),
        services=(
            _python("web", "Web", web, environment, patience_s=8.0),
            _python("worker", "Worker", ("-m", "core.worker"), worker_environment(options, home, stores)),
            _python("control", "Control", ("manage.py", "control"), environment),
        ),
    )


def _python(
    name: str, title: str, arguments: tuple[str, ...], environment: Mapping[str, str], patience_s: float = 10.0
) -> Program:
    stops = ((signal.SIGTERM, patience_s), (signal.SIGKILL, 5.0))
    return Program(name, title, (sys.executable, *arguments), environment, stops)


def process_environment(options: Options, home: Home, stores: Stores) -> dict[str, str]:
    """For the processes that own data: prepare, web and control."""
    told = _common(options, home, stores) | {
        "DATABASE_URL": stores.database_url,
        "REDIS_URL": stores.redis_url,
        "SONIQUEBAY_HOME": str(home.path),
    }
    for name, file in (("SECRET_KEY", "secret_key"), ("ENCRYPTION_KEY", "encryption_key")):
        if not os.environ.get(name):
            told.setdefault(f"{name}_FILE", str(home.secret_file(file)))
    _this_machine, *at_home = page_addresses(options.host, options.port)
    if at_home:
        told.setdefault("PAGE_URLS", ",".join(at_home))
    if options.music is not None:
        told["MUSIC_DIR"] = str(options.music)
    return told


def worker_environment(options: Options, home: Home, stores: Stores) -> dict[str, str]:
    """Broker, address and token, and not a word about the database."""
    told = _common(options, home, stores)
    for name in [name for name in told if name.removesuffix("_FILE") in NOT_FOR_WORKERS or name.startswith("PG")]:
        del told[name]
    told["WORKER_CONCURRENCY"] = str(options.workers)
    # It sees every folder that the web sees, under the same path.
    told["WORKER_ROOTS"] = "/"
    return told


def _common(options: Options, home: Home, stores: Stores) -> dict[str, str]:
    broker = os.environ.get("CELERY_BROKER_URL") or stores.redis_url
    return {
        **os.environ,
        "CELERY_BROKER_URL": broker,
        "CELERY_RESULT_BACKEND": os.environ.get("CELERY_RESULT_BACKEND") or broker,
        "API_URL": options.api_url,
        "WORKER_TOKEN_FILE": str(home.secret_file("worker_token")),
        "PYTHONUNBUFFERED": "1",
        # glibc keeps a heap for every thread otherwise, which a small machine pays for and nobody uses.
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_TOP_PAD_": "65536",
        "MALLOC_TRIM_THRESHOLD_": "1048576",
        # To name one of these fixes this one, and low: every piece of a file that is read would be new memory.
        "MALLOC_MMAP_THRESHOLD_": "1048576",
    }

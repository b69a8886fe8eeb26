"""Structured logs: an event and its fields on one line, with the ids of the request and the job that it belongs to.

The same calls as structlog's; that package itself costs every process 17 MB, which a Raspberry Pi has better uses for.
"""

import json
import logging
import logging.config
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

_context: ContextVar[dict[str, Any]] = ContextVar("log_context", default={})  # noqa: B039 (never changed in place)

# Links that open an account, and tokens, are secrets wherever they turn up: in paths, in warnings, in tracebacks.
SECRETS = re.compile(r"(/welcome/|sbay_[a-z]+_)[A-Za-z0-9_%~-]+")

# What these say at their usual level is already said by the request log, or is nobody's business.
QUIETER = {
    "asyncio": "WARNING",
    "celery": "WARNING",
    "daphne": "WARNING",
    "django.channels.server": "WARNING",
    "django.request": "ERROR",
    "django_eventstream": "WARNING",
    "httpx": "WARNING",
    "kombu": "WARNING",
    "strawberry.execution": "CRITICAL",
}


class Log:
    """Says an event by its name, with fields: log.info("job_ended", state="done")."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def debug(self, event: str, **fields: Any) -> None:
        self._say(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Any) -> None:
        self._say(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Any) -> None:
        self._say(logging.WARNING, event, fields)

    def error(self, event: str, *, exc_info: BaseException | None = None, **fields: Any) -> None:
        self._say(logging.ERROR, event, fields, exc_info=exc_info)

    def exception(self, event: str, **fields: Any) -> None:
        """With the traceback of what is being handled."""
        self._say(logging.ERROR, event, fields, exc_info=True)

    def _say(self, level: int, event: str, fields: dict[str, Any], exc_info: Any = None) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, exc_info=exc_info, extra={"fields": fields}, stacklevel=3)


def get_logger(name: str) -> Log:
    return Log(name)


def without_secrets(text: str) -> str:
    return SECRETS.sub(r"\1…", text)


def bind(**fields: Any) -> None:
    """Adds fields to every line of this request, task or thread."""
    _context.set({**_context.get(), **fields})


def clear() -> None:
    _context.set({})


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Adds fields to every line until the block ends."""
    token = _context.set({**_context.get(), **fields})
    try:
        yield
    finally:
        _context.reset(token)


class Lines(logging.Formatter):
    """For people: time, level, event, then fields as key=value."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {**_context.get(), **getattr(record, "fields", {})}
        told = " ".join(f"{key}={_shown(value)}" for key, value in fields.items())
        line = f"{_time(record)} {record.levelname.lower():7} {record.getMessage()} {told} [{record.name}]"
        return without_secrets(self._with_traceback(record, line))

    def _with_traceback(self, record: logging.LogRecord, line: str) -> str:
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """For machines: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said = {"time": _time(record), "level": record.levelname.lower(), "event": record.getMessage()}
        told = {**said, "logger": record.name, **_context.get(), **getattr(record, "fields", {})}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return without_secrets(json.dumps(told, default=str, ensure_ascii=False))


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _shown(value: Any) -> str:
    """A value on one line: names of files and people may hold anything."""
    text = str(value)
    if not text.isprintable():
        return json.dumps(text)
    return text if text and " " not in text else json.dumps(text, ensure_ascii=False)


def configure(options: dict[str, Any]) -> None:
    """Sets up logging to standard error; `options` holds level and as_json."""
    formatter = "core.logs.JsonLines" if options["as_json"] else "core.logs.Lines"
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"ours": {"()": formatter}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "ours"}},
            "root": {"handlers": ["stderr"], "level": options["level"]},
            "loggers": {name: {"level": quiet} for name, quiet in QUIETER.items()},
        }
    )

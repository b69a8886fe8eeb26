"""Runs a backup's command in a terminal: a bar, sentences instead of traces, an orderly end when it is told to stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.core.management.base import CommandError

from core.backups.progress import Bar
from core.errors import SoniqueBayError


@contextmanager
def stoppable(kept: str) -> Iterator[Bar]:
    """Ctrl-C and SIGTERM undo what is unfinished; `kept` says what remains then."""
    bar = Bar()
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield bar
    except KeyboardInterrupt:
        raise CommandError(f"Stopped. {kept}") from None
    except SoniqueBayError as error:
        raise CommandError(f"{error.message} {error.hint}".strip()) from None
    finally:
        bar.end()
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt

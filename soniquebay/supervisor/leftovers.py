"""Ends what a supervisor that was killed left behind, and nothing else."""

import json
import signal
from collections.abc import Iterable, Sequence

from soniquebay.embedded import Home
from soniquebay.embedded.processes import (
    Escalation,
    end_strangers,
    everyone,
    name_of,
    session_of,
    start_mark,
    working_in,
)
from soniquebay.supervisor.programs import CHECKOUT

NOTE = "processes.json"
# They were asked to end when their supervisor went; who still runs is stuck or busy.
PATIENCE: Escalation = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))


def note_processes(home: Home, pids: Iterable[int]) -> None:
    """A number alone could be somebody else's tomorrow, so each is kept with the moment of its start."""
    home.keep_note(NOTE, json.dumps({str(pid): mark for pid in pids if (mark := start_mark(pid))}))


def forget_processes(home: Home) -> None:
    (home.run / NOTE).unlink(missing_ok=True)


def end_leftovers(home: Home) -> int:
    """How many processes were still there."""
    try:
        noted = json.loads(home.note(NOTE) or "{}")
    except ValueError:
        noted = {}
    leaders = [int(pid) for pid in noted]
    found = _members(leaders, noted)
    if found:
        end_strangers(lambda: _members(leaders, noted), PATIENCE)
    forget_processes(home)
    return len(found)


def _members(leaders: Sequence[int], marks: dict[str, str]) -> list[int]:
    """The processes themselves and, of those that are gone, the children in the sessions that they led."""
    found = [pid for pid in leaders if start_mark(pid) == marks[str(pid)]]
    gone = {pid for pid in leaders if start_mark(pid) is None}
    sessions = gone | set(found)
    names = {name for pid in everyone() if session_of(pid) in sessions and (name := name_of(pid)) is not None}
    children = [pid for pid in working_in(CHECKOUT, names) if session_of(pid) in sessions]
    return sorted({*found, *children})

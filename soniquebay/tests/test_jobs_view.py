"""What the terminal says of jobs, from what our own API answers it."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from soniquebay.supervisor.jobs_view import JobsView
from soniquebay.supervisor.screen import Screen

JOB = {"id": "1", "title": "Making the demo library", "state": "running", "step": "Composing", "current": 20}
RUNNING = {**JOB, "total": 24, "percent": 83, "figures": {"rate_per_s": 0.5, "left_s": 8, "item": "Breakwater"}}


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError


class Api:
    """Answers what the test puts into it; whatever is not there is a 404."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {}
        answers = self.answers

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = answers.get(self.path, (404, {}))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def active(self, *jobs: dict[str, Any]) -> None:
        self.answers["/api/jobs?state=active"] = (200, {"items": list(jobs)})


@pytest.fixture
def api() -> Iterator[Api]:
    api = Api()
    yield api
    api.server.shutdown()
    api.server.server_close()


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


@pytest.fixture
def look(api: Api, terminal: Terminal) -> Callable[[], list[str]]:
    """Looks once, and tells the bars that are then drawn."""
    screen = Screen(terminal, colour=False, quiet=False)
    view = JobsView(screen, api.url, "token")

    def once() -> list[str]:
        view._look_at = 0
        view.look()
        return screen.bars

    return once


def test_a_title_is_whole_and_a_step_is_whole_or_absent(api: Api, look: Callable[[], list[str]]) -> None:
    api.active(RUNNING)
    (line,) = look()
    assert line.startswith("  Making the demo library  ██████████░░   83 %  20/24  0.5/s  8.0 s left")
    assert line.endswith("left"), "there is no room for the step on 80 columns"
    api.active({**RUNNING, "figures": {}})
    assert look()[0].endswith("20/24  Composing")
    api.active({**RUNNING, "title": "Backup of the database and covers"}, {**RUNNING, "id": "2", "title": "Scan"})
    api.answers["/api/jobs/1"] = (503, {})
    assert all(len(line) < 80 for line in look())


def test_a_bar_is_gone_before_its_end_is_said(api: Api, look: Callable[[], list[str]], terminal: Terminal) -> None:
    api.active(RUNNING)
    look()
    api.active()
    api.answers["/api/jobs/1"] = (200, {**RUNNING, "state": "done", "current": 24})
    assert look() == []
    assert "83 %" not in terminal.getvalue().partition("✓ Making the demo library  24")[2]


@pytest.mark.parametrize(
    ("state", "said"), [("failed", "✗ Making the demo library: failed: why"), ("cancelled", "– Making")]
)
def test_only_what_is_done_is_said_to_be_done(
    api: Api, look: Callable[[], list[str]], terminal: Terminal, state: str, said: str
) -> None:
    api.active(RUNNING)
    look()
    api.active()
    api.answers["/api/jobs/1"] = (200, {**RUNNING, "state": state, "message": "why"})
    look()
    assert said in terminal.getvalue()
    assert "✓" not in terminal.getvalue()


def test_a_job_that_a_restore_took_away_is_not_said_to_be_done(
    api: Api, look: Callable[[], list[str]], terminal: Terminal
) -> None:
    api.active(RUNNING)
    look()
    api.active()
    assert look() == []
    assert "– Making the demo library: not known here any more, as after a restore" in terminal.getvalue()
    assert "✓" not in terminal.getvalue()


def test_a_job_of_which_nobody_can_tell_is_asked_for_again(
    api: Api, look: Callable[[], list[str]], terminal: Terminal
) -> None:
    api.active(RUNNING)
    look()
    api.active()
    api.answers["/api/jobs/1"] = (503, {})
    assert len(look()) == 1
    api.answers["/api/jobs/1"] = (200, {**RUNNING, "state": "done"})
    assert look() == []
    assert "✓ Making the demo library" in terminal.getvalue()

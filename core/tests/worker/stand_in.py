"""A server that answers what a test wants it to answer, over real connections."""

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    """breaks off after so many bytes of the body"""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def as_json(value: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(value).encode(), headers)


def refusal(status: int, message: str = "no", **headers: str) -> Answer:
    return as_json({"code": "refused", "message": message}, status, **headers)


AWAY = refusal(503)
Script = Callable[[Asked], Answer]


class StandIn:
    """Gives the answers of `queue` one after the other, then what `script` says."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.queue: deque[Answer] = deque()
        self.script: Script = lambda asked: Answer()
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                stand_in._answer(self)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, format: str, *args: Any) -> None:
                """Tests are quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        asked = Asked(request.command, request.path, dict(request.headers), body)
        self.asked.append(asked)
        answer = self.queue.popleft() if self.queue else self.script(asked)
        request.send_response(answer.status)
        for name, value in answer.headers.items():
            request.send_header(name.replace("_", "-"), value)
        if answer.status != 204:
            request.send_header("Content-Length", str(len(answer.body)))
        request.end_headers()
        try:
            request.wfile.write(answer.body if answer.cut_after is None else answer.body[: answer.cut_after])
        except OSError:
            return

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class JobServer(StandIn):
    """Hands out one job, and keeps what is said of it."""

    def __init__(self) -> None:
        super().__init__()
        self.job = {"id": "11111111-2222-3333-4444-555555555555", "kind": "library.demo_library", "attempt": 3}
        self.job |= {"params": {"deep": True}, "checkpoint": {"after": "f"}, "heartbeat_s": 0.2}
        self.claim = as_json(self.job)
        self.report: Script = lambda asked: as_json({"cancel": False})
        self.others: Script = lambda asked: as_json([])
        self.on_finish: Callable[[], None] = lambda: None
        self.script = self._do

    def _do(self, asked: Asked) -> Answer:
        if asked.path.endswith("/claim"):
            return self.claim
        if asked.path.endswith("/report"):
            return self.report(asked)
        if asked.path.endswith("/finish"):
            self.on_finish()
            return as_json({})
        return self.others(asked)

    def bodies(self, what: str) -> list[dict[str, Any]]:
        return [asked.json for asked in self.asked if asked.path.endswith(f"/{what}")]

    @property
    def reports(self) -> list[dict[str, Any]]:
        return self.bodies("report")

    @property
    def finish(self) -> dict[str, Any]:
        """The one last word."""
        (finish,) = self.bodies("finish")
        return finish

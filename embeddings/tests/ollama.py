"""An Ollama of the tests: answers over real HTTP as the real one does, and is away or wrong when it is told to."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

NATIVE = 768
CONTEXT = 1_500


def vector_of(model: str, text: str, dimensions: int = NATIVE) -> list[float]:
    """The same for the same text; of length one."""
    chance = Random(hashlib.sha256(f"{model}\0{text}".encode()).digest())
    found = [chance.gauss(0, 1) for _ in range(dimensions)]
    length = sum(one * one for one in found) ** 0.5
    return [one / length for one in found]


class FakeOllama:
    """`trouble` is one of "", busy, broken, html, few, short, zeros, strict (refuses what is long), error."""

    def __init__(self) -> None:
        self.trouble = ""
        self.times: int | None = None
        """how often; none: until it is told otherwise"""
        self.models = ["nomic-embed-text:latest"]
        self.cuts = True
        """older ones ignore `dimensions`"""
        self.chat_answer: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.url = ""

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
        trouble = self._trouble()
        if trouble == "busy":
            return 503, b'{"error":"server busy, please try again.  maximum pending requests exceeded"}'
        if trouble == "html":
            return 502, b"<html>Bad gateway</html>"
        if path == "/api/version":
            return 200, b'{"version":"0.12.3"}'
        if path == "/api/tags":
            return 200, json.dumps({"models": [{"name": name, "model": name} for name in self.models]}).encode()
        if not any(name.partition(":")[0] == str(body.get("model")).partition(":")[0] for name in self.models):
            return 404, json.dumps({"error": f"model '{body.get('model')}' not found"}).encode()
        if path == "/api/chat":
            return 200, json.dumps(self._chat()).encode()
        return self._embed(body, trouble)

    def _trouble(self) -> str:
        if self.trouble and self.times is not None:
            if self.times <= 0:
                return ""
            self.times -= 1
        return self.trouble

    def _chat(self) -> dict[str, Any]:
        message = {"role": "assistant", "content": json.dumps(self.chat_answer)}
        return {"model": "x", "message": message, "done": True, "done_reason": "stop"}

    def _embed(self, body: dict[str, Any], trouble: str) -> tuple[int, bytes]:
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        if trouble == "strict" and any(len(text) > CONTEXT for text in texts):
            return 400, b'{"error":"the input length exceeds the context length"}'
        if trouble == "error":
            return 500, b'{"error":"llama runner process has terminated"}'
        wide = 384 if trouble == "short" else NATIVE
        found = [vector_of(body["model"], text, wide) for text in texts]
        if self.cuts and body.get("dimensions", wide) < wide:
            found = [_unit(one[: body["dimensions"]]) for one in found]
        if trouble == "few":
            found = found[:-1]
        if trouble == "zeros":
            found[0] = [0.0] * len(found[0])
        sent = json.dumps({"model": body["model"], "embeddings": found}).encode()
        return 200, sent[: len(sent) // 2] if trouble == "broken" else sent


def _unit(vector: list[float]) -> list[float]:
    length = sum(one * one for one in vector) ** 0.5
    return [one / length for one in vector]


@contextmanager
def running(fake: FakeOllama) -> Iterator[FakeOllama]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._respond(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def do_GET(self) -> None:
            self._respond({})

        def _respond(self, body: dict[str, Any]) -> None:
            fake.asked.append((self.path, body, dict(self.headers)))
            status, sent = fake.answer(self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *arguments: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield fake
        server.shutdown()

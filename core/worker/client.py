"""The only way from a worker to the server: HTTP with a token, patient with a server that restarts."""

import random
import time
from collections.abc import Callable
from typing import IO, Any

import httpx
from pydantic_core import to_json

from core.logs import get_logger
from core.worker.breaker import Breaker
from core.worker.errors import ApiAway, ApiRefused, JobLost

log = get_logger(__name__)

PASSING = {408, 425, 429, 500, 502, 503, 504}
# The others of these speak of one request, and are no reason to hold the heartbeat back.
AWAY = {502, 503, 504}
PATIENCE_S = 300.0
# What is left of it once the worker is told to end: whoever stopped it waits, and not for long.
FAREWELL_S = 5.0
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 15.0
TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class ApiClient:
    """Asks again what may pass by itself, with growing pauses and jitter, until its patience ends."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        transport: httpx.BaseTransport | None = None,
        patience_s: float = PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.patience_s = patience_s
        self.clock = clock
        self.sleep = sleep
        self.breaker = Breaker(clock=clock)
        self.http = httpx.Client(
            base_url=base_url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=TIMEOUT,
            transport=transport,
            # A worker speaks to its own server: a proxy of the environment is for the outside.
            trust_env=False,
        )

    def get(self, path: str, **params: Any) -> Any:
        return self._json("GET", path, params=params)

    def post(self, path: str, body: Any = None) -> Any:
        content = None if body is None else to_json(body)
        return self._json("POST", path, content=content, headers={"Content-Type": "application/json"})

    def put_bytes(self, path: str, content: bytes) -> Any:
        """Delivers a file; the doors that take files take them twice without harm."""
        return self._json("PUT", path, content=content, headers={"Content-Type": "application/octet-stream"})

    def download(self, path: str, target: IO[bytes]) -> int:
        """Writes an answer to a file as it comes, from the beginning again when it breaks off; answers its length."""
        return int(self._patiently(lambda: self._download_once(path, target), f"GET {path}"))

    def hurry(self) -> None:
        """From now on, also for what is being asked already."""
        self.patience_s = min(self.patience_s, FAREWELL_S)

    def close(self) -> None:
        self.http.close()

    def _json(self, method: str, path: str, **request: Any) -> Any:
        def ask() -> Any:
            response = self.http.request(method, path, **request)
            # By its stream an answer holds itself, and megabytes that were sent, until the collector comes.
            response.stream = httpx.ByteStream(b"")
            _raise_for(response)
            return _content(response)

        return self._patiently(ask, f"{method} {path}")

    def _download_once(self, path: str, target: IO[bytes]) -> int:
        target.seek(0)
        target.truncate()
        with self.http.stream("GET", path) as response:
            if response.is_error:
                response.read()
            _raise_for(response)
            for chunk in response.iter_bytes(256 * 1024):
                target.write(chunk)
        return target.tell()

    def _patiently(self, ask: Callable[[], Any], what: str) -> Any:
        since = self.clock()
        attempt = 0
        while True:
            self._hold_back(since, what)
            try:
                answer = ask()
            except (httpx.RequestError, PassingTrouble) as trouble:
                if not isinstance(trouble, PassingTrouble) or trouble.status in AWAY:
                    self.breaker.failed(_reason(trouble))
                if attempt == 0:
                    # A long download that breaks off at its end has not used up the patience.
                    since = self.clock()
                pause = self._pause(attempt, trouble)
                attempt += 1
                if self.clock() + pause > since + self.patience_s:
                    raise ApiAway(f"{what}: gave up after {attempt} attempts: {_reason(trouble)}") from trouble
                log.info("asking_again", what=what, attempt=attempt, pause_s=round(pause, 2), reason=_reason(trouble))
                self.sleep(pause)
            except ApiRefused:
                self.breaker.succeeded()
                raise
            else:
                self.breaker.succeeded()
                return answer

    def _hold_back(self, since: float, what: str) -> None:
        while wait := self.breaker.wait_s():
            if self.clock() + wait > since + self.patience_s:
                raise ApiAway(f"{what}: not asked, the server has been away for a while: {self.breaker.reason}")
            self.sleep(wait)

    def _pause(self, attempt: int, trouble: Exception) -> float:
        """With jitter, also on top of what the server asks for: workers that failed together come back apart."""
        ceiling = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(attempt, 10))
        asked_for = trouble.retry_after_s if isinstance(trouble, PassingTrouble) else 0.0
        jitter = random.uniform(ceiling / 2, ceiling)  # noqa: S311 (jitter, not a secret)
        return jitter if jitter > asked_for else asked_for + min(jitter, 1.0)


class PassingTrouble(Exception):
    """An answer that may be another one in a moment."""

    def __init__(self, response: httpx.Response, what: str = "") -> None:
        super().__init__(f"the server answered {what or response.status_code}")
        self.status = response.status_code
        after = response.headers.get("Retry-After", "")
        self.retry_after_s = min(float(after), LONGEST_PAUSE_S) if after.isdecimal() else 0.0


def _raise_for(response: httpx.Response) -> None:
    if not response.is_error and not response.is_redirect:
        return
    if response.status_code in PASSING:
        raise PassingTrouble(response)
    code, message = _said(response)
    kind = JobLost if response.status_code in {404, 409} and "/jobs/" in response.url.path else ApiRefused
    raise kind(
        f"The server refused {response.request.method} {response.url.path}: {message}",
        status=response.status_code,
        code=code,
    )


def _content(response: httpx.Response) -> Any:
    """Something between us and the server may answer for it, with a page of its own."""
    try:
        return response.json() if response.content else None
    except ValueError:
        raise PassingTrouble(response, f"{response.status_code}, but no JSON") from None


def _reason(trouble: Exception) -> str:
    """Some of httpx's errors have no words."""
    return str(trouble) or type(trouble).__name__


def _said(response: httpx.Response) -> tuple[str, str]:
    try:
        body = response.json()
        return str(body["code"]), f"{body['message']} {body.get('hint', '')}".strip()
    except (ValueError, KeyError, TypeError):
        return "", f"status {response.status_code}"

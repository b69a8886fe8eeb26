"""Ollama as a worker asks it: in batches, patiently, and after failures in a row not at all for a while."""

import time
from collections.abc import Callable, Sequence

import httpx

from core.worker.breaker import Breaker
from embeddings.engine.ollama import (
    AT_ONCE,
    LARGEST_ANSWER,
    OllamaAway,
    OllamaRefuses,
    TooLong,
    answer_of,
    embed_body,
    vectors_in,
)
from embeddings.schemas.encoder import refused_machine

# The first question loads the model: a minute on a small machine.
TIMEOUT = httpx.Timeout(90.0, connect=5.0)
SHORTEST = 50


class OllamaClient:
    """One server and one model."""

    def __init__(
        self,
        url: str,
        model: str,
        token: str = "",
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.url, self.model = url.rstrip("/"), model
        self.breaker = Breaker(clock=clock, failures_to_open=3)
        self.http = httpx.Client(
            timeout=timeout, headers=headers, follow_redirects=False, trust_env=False, transport=transport
        )

    def embed(self, texts: Sequence[str], *, prefix: str) -> list[bytes]:
        """In their order; raises OllamaAway or OllamaRefuses, and then none of them is lost: they were not made."""
        found: list[bytes] = []
        for start in range(0, len(texts), AT_ONCE):
            found += self._batch(texts[start : start + AT_ONCE], prefix)
        return found

    def close(self) -> None:
        self.http.close()

    def _batch(self, texts: Sequence[str], prefix: str) -> list[bytes]:
        try:
            return self._ask(texts, prefix)
        except TooLong as error:
            if len(texts) > 1:
                # One of them fails all: each by itself, so that only that one is cut.
                return [vector for text in texts for vector in self._batch([text], prefix)]
            if len(texts[0]) < SHORTEST:
                raise OllamaRefuses(f"It says: {error}.") from None
            return self._batch([texts[0][: len(texts[0]) // 2]], prefix)

    def _ask(self, texts: Sequence[str], prefix: str) -> list[bytes]:
        if self.breaker.wait_s():
            raise OllamaAway(f"{self.url} was not asked, it has been away for a while: {self.breaker.reason}")
        try:
            status, body = self._post(embed_body(self.model, texts, prefix=prefix))
            found = vectors_in(answer_of(status, body), len(texts))
        except (httpx.HTTPError, httpx.InvalidURL, OllamaAway) as error:
            self.breaker.failed(str(error))
            raise OllamaAway(f"{self.url}: {error or type(error).__name__}") from None
        self.breaker.succeeded()
        return found

    def _post(self, content: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        with self.http.stream("POST", f"{self.url}/api/embed", content=content, headers=headers) as answer:
            self._check_machine(answer)
            body = bytearray()
            for part in answer.iter_bytes():
                body += part
                if len(body) > LARGEST_ANSWER:
                    raise OllamaAway("Its answer is longer than any answer of its kind.")
            return answer.status_code, bytes(body)

    def _check_machine(self, answer: httpx.Response) -> None:
        """A name may lead to where no address could have."""
        stream = answer.extensions.get("network_stream")
        address = stream.get_extra_info("server_addr") if stream else None
        if address and refused_machine(str(address[0])):
            raise OllamaRefuses("Its name leads to an address that is not a server's.")

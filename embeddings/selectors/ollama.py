"""Ollama as the web asks it: for a question's vector, for what was meant by it, and whether it is there at all.

The web has somebody waiting: it asks once, briefly, and after failures in a row not at all for a while.
"""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.core.cache import cache

from core.logs import get_logger
from embeddings.engine.ollama import (
    LARGEST_ANSWER,
    QUERY,
    OllamaAway,
    OllamaError,
    OllamaRefuses,
    answer_of,
    embed_body,
    models_in,
    same_model,
    vectors_in,
)
from embeddings.schemas.encoder import EncoderSettings, OllamaState, refused_machine
from embeddings.selectors.encoders import encoder_settings, ollama_token

log = get_logger(__name__)
Answer = TypeVar("Answer")
QUICK_S, CHAT_S = 4.0, 30.0
# After a failure nobody waits for it again so soon.
AWAY_KEY, AWAY_FOR_S = "embeddings:ollama_away", 30
CHAT_TOKENS = 512


def ask(
    chosen: EncoderSettings, path: str, body: bytes | None = None, *, timeout_s: float = QUICK_S, token: str = ""
) -> dict[str, Any]:
    """One question to the server; raises OllamaError. Redirects are not followed, and no proxy is asked."""
    parts = urlsplit(chosen.url)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection = _connection(parts.scheme, parts.hostname or "", parts.port, timeout_s)
        try:
            connection.request("POST" if body is not None else "GET", f"{parts.path.rstrip('/')}{path}", body, headers)
            answer = connection.getresponse()
            return answer_of(answer.status, _read(answer, time.monotonic() + timeout_s))
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise OllamaAway(f"{chosen.url} cannot be reached: {error or type(error).__name__}.") from None


def _connection(scheme: str, host: str, port: int | None, timeout_s: float) -> http.client.HTTPConnection:
    """To the address that was looked at, so that a name cannot be another machine a moment later."""
    usual = 443 if scheme == "https" else 80
    places = socket.getaddrinfo(host, port or usual, type=socket.SOCK_STREAM)
    addresses = [str(place[4][0]) for place in places]
    if any(refused_machine(address) for address in addresses):
        raise OllamaRefuses("Its name leads to an address that is not a server's.")
    if scheme == "https":
        return _SecureTo(addresses[0], host, port or usual, timeout_s)
    return http.client.HTTPConnection(addresses[0], port or usual, timeout=timeout_s)


class _SecureTo(http.client.HTTPSConnection):
    """Connects to one address, and wants the certificate of the name."""

    def __init__(self, address: str, name: str, port: int, timeout_s: float) -> None:
        super().__init__(name, port, timeout=timeout_s, context=ssl.create_default_context())
        self.address = address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    """Not for ever, and not more than any answer of its kind has."""
    parts, size = [], 0
    while part := answer.read1(65_536):
        parts.append(part)
        size += len(part)
        if size > LARGEST_ANSWER or time.monotonic() > until:
            raise OllamaAway("Its answer is too long, or takes too long.")
    return b"".join(parts)


def vector_of_request(text: str, chosen: EncoderSettings) -> bytes:
    """What a question means to the chosen model; raises OllamaError."""
    return patiently(lambda: _embed(text, chosen))


def _embed(text: str, chosen: EncoderSettings) -> bytes:
    answer = ask(chosen, "/api/embed", embed_body(chosen.model, [text], prefix=QUERY), token=ollama_token())
    return vectors_in(answer, 1)[0]


def patiently(question: Callable[[], Answer]) -> Answer:
    """Remembers for all processes that nobody answered."""
    if cache.get(AWAY_KEY):
        raise OllamaAway("It did not answer a moment ago, and is not asked again so soon.")
    try:
        return question()
    except OllamaAway as error:
        log.warning("ollama_away", reason=str(error))
        cache.set(AWAY_KEY, True, AWAY_FOR_S)
        raise


def chat(prompt: str, question: str, schema: Mapping[str, Any]) -> str:
    """What the chosen chat model says, shaped by a JSON schema; raises OllamaError."""
    chosen = encoder_settings()
    body = {
        "model": chosen.chat_model,
        "messages": [{"role": "system", "content": prompt}, {"role": "user", "content": question}],
        "stream": False,
        "format": schema,
        "options": {"temperature": 0, "num_ctx": 4096, "num_predict": CHAT_TOKENS, "seed": 1},
        "keep_alive": "5m",
    }
    sent = json.dumps(body).encode()
    answer = patiently(lambda: ask(chosen, "/api/chat", sent, timeout_s=CHAT_S, token=ollama_token()))
    message = answer.get("message")
    if answer.get("done_reason") == "length" or not isinstance(message, dict):
        raise OllamaRefuses("Its answer broke off.")
    return str(message.get("content") or "")


def ollama_state(chosen: EncoderSettings | None = None) -> OllamaState:
    """A look at the server, now."""
    chosen = chosen or encoder_settings()
    token = ollama_token()
    try:
        version = str(ask(chosen, "/api/version", token=token).get("version", ""))[:40]
        models = models_in(ask(chosen, "/api/tags", token=token))
    except OllamaError as error:
        return OllamaState(reached=False, problem=str(error))
    return OllamaState(
        reached=True,
        version=version,
        models=models,
        has_model=any(same_model(chosen.model, one) for one in models),
        has_chat_model=any(same_model(chosen.chat_model, one) for one in models),
    )

"""How Ollama is asked and what its answers mean: vectors cut to our length, and every way in which they may be wrong.

Who carries the words over the wire is somebody else's matter: the web and workers each have a way of their own.
"""

import json
import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any

DIMENSIONS = 512
# So much is always inside the context of the usual models; some releases refuse what is longer, though told to cut it.
LONGEST = 2_000
AT_ONCE = 16
DOCUMENT, QUERY = "search_document: ", "search_query: "
# Models that were trained with these prefixes; others would read them as words.
WITH_PREFIXES = ("nomic-embed-text",)
LARGEST_ANSWER = 8_000_000
LEAST_LENGTH = 1e-6


class OllamaError(Exception):
    """What is wrong with an answer, in words for a person."""


class OllamaAway(OllamaError):
    """It may be there in a while: unreachable, busy, too slow, or an answer that broke off."""


class OllamaRefuses(OllamaError):
    """It will not be otherwise until somebody does something about it: a model that is missing or does not fit."""


class TooLong(OllamaError):
    """A text beyond its context, whatever it was told."""


def embed_body(model: str, texts: Sequence[str], *, prefix: str) -> bytes:
    asked = {
        "model": model,
        "input": [prefixed(model, text, prefix) for text in texts],
        "truncate": True,
        "dimensions": DIMENSIONS,
        "keep_alive": "5m",
    }
    return json.dumps(asked).encode()


def prefixed(model: str, text: str, prefix: str) -> str:
    begins = prefix if model.rpartition("/")[2].startswith(WITH_PREFIXES) else ""
    return f"{begins}{text}"[:LONGEST]


def answer_of(status: int, body: bytes) -> dict[str, Any]:
    """The JSON of an answer, or what went wrong."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise OllamaAway(f"It answered {status} with something that is no JSON, or broke off.") from None
    if not isinstance(found, dict):
        raise OllamaAway(f"It answered {status} with something else than an object.")
    if status < 300 and "error" not in found:
        return found
    said = str(found.get("error") or f"status {status}")[:300]
    if "context length" in said or "too long" in said:
        raise TooLong(said)
    if status == 404 or (status == 400 and "not found" in said):
        raise OllamaRefuses(f"It says: {said}.")
    if status in {408, 425, 429} or status >= 500 or "busy" in said:
        raise OllamaAway(f"It says: {said}.")
    raise OllamaRefuses(f"It says: {said}.")


def vectors_in(answer: Mapping[str, Any], expected: int) -> list[bytes]:
    """Little-endian float32 of length one, one for each text, in their order."""
    found = answer.get("embeddings")
    if not isinstance(found, list) or len(found) != expected:
        count = len(found) if isinstance(found, list) else 0
        raise OllamaAway(f"It sent {count} vectors for {expected} texts.")
    return [_cut(one) for one in found]


def _cut(vector: object) -> bytes:
    """The first 512 numbers, of length one again: models of this kind put first what matters most."""
    if not isinstance(vector, list) or not all(isinstance(one, int | float) for one in vector):
        raise OllamaRefuses("It sent a vector that holds other things than numbers.")
    if len(vector) < DIMENSIONS:
        raise OllamaRefuses(f"Its vectors have {len(vector)} dimensions: a model of {DIMENSIONS} or more is needed.")
    kept = [float(one) for one in vector[:DIMENSIONS]]
    length = math.sqrt(sum(one * one for one in kept))
    if not math.isfinite(length) or length < LEAST_LENGTH:
        raise OllamaRefuses("It sent a vector without a direction.")
    return struct.pack(f"<{DIMENSIONS}f", *(one / length for one in kept))


def models_in(answer: Mapping[str, Any]) -> list[str]:
    found = answer.get("models")
    rows = found if isinstance(found, list) else []
    return sorted(str(row["name"]) for row in rows if isinstance(row, dict) and row.get("name"))


def same_model(one: str, other: str) -> bool:
    """Where no tag is named, the latest is meant."""
    return with_tag(one) == with_tag(other)


def with_tag(model: str) -> str:
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"

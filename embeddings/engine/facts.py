"""Facts as they travel, read back."""

from collections.abc import Mapping
from typing import Any

from embeddings.engine.documents import TrackFacts


def read_facts(held: Mapping[str, Any]) -> TrackFacts:
    """JSON knows no tuples."""
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}
    return TrackFacts(**given)

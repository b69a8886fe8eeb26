"""Requests in French and English, understood without a model: chips, words for the encoder, and what remains."""

from embeddings.engine.grammar.asked import Asked, Chip, Kind
from embeddings.engine.grammar.understanding import understand

__all__ = ["Asked", "Chip", "Kind", "understand"]

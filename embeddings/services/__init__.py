"""Writes of the embeddings, a subject a module."""

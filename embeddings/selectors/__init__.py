"""Reads of the embeddings, a subject a module."""

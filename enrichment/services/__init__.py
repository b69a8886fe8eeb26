"""Writes of the enrichment, a subject a module."""

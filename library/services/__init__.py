"""Writes of the library, a module a subject."""

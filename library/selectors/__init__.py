"""Reads of the library, a subject a module."""

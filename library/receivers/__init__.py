"""What the library does when it hears of something; a receiver is connected by being imported."""

from library.receivers import jobs, search

__all__ = ["jobs", "search"]

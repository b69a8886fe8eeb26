"""Composition: settings, URLs, the two APIs, the sockets, and the command that starts everything."""

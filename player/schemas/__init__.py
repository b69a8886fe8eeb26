"""The player's wire format, a subject a module."""

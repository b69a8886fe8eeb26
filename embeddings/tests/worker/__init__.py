"""Against the real API, in this process."""

"""The library's side on workers."""

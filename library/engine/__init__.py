"""Pure computing for the library: imports neither Django nor Celery."""

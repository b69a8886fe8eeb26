"""One writer at a time where artists, albums and genres are made: no name twice, and no deadlock."""

from django.db import connection

CATALOGUE = 0x50_9B_11_B1


def lock_catalogue() -> None:
    """Waits for whoever else makes artists, albums or genres; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CATALOGUE])

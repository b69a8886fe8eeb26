"""Large tables in pieces: ranges of ids, so that memory stays the same however many rows there are."""

ROWS = 2_000


def id_ranges(cursor, table, rows=ROWS):
    """(low, high) of so many rows each, both included, whatever gaps the ids have."""
    last = -(2**63)
    while True:
        cursor.execute(
            f"SELECT min(id), max(id) FROM (SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT %s) piece",
            [last, rows],
        )
        low, high = cursor.fetchone()
        if low is None:
            return
        yield low, high
        last = high


def for_each_range(cursor, table, *statements):
    """Runs statements that name %(low)s and %(high)s for one range of a table's ids after the other."""
    for low, high in id_ranges(cursor, table):
        for statement in statements:
            cursor.execute(statement, {"low": low, "high": high})


def rewind(cursor, *tables):
    """Ids go on after the highest one that is left, so that the way back and forth again gives the same ones."""
    for table in tables:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(id), 1), count(*) > 0) FROM {table}"
        )


def forget(cursor, *kinds):
    """Leftovers that have found their place again."""
    cursor.execute("DELETE FROM split_leftovers WHERE kind = ANY(%s)", [list(kinds)])

"""The split of the wide Track: nothing is lost on the way there, and the way back leads to where it began."""

from library.tests.split.databases import SPLIT, WIDE, Own


def test_forwards_backwards_and_forwards_again(library: Own) -> None:
    wide = library.rows()
    library.migrate(SPLIT)
    split = library.rows()
    library.migrate(WIDE)
    back = library.rows()
    for table, rows in wide.items():
        assert back[table] == rows, table
    library.migrate(SPLIT)
    again = library.rows()
    for table, rows in split.items():
        assert again[table] == rows, table

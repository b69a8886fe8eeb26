"""Python's garbage collector in processes that take in rows by the hundred."""

import gc

# Of objects made and not yet gone before it looks: a batch makes tens of thousands, none of them in a ring.
YOUNG, MIDDLE, OLD = 20_000, 20, 50


def spare_what_is_loaded() -> None:
    """What is there by now stays: it is not looked through again and again, which would cost as much as the rows."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)

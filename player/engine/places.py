"""Places in an order: whole numbers far enough apart that others find room between two of them."""

GAP = 2**36
STEP = 2**16
"""how far apart are those that come between two others together: it leaves them the rest of the room"""
FARTHEST = 2**62


def between(low: int, high: int, count: int) -> list[int] | None:
    """So many, in the middle; nothing where there is no room."""
    step = min(STEP, (high - low) // (count + 1))
    if step < 1:
        return None
    first = low + (high - low - step * (count + 1)) // 2 + step
    return [first + step * number for number in range(count)]


def behind(low: int, count: int) -> list[int] | None:
    places = [low + GAP * number for number in range(1, count + 1)]
    return places if not places or places[-1] < FARTHEST else None

"""Whether a listen counts as a play: by the usual rule of those who count."""

SHORTEST_MS = 30_000
ENOUGH_MS = 4 * 60_000


def counts(played_ms: int, duration_ms: int) -> bool:
    """Half of it, or four minutes; of a piece of half a minute at least."""
    return duration_ms >= SHORTEST_MS and (played_ms * 2 >= duration_ms or played_ms >= ENOUGH_MS)

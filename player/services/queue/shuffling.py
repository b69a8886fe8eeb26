"""Shuffles a queue, and brings back the order in which it stood."""

from random import SystemRandom

from django.db.models import F

from library.services.statements import execute
from player.engine.places import GAP
from player.engine.shuffling import shuffled, shuffled_apart
from player.schemas.queue import Shuffle, Unshuffle
from player.services.queue.entries import entries_of, in_order, put_at
from player.services.queue.work import Work

# Counted anew: two that were brought back may remember the same place.
BACK = """
    UPDATE queue_entries e SET place = n.number * %(gap)s, unshuffled_place = NULL
    FROM (
      SELECT id, row_number() OVER (ORDER BY unshuffled_place, place) AS number FROM queue_entries
      WHERE queue_id = %(queue)s
    ) n WHERE e.id = n.id
"""


def shuffle(work: Work, asked: Shuffle) -> None:
    """What plays comes first. Shuffled twice it still remembers the order before the first time."""
    queue = work.queue
    rows = list(entries_of(queue).order_by("place").values_list("pk", "track__album_id"))
    chance = SystemRandom()
    if asked.apart:
        order = shuffled_apart([(pk, album or -pk) for pk, album in rows], first=queue.current_id, chance=chance)
    else:
        order = shuffled([pk for pk, _album in rows], first=queue.current_id, chance=chance)
    if not queue.shuffled:
        entries_of(queue).update(unshuffled_place=F("place"))
    put_at(queue, {pk: number * GAP for number, pk in enumerate(order, 1)})
    queue.spacing += 1
    queue.shuffled = True
    if rows:
        work.ops.append({"op": "order", "order": order})


def unshuffle(work: Work, asked: Unshuffle) -> None:
    """What was added meanwhile stands behind what it was added behind, or at the end."""
    queue = work.queue
    if not queue.shuffled:
        return
    execute(BACK, {"queue": queue.pk, "gap": GAP})
    queue.spacing += 1
    queue.shuffled = False
    work.ops.append({"op": "order", "order": in_order(queue)})

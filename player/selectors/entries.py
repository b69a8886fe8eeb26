"""Entries of a queue with their tracks: so many queries, whatever the number of rows."""

from collections.abc import Iterable, Sequence

from analysis.selectors.features import features_of
from core.errors import NotFound
from core.models import User
from library.schemas.tracks import AlbumRef
from library.selectors.covers import covers_of
from library.selectors.outs import credited, picture_out
from library.selectors.tracks import track_rows
from player.models import QueueEntry
from player.schemas.entries import EntryOut, EntryPage, TrackBrief
from player.selectors.listens import uses_of
from player.selectors.queue import queue_of


def entry_page(user: User, *, after: int | None, limit: int) -> EntryPage:
    rows = QueueEntry.objects.filter(queue=user.pk).order_by("place")
    version = queue_of(user).version
    if after is not None:
        place = rows.filter(pk=after).values_list("place", flat=True).first()
        if place is None:
            raise NotFound("This entry is not in your queue any more.", hint="Begin again without `after`.")
        rows = rows.filter(place__gt=place)
    found = list(rows[: limit + 1])
    items = entries_out(user, found[:limit])
    return EntryPage(version=version, items=items, next=items[-1].entry if len(found) > limit else None)


def entries_around(user: User, *, size: int) -> tuple[list[EntryOut], int]:
    """What plays with one before it and those that follow; and how many there are in all."""
    rows = QueueEntry.objects.filter(queue=user.pk).order_by("place")
    current = queue_of(user).current_id
    count = rows.count()
    if current is not None:
        until = rows.filter(place__lte=rows.filter(pk=current).values("place")).order_by("-place")
        rows = rows.filter(place__gte=min(until.values_list("place", flat=True)[:2], default=0))
    return entries_out(user, list(rows[:size])), count


def named_entries(user: User, ids: Sequence[int]) -> EntryPage:
    """Those that are named, as they stand; those that are gone are left out."""
    version = queue_of(user).version
    found = list(QueueEntry.objects.filter(queue=user.pk, pk__in=ids).order_by("place"))
    return EntryPage(version=version, items=entries_out(user, found), next=None)


def entries_out(user: User, rows: Sequence[QueueEntry]) -> list[EntryOut]:
    briefs = briefs_of(user, [row.track_id for row in rows])
    return [EntryOut(entry=row.pk, track=briefs[row.track_id], origin=row.origin) for row in rows]


def briefs_of(user: User | None, track_ids: Iterable[int]) -> dict[int, TrackBrief]:
    ids = set(track_ids)
    pictures, features = covers_of("track", ids), features_of(ids)
    uses = uses_of(user, ids) if user else {}
    found = {}
    for row in track_rows().filter(pk__in=ids):
        heard, use = features.get(row.pk), uses.get(row.pk)
        found[row.pk] = TrackBrief(
            id=row.pk,
            title=row.title,
            artist_credit=row.artist_credit,
            artists=credited(row.named_artists),  # type: ignore[attr-defined]
            album=AlbumRef(id=row.album.pk, title=row.album.title) if row.album else None,
            cover=picture_out(pictures.get(row.pk)),
            duration_ms=row.duration_ms,
            available=row.available,
            bpm=heard.bpm if heard else None,
            camelot=heard.camelot_key if heard else None,
            loved=bool(use and use.loved),
            rating=use.rating if use else None,
        )
    return found

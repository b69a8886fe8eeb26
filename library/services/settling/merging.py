"""Makes one track of two: the one that stays keeps its number, its locks and all that hangs on it."""

from collections.abc import Sequence

from django.db import transaction

from core.errors import InvalidInput, NotFound
from library.models import Track
from library.services.covers import show_best
from library.services.handing_over import PAIRS, pairs_of
from library.services.intake.orphans import remove_orphans
from library.services.intake.track_columns import COLUMNS
from library.services.intake.tracks import update_tracks
from library.services.statements import execute
from library.signals import Merged, tracks_merged

CHUNK = 1_000
LOAD = f"SELECT id, locked_fields, {', '.join(COLUMNS)} FROM tracks WHERE id = ANY(%(ids)s)"  # noqa: S608
ARTISTS = "SELECT DISTINCT artist_id FROM track_artists WHERE track_id = ANY(%(ids)s)"
ALBUM = list(COLUMNS).index("album_id")
# What the file says: taken over, unless a person has corrected it.
FROM_FILE = {
    "track_artists": ("artists", ""),
    "track_genres": ("genres", ""),
    "lyrics": ("lyrics", "AND o.source <> 'manual'"),
}
# What a track has of its own: kept, and what it lacks is added.
USES = f"""
    INSERT INTO track_uses (user_id, track_id, plays, last_played, loved, rating)
    SELECT u.user_id, p.kept, u.plays, u.last_played, u.loved, u.rating
    FROM {PAIRS} JOIN track_uses u ON u.track_id = p.gone
    ON CONFLICT (user_id, track_id) DO UPDATE SET
        plays = track_uses.plays + excluded.plays,
        last_played = greatest(track_uses.last_played, excluded.last_played),
        loved = track_uses.loved OR excluded.loved,
        rating = coalesce(track_uses.rating, excluded.rating)
"""  # noqa: S608
FORGET_USES = "DELETE FROM track_uses WHERE track_id = ANY(%(gone)s)"
TAGS = """
    INSERT INTO {table} (track_id, tag_id) SELECT p.kept, o.tag_id FROM {pair} JOIN {table} o ON o.track_id = p.gone
    ON CONFLICT DO NOTHING
"""
FORGET_COVERS = f"""
    DELETE FROM covers c USING {PAIRS} WHERE c.entity_type = 'track' AND c.entity_id = p.kept
      AND c.source = 'embedded' AND NOT EXISTS (
        SELECT 1 FROM tracks t WHERE t.id = p.kept AND 'cover' = ANY(t.locked_fields)
      )
"""  # noqa: S608
# Hidden first: the best of them is chosen when all are there.
HIDE_COVERS = f"""
    UPDATE covers SET shown = false FROM {PAIRS}
    WHERE entity_type = 'track' AND entity_id IN (p.kept, p.gone) AND shown
"""  # noqa: S608
MOVE_COVERS = f"""
    UPDATE covers c SET entity_id = p.kept FROM {PAIRS} WHERE c.entity_type = 'track' AND c.entity_id = p.gone
      AND NOT EXISTS (
        SELECT 1 FROM covers o WHERE o.entity_type = 'track' AND o.entity_id = p.kept AND o.source = c.source
      )
"""  # noqa: S608
DROP_COVERS = "DELETE FROM covers WHERE entity_type = 'track' AND entity_id = ANY(%(gone)s)"


@transaction.atomic
def merge_tracks(*, kept_id: int, gone_id: int) -> None:
    """For a person who sees that two rows are one: the first keeps its number, the second its file."""
    if kept_id == gone_id:
        raise InvalidInput("A track cannot be merged with itself.")
    if Track.objects.filter(pk__in=[kept_id, gone_id]).count() != 2:
        raise NotFound("There is no such track.")
    take_over([(kept_id, gone_id)])


def take_over(pairs: Sequence[tuple[int, int]]) -> None:
    """Each first track takes over the file and the tags of the second, which goes."""
    for start in range(0, len(pairs), CHUNK):
        _take_over(pairs[start : start + CHUNK])


def _take_over(pairs: Sequence[tuple[int, int]]) -> None:
    gone = [new for _old, new in pairs]
    rows = {row[0]: row[1:] for row in execute(LOAD, {"ids": [number for pair in pairs for number in pair]})}
    locked = {old: frozenset(rows[old][0]) for old, _new in pairs}
    told = {old: {**dict(zip(COLUMNS, rows[new][1:], strict=True)), "id": old} for old, new in pairs}
    merges = [Merged(kept_id=old, gone_id=new) for old, new in pairs]
    tracks_merged.send(Track, merges=merges)
    kept = [old for old, _new in pairs]
    artists = {number for (number,) in execute(ARTISTS, {"ids": kept})}
    _move_what_hangs_on_them(merges, locked)
    _drop(gone)
    update_tracks(told, {old: locks for old, locks in locked.items() if locks})
    show_best("track", kept)
    remove_orphans(albums={rows[old][1 + ALBUM] for old in kept if rows[old][1 + ALBUM]}, artists=artists)


def _move_what_hangs_on_them(merges: Sequence[Merged], locked: dict[int, frozenset[str]]) -> None:
    for table, (lock, unless) in FROM_FILE.items():
        open_ = [merge for merge in merges if lock not in locked[merge.kept_id]]
        _replace(table, open_, unless)
    values = pairs_of(merges)
    gone = [merge.gone_id for merge in merges]
    execute(USES, values)
    execute(FORGET_USES, {"gone": gone})
    for table in ("track_genre_tags", "track_mood_tags"):
        execute(TAGS.format(table=table, pair=PAIRS), values)
    execute(HIDE_COVERS, values)
    execute(FORGET_COVERS, values)
    execute(MOVE_COVERS, values)
    execute(DROP_COVERS, {"gone": gone})


def _replace(table: str, merges: Sequence[Merged], unless: str) -> None:
    """The old track's rows go, the new one's become its own; where something may not go, nothing comes."""
    if not merges:
        return
    values = pairs_of(merges)
    execute(f"DELETE FROM {table} o USING {PAIRS} WHERE o.track_id = p.kept {unless}", values)  # noqa: S608
    execute(
        f"UPDATE {table} o SET track_id = p.kept FROM {PAIRS} WHERE o.track_id = p.gone"  # noqa: S608
        f" AND NOT EXISTS (SELECT 1 FROM {table} k WHERE k.track_id = p.kept)",
        values,
    )


def _drop(gone: list[int]) -> None:
    """By Django, which knows what else refers to a track, of whatever app."""
    Track.objects.filter(pk__in=gone).delete()

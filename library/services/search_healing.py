"""Brings search up to date: at once for a few tracks, by a job of control for many, by the hour for what was missed.

A scan that reads thousands of files does not wait for their words: their tracks have no document yet, or one that is
marked as old, and the job finds them by that. A message that is lost heals itself in the same way.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.cache import invalidate
from core.database_jobs import DatabaseJob
from core.errors import Conflict, InvalidInput
from core.jobs import JobKind, Queue
from core.models import Job
from core.selectors import setting
from core.services.jobs import start_job
from core.services.settings import write_setting
from library.schemas.scan import SCAN_KIND
from library.selectors.search.sources import tracks_naming
from library.selectors.search.staleness import STALE, nameless, stale_tracks, state_of_search
from library.services.search_documents import GROUP, refresh_search_documents, refresh_search_names
from library.services.statements import execute

KIND = "library.heal_search"
# Up to so many tracks are searchable as soon as they are written; more would keep their writer waiting.
AT_ONCE = 100
SET = 500
# The next batch of a scan is usually there by then.
GRACE_S = 3.0
# A scan is not slowed down by the words of what it finds more often; what it has found last waits for its end.
DURING_SCANS_S = 30.0
STEP = "Reading words"
AGE = "UPDATE search_documents SET date_modified = %(as_of)s WHERE track_id = ANY(%(tracks)s)"
INDEXES = ("idx_search_documents", "idx_search_documents_lyrics", "idx_search_names")
COUNTED = "library.search_counted"
TABLES = ("search_documents", "search_names", "search_words")

COUNT_WORDS = """
    WITH counted AS (
      SELECT word, ndoc FROM ts_stat('SELECT document FROM search_documents')
      WHERE length(word) > 2 AND word !~ '[0-9[:punct:]]'
    ), named AS (SELECT word FROM ts_stat('SELECT document FROM search_names WHERE kind <> ''genre''')),
    gone AS (DELETE FROM search_words w WHERE NOT EXISTS (SELECT 1 FROM counted c WHERE c.word = w.word)
      AND NOT EXISTS (SELECT 1 FROM named n WHERE n.word = w.word))
    UPDATE search_words w SET documents = c.ndoc, of_names = n.word IS NOT NULL
    FROM counted c LEFT JOIN named n USING (word)
    WHERE w.word = c.word AND (w.documents, w.of_names) IS DISTINCT FROM (c.ndoc, n.word IS NOT NULL)
"""
COUNT_TRACKS = """
    UPDATE search_names n SET tracks = counted.tracks FROM (
      SELECT 'artist' AS kind, artist_id AS id, count(DISTINCT track_id) AS tracks FROM track_artists GROUP BY artist_id
      UNION ALL SELECT 'album', album_id, count(*) FROM tracks WHERE album_id IS NOT NULL GROUP BY album_id
      UNION ALL SELECT 'genre', genre_id, count(*) FROM track_genres GROUP BY genre_id
    ) counted WHERE n.kind = counted.kind AND n.entity_id = counted.id AND n.tracks <> counted.tracks
"""
SWEEP = """
    DELETE FROM search_names n WHERE
      (kind = 'artist' AND NOT EXISTS (SELECT 1 FROM artists WHERE id = n.entity_id))
      OR (kind = 'album' AND NOT EXISTS (SELECT 1 FROM albums WHERE id = n.entity_id))
      OR (kind = 'genre' AND NOT EXISTS (SELECT 1 FROM genres WHERE id = n.entity_id))
"""


def update_search(*, track_ids: Collection[int]) -> None:
    """Called inside the transaction that has written these tracks."""
    if len(track_ids) <= AT_ONCE:
        refresh_search_documents(track_ids=track_ids)
        return
    execute(AGE, {"as_of": STALE, "tracks": list(track_ids)})
    transaction.on_commit(ask_for_healing, robust=True)


def update_search_names(
    *, artist_ids: Iterable[int] = (), album_ids: Iterable[int] = (), genre_ids: Iterable[int] = ()
) -> None:
    """Called inside the transaction that has written these; tracks follow where a name has changed."""
    changed = refresh_search_names(artist_ids=artist_ids, album_ids=album_ids, genre_ids=genre_ids)
    if any(changed.by_kind().values()):
        update_search(track_ids=tracks_naming(changed))


def ask_for_healing() -> None:
    """A job that is already running may have looked past these rows: then one more waits behind it."""
    if _is_soon_enough():
        return
    for params in ({}, {"again": True}):
        try:
            start_job(kind=KIND, params=params)
        except Conflict:
            continue
        return


def _is_soon_enough() -> bool:
    """While a scan runs, words are written now and then, and when it has ended."""
    begun = timezone.now() - timedelta(seconds=DURING_SCANS_S)
    scans = Job.objects.filter(kind=SCAN_KIND, state=Job.State.RUNNING)
    lately = scans.filter(started_at__gt=begun) | Job.objects.filter(kind=KIND, queued_at__gt=begun)
    return scans.exists() and lately.exists()


def heal_after_scan(job: Job) -> None:
    """If it may have found anything."""
    if job.state != Job.State.DONE or any(job.figures.get(name) for name in ("new", "changed", "moved")):
        ask_for_healing()


def heal_search(job: DatabaseJob, pause: Callable[[float], None] = time.sleep) -> None:
    """Writes what is missing or old, counts, and sweeps away what is gone."""
    healed = 0
    thoroughly = True
    while ids := stale_tracks(thoroughly=thoroughly):
        for done, some in _sets(ids):
            job.progress(STEP, done, len(ids))
            refresh_search_documents(track_ids=some)
        healed += len(ids)
        job.progress(STEP, len(ids), len(ids), tracks=healed)
        pause(GRACE_S)
        thoroughly = False
    names = nameless()
    for kind, rows in names.items():
        for _done, some in _sets(rows):
            job.go_on()
            refresh_search_names(**{f"{kind}_ids": some})
    # As of before it is counted: what is written meanwhile is counted next time.
    state = state_of_search()
    if setting(COUNTED) != state:
        _count_and_sweep()
        write_setting(key=COUNTED, value=state)
    job.figures.update(tracks=healed, names=sum(map(len, names.values())))


def _sets(ids: list[int]) -> Iterator[tuple[int, list[int]]]:
    for start in range(0, len(ids), SET):
        yield start, ids[start : start + SET]


def _count_and_sweep() -> None:
    with connection.cursor() as cursor:
        for statement in (SWEEP, COUNT_TRACKS, COUNT_WORDS):
            cursor.execute(statement)
        # What is waiting to be sorted into the indexes would be gone through word by word by every search.
        for index in INDEXES:
            cursor.execute("SELECT gin_clean_pending_list(%s)", [index])
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
    invalidate(GROUP)


def check_params(params: dict[str, Any]) -> dict[str, Any]:
    if params not in ({}, {"again": True}):
        raise InvalidInput("This job takes no parameters.", field="params")
    return params


KINDS = [
    JobKind(
        name=KIND,
        queue=Queue.CONTROL,
        title=_("Bringing search up to date"),
        icon="search",
        unit=_("tracks"),
        steps={STEP: _("Reading words")},
        subject=lambda params: "again" if params.get("again") else "",
        check_params=check_params,
        run=heal_search,
    )
]

"""Looks for absent tracks among those that have appeared anywhere since the root's last whole scan."""

from collections.abc import Iterator
from typing import Any

from library.engine.matching import Facts, matches
from library.models import LibraryRoot
from library.services.intake.returning import FACTS, facts_of
from library.services.statements import execute

CHUNK = 5_000
ABSENT = f"{FACTS} WHERE t.id = ANY(%(ids)s)"
# What is itself absent from a scan is not where anything has gone; nor is what a person has worked on already.
APPEARED = f"""
    {FACTS} WHERE t.available AND t.date_added >= %(since)s AND NOT t.id = ANY(%(ids)s)
      AND NOT EXISTS (SELECT 1 FROM scan_absences a WHERE a.track_id = t.id)
      AND (
        t.audio_hash = ANY(%(hashes)s) OR t.musicbrainz_id = ANY(%(recordings)s) OR t.sort_title = ANY(%(titles)s)
        OR t.file_size = ANY(%(sizes)s) OR t.folder = ANY(%(folders)s)
      )
"""  # noqa: S608
KEYS = "SELECT id, audio_hash, musicbrainz_id, sort_title, file_size, folder FROM tracks WHERE id = ANY(%(ids)s)"


def find_again(root: LibraryRoot, absent: list[int]) -> list[tuple[Facts, Facts]]:
    """Pairs of what is absent and what it is now; each row is used once."""
    if root.last_scan_at is None:
        since: Any = root.date_added
    else:
        since = root.last_scan_at
    found: list[tuple[Facts, Facts]] = []
    used: set[int] = set()
    for ids in _chunks(absent):
        gone = [facts_of(row) for row in execute(ABSENT, {"ids": ids})]
        rows = execute(APPEARED, {"since": since, "ids": absent, **_wanted(ids)})
        pairs = matches(gone, [facts_of(row) for row in rows if row[0] not in used])
        used.update(new.ref for _old, new in pairs)
        found += pairs
    return found


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _wanted(ids: list[int]) -> dict[str, Any]:
    rows = execute(KEYS, {"ids": ids})
    return {
        "hashes": list({row[1] for row in rows if row[1]}),
        "recordings": list({row[2] for row in rows if row[2]}),
        "titles": list({row[3] for row in rows if row[3]}),
        "sizes": list({row[4] for row in rows if row[4]}),
        "folders": list({row[5] for row in rows}),
    }

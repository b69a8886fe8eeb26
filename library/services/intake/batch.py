"""One batch, in one transaction: whatever the database refuses is found by halving, and everything else is kept."""

from dataclasses import dataclass, field
from operator import attrgetter

from django.db import DatabaseError, OperationalError, transaction

from core import metrics
from core.cache import invalidate
from core.logs import get_logger
from core.models import Job
from library.engine.paths import joined
from library.models import LibraryRoot, Track
from library.schemas.scan import BatchOut, RefusedRow, TrackBatch
from library.selectors.scans import running_scan
from library.services.intake import pictures
from library.services.intake.albums import albums_for
from library.services.intake.artists import apply_splits, artists_for, named_credit
from library.services.intake.genres import genres_for, moods_for
from library.services.intake.incoming import UNKNOWN, Incoming, read_rows
from library.services.intake.links import write_credits, write_genres, write_lyrics, write_moods
from library.services.intake.locking import lock_catalogue
from library.services.intake.notes import Errors, note_absent, note_errors, note_folders, note_stale
from library.services.intake.orphans import remove_orphans
from library.services.intake.returning import take_up_missing
from library.services.intake.tracks import forget_absences, look_up, respect_locks, write_tracks
from library.signals import ImportedTrack, tracks_changed, tracks_imported

log = get_logger(__name__)
GAINS = attrgetter("replaygain_track_gain", "replaygain_track_peak", "replaygain_album_gain", "replaygain_album_peak")
# What one row may bring about; a database that is away, or has met a deadlock, is the whole batch's to try again.
OF_A_ROW = (DatabaseError, ValueError, OverflowError, TypeError, KeyError)


@dataclass(slots=True)
class Taken:
    """What became of the rows."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    returned: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)


def take_batch(*, batch: TrackBatch) -> BatchOut:
    """Writes what a worker has read; the same batch again changes nothing."""
    with transaction.atomic():
        job, root = running_scan(batch.job_id, batch.attempt)
        rows, refused = read_rows(root, batch.tracks)
        taken = Taken(refused=refused)
        lock_catalogue()
        _take(job, root, rows, taken)
        _take_the_rest(job, root, batch, rows, taken)
        if taken.touched:
            tracks_changed.send(Track, track_ids=taken.touched)
        if taken.touched or batch.folder_covers or batch.gone:
            invalidate("library")
    metrics.scan_chunks_processed_total.inc()
    refs = [row.tags.cover.digest for row in rows if row.tags.cover]
    return BatchOut(
        new=taken.new,
        changed=taken.changed,
        unchanged=taken.unchanged,
        returned=taken.returned,
        refused=taken.refused,
        covers_wanted=pictures.wanted([*refs, *(entry.cover.digest for entry in batch.folder_covers if entry.cover)]),
        cancel=job.cancel_requested,
    )


def _take(job: Job, root: LibraryRoot, rows: list[Incoming], taken: Taken) -> None:
    """All of them at once; where that fails, each half by itself, down to the one that cannot be taken."""
    if not rows:
        return
    try:
        with transaction.atomic():
            _write(job, root, rows, taken)
    except OperationalError:
        raise
    except OF_A_ROW as error:
        for row in rows:
            row.known, row.track_id = None, 0
        if len(rows) > 1:
            middle = len(rows) // 2
            _take(job, root, rows[:middle], taken)
            _take(job, root, rows[middle:], taken)
        else:
            log.warning("row_refused", path=rows[0].path, reason=str(error))
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            taken.refused.append(RefusedRow(folder=rows[0].tags.folder, name=rows[0].tags.name, reason=reason[:2_000]))


def _write(job: Job, root: LibraryRoot, rows: list[Incoming], taken: Taken) -> None:
    stale = look_up(root, rows)
    take_up_missing(rows)
    respect_locks(rows)
    apply_splits(rows)
    artists = artists_for(rows, [row.album for row in rows if row.album])
    for row in rows:
        if not row.is_locked("artists"):
            row.artist_ids = [artists[named_credit(credit)] for credit in row.artists or [UNKNOWN]]
    albums = albums_for(root, rows, artists)
    changed = write_tracks(root, rows)
    moved = {row.track_id for row in rows if row.known and row.known.album_id != row.album_id}
    credited, left = write_credits(rows, artists)
    changed |= credited | write_genres(rows, genres_for(rows), moved)
    changed |= write_moods(rows, moods_for(rows))
    changed |= write_lyrics(rows)
    pictures.write_track_covers(rows)
    known = [row.track_id for row in rows if row.known]
    if known:
        forget_absences(known)
    note_stale(job, stale)
    remove_orphans(
        albums={row.known.album_id for row in rows if row.known and row.known.album_id} - albums, artists=left
    )
    _tell(rows)
    _note(rows, changed, taken)


def _tell(rows: list[Incoming]) -> None:
    """Inside the savepoint: what a receiver cannot take is as bad as what the database cannot."""
    told = [
        ImportedTrack(
            track_id=row.track_id,
            bpm=row.tags.bpm,
            key=row.tags.key,
            rating=row.tags.rating,
            # What a person has locked is not what the file says.
            replaygain=None if row.known else GAINS(row.tags),
            created=row.known is None,
            audio_changed=bool(row.known and row.known.audio_hash and row.known.audio_hash != row.tags.audio_hash),
        )
        for row in rows
    ]
    tracks_imported.send(Track, tracks=told)


def _note(rows: list[Incoming], changed: set[int], taken: Taken) -> None:
    for row in rows:
        if row.known is None:
            taken.new += 1
        elif row.known.elsewhere or not row.known.available:
            taken.returned += 1
        elif row.track_id in changed:
            taken.changed += 1
        else:
            taken.unchanged += 1
            continue
        taken.touched.append(row.track_id)


def _take_the_rest(job: Job, root: LibraryRoot, batch: TrackBatch, rows: list[Incoming], taken: Taken) -> None:
    """Errors, files that are gone, pictures of folders; the folders last, since all that they hold is written now."""
    errors = Errors(root)
    errors.forget(row.path for row in rows)
    errors.forget(joined(root.path, file.folder, file.name) for file in batch.gone)
    errors.add(batch.errors)
    errors.add_refused(taken.refused, batch.tracks)
    note_errors(errors)
    note_absent(job, root, batch.gone)
    pictures.write_folder_covers(root, batch.folder_covers)
    note_folders(root, rows, batch.folders)

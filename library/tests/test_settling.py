"""Moved, renamed, retagged, encoded anew: the track keeps its number, and with it all that people made of it."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import Conflict, Superseded
from core.models import User
from library.models import Album, Cover, LibraryRoot, Lyrics, ScanAbsence, ScanFolder, Track, TrackUse
from library.services.settling import merge_tracks
from library.tests.factories import make_root, make_track, scanned_track
from library.tests.scans import Scan, scan_whole

pytestmark = pytest.mark.usefixtures("no_delivery")
Row = dict[str, Any]


@pytest.fixture
def root(transactional_db: None) -> LibraryRoot:
    """Each scan in transactions of its own, as it is: what has appeared since is told by the clock."""
    return make_root()


def album_of(count: int = 6, folder: str = "Moss/Low Tide/", **more: Any) -> list[Row]:
    return [scanned_track(f"{n:02d}.flac", folder=folder, track_position=n, **more) for n in range(count)]


def moved(row: Row, folder: str = "Elsewhere/", **more: Any) -> Row:
    return row | {"folder": folder, **more}


def numbers() -> dict[str, int]:
    return {track.audio_hash: track.pk for track in Track.objects.all()}


CHANGES: dict[str, Callable[[Row], Row]] = {
    "moved": lambda row: moved(row),
    "renamed": lambda row: row | {"name": "new name.flac"},
    "moved and renamed": lambda row: moved(row, name="new name.flac"),
    "moved and retagged": lambda row: moved(
        row, title="Other", artists=[{"name": "Other"}], album=None, genres=[], size=5, mtime_ns=5
    ),
    "encoded anew": lambda row: (
        row | {"name": row["name"].replace("flac", "mp3"), "audio_hash": "x", "size": 5, "file_type": "mp3"}
    ),
    "encoded anew elsewhere": lambda row: moved(
        row, name="a.mp3", audio_hash="x", size=5, duration_ms=row["duration_ms"] + 40
    ),
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_file_that_is_somewhere_else_is_the_same_track(how: str, root: LibraryRoot, owner: User) -> None:
    rows = album_of()
    scan_whole(root, rows)
    before = Track.objects.get(path__endswith="/02.flac")
    TrackUse.objects.create(user=owner, track=before, rating=9, plays=3, loved=True)
    changed = [CHANGES[how](row) if row is rows[2] else row for row in rows]
    settled = scan_whole(root, changed)
    assert (settled.moved, settled.missing, settled.not_new) == (1, 0, 1)
    after = Track.objects.get(pk=before.pk)
    there = changed[2]
    assert after.path == f"{root.path}/{there['folder']}{there['name']}"
    assert (after.available, after.missing_since, after.title) == (True, None, there["title"])
    assert (after.file_size, after.file_type, after.date_added) == (
        there["size"],
        there["file_type"],
        before.date_added,
    )
    assert Track.objects.count() == len(rows)
    assert TrackUse.objects.get().track_id == before.pk
    assert not ScanAbsence.objects.exists()


def test_retagged_in_place_is_the_same_row_at_once(root: LibraryRoot) -> None:
    rows = album_of()
    scan_whole(root, rows)
    before = numbers()
    settled = scan_whole(root, [row | {"title": "Anew", "mtime_ns": 5} for row in rows])
    assert (settled.moved, settled.missing) == (0, 0)
    assert numbers() == before


def test_a_renamed_folder_with_everything_in_it(root: LibraryRoot) -> None:
    rows = album_of(30)
    scan_whole(root, rows)
    before, album = numbers(), Album.objects.get()
    settled = scan_whole(root, [moved(row, "Moss/1999 - Low Tide/") for row in rows])
    assert (settled.moved, settled.missing) == (30, 0)
    assert numbers() == before
    assert Album.objects.get() == album
    assert [folder.path for folder in ScanFolder.objects.all()] == ["Moss/1999 - Low Tide/"]


@pytest.mark.parametrize("order", ["the old root first", "the new root first"])
def test_moved_between_roots_in_either_order_of_their_scans(order: str, root: LibraryRoot) -> None:
    other = make_root()
    rows, there = album_of(10), album_of(4, "There/", artist="There")
    scan_whole(root, rows)
    scan_whole(other, there)
    before = numbers()
    kept, gone = rows[:7], rows[7:]
    scans = [(root, kept), (other, there + gone)]
    for place, files in scans if order == "the old root first" else scans[::-1]:
        scan_whole(place, files)
    assert numbers() == before
    assert Track.objects.filter(root=other).count() == 7
    assert Track.objects.filter(available=True).count() == 14


def test_a_missing_track_keeps_everything_and_is_taken_up_when_it_comes_back_elsewhere(root: LibraryRoot) -> None:
    rows = album_of()
    scan_whole(root, rows)
    before = numbers()
    settled = scan_whole(root, rows[1:])
    assert (settled.moved, settled.missing) == (0, 1)
    track = Track.objects.get(pk=before[rows[0]["audio_hash"]])
    assert not track.available
    assert track.missing_since is not None
    assert track.album is not None
    scan_whole(root, [moved(rows[0]), *rows[1:]])
    assert numbers() == before
    back = Track.objects.get(pk=track.pk)
    assert (back.available, back.missing_since, back.folder) == (True, None, "Elsewhere/")


def test_a_missing_file_that_comes_back_as_it_was_is_found_though_nothing_in_it_changed(root: LibraryRoot) -> None:
    rows = album_of()
    scan_whole(root, rows)
    before = numbers()
    scan_whole(root, rows[1:])
    scan_whole(root, rows)
    assert numbers() == before
    assert Track.objects.filter(available=True, missing_since=None).count() == len(rows)


def test_of_two_copies_of_one_sound_each_keeps_its_own_number(root: LibraryRoot) -> None:
    one, other = scanned_track("a.flac", audio_hash="h"), scanned_track("b.flac", audio_hash="h")
    fill = album_of(8, "Fill/")
    scan_whole(root, [one, other, *fill])
    before = {(track.path or "").rsplit("/", 1)[-1]: track.pk for track in Track.objects.filter(audio_hash="h")}
    settled = scan_whole(root, [moved(other), moved(one), *fill])
    assert settled.moved == 2
    after = {(track.path or "").rsplit("/", 1)[-1]: track.pk for track in Track.objects.filter(audio_hash="h")}
    assert after == before


def test_a_copy_beside_the_original_is_another_track(root: LibraryRoot) -> None:
    rows = album_of()
    scan_whole(root, rows)
    settled = scan_whole(root, [*rows, moved(rows[0])])
    assert (settled.moved, settled.missing, Track.objects.count()) == (0, 0, len(rows) + 1)


def test_locks_of_the_moved_track_hold_against_the_tags_of_its_new_place(root: LibraryRoot) -> None:
    rows = album_of(lyrics={"text": "theirs"})
    scan_whole(root, rows)
    track = Track.objects.get(path__endswith="/00.flac")
    Lyrics.objects.filter(track=track).update(text="mine", source="manual")
    Track.objects.filter(pk=track.pk).update(title="Mine", locked_fields=["title", "genres"])
    retagged = moved(rows[0], title="Theirs", genres=["Theirs"], comment="new", mtime_ns=5)
    assert scan_whole(root, [retagged, *rows[1:]]).moved == 1
    track.refresh_from_db()
    assert (track.title, track.comment, [g.name for g in track.genres.all()]) == ("Mine", "new", ["Ambient"])
    assert Lyrics.objects.get(track=track).text == "mine"


def test_what_was_already_made_of_the_new_place_is_kept_too(root: LibraryRoot, owner: User, listener: User) -> None:
    """Somebody listened to it before the scan had ended."""
    rows = album_of()
    scan_whole(root, rows)
    old = Track.objects.get(path__endswith="/00.flac")
    TrackUse.objects.create(user=owner, track=old, plays=3, rating=8)
    scan = Scan(root)
    scan.send(moved(rows[0]), gone=[{"folder": rows[0]["folder"], "name": "00.flac"}])
    new = Track.objects.get(folder="Elsewhere/")
    TrackUse.objects.create(user=owner, track=new, plays=2, loved=True, rating=1)
    TrackUse.objects.create(user=listener, track=new, plays=1)
    assert scan.settle().moved == 1
    mine = TrackUse.objects.get(user=owner)
    assert (mine.track_id, mine.plays, mine.loved, mine.rating) == (old.pk, 5, True, 8)
    assert TrackUse.objects.get(user=listener).track_id == old.pk
    assert not Track.objects.filter(pk=new.pk).exists()


def test_its_picture_moves_with_it(root: LibraryRoot) -> None:
    rows = album_of(cover={"digest": "a" * 64, "mime_type": "image/jpeg", "size": 9, "source": "embedded"})
    scan_whole(root, rows)
    other = {"digest": "b" * 64, "mime_type": "image/jpeg", "size": 9, "source": "embedded"}
    scan_whole(root, [moved(rows[0], cover=other), *rows[1:]])
    track = Track.objects.get(folder="Elsewhere/")
    cover = Cover.objects.get(entity_type="track", entity_id=track.pk)
    assert (cover.image_id, cover.shown) == ("b" * 64, True)
    assert Cover.objects.filter(entity_type="track").count() == len(rows)


# --- the guard --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("known", "left"), [(5, 0), (60, 0), (60, 20)])
def test_when_so_much_is_gone_nothing_is_marked_as_missing(known: int, left: int, root: LibraryRoot) -> None:
    rows = album_of(known)
    scan_whole(root, rows)
    with pytest.raises(Conflict) as refusal:
        scan_whole(root, rows[:left])
    assert f"{known - left} of {known}" in refusal.value.message
    assert Track.objects.filter(available=True, missing_since=None).count() == known
    scan_whole(root, rows)
    assert Track.objects.filter(available=True).count() == known, "mounted again, all is as it was"


def test_a_person_may_say_that_it_is_really_gone(root: LibraryRoot) -> None:
    rows = album_of(60)
    scan_whole(root, rows)
    assert scan_whole(root, rows[:5], accept_missing=True).missing == 55
    assert Track.objects.filter(available=False).count() == 55


def test_a_refused_scan_is_refused_again_and_not_forgotten(root: LibraryRoot) -> None:
    rows = album_of(30)
    scan_whole(root, rows)
    for _ in range(2):
        with pytest.raises(Conflict):
            scan_whole(root, [])
    assert scan_whole(root, [], accept_missing=True).missing == 30


def test_few_of_many_may_go_without_a_question(root: LibraryRoot) -> None:
    rows = album_of(60)
    scan_whole(root, rows)
    assert scan_whole(root, rows[10:]).missing == 10


def test_a_scan_that_is_over_settles_nothing(root: LibraryRoot) -> None:
    scan = Scan(root)
    scan.finish()
    with pytest.raises(Superseded):
        scan.settle()


def test_settling_twice_is_settling_once(root: LibraryRoot) -> None:
    rows = album_of()
    scan_whole(root, rows)
    scan = Scan(root)
    scan.send(moved(rows[0]), gone=[{"folder": rows[0]["folder"], "name": rows[0]["name"]}])
    assert scan.settle().moved == 1
    assert scan.settle().moved == 0
    assert Track.objects.count() == len(rows)


def test_the_root_remembers_what_it_held(root: LibraryRoot) -> None:
    scan_whole(root, album_of())
    root.refresh_from_db()
    assert root.track_count == 6
    assert root.last_scan_at is not None


def test_two_rows_that_a_person_takes_for_one_are_one(root: LibraryRoot, owner: User) -> None:
    kept, gone = make_track("Heard", root=None), make_track("Found", root=root)
    TrackUse.objects.create(user=owner, track=gone, plays=2)
    merge_tracks(kept_id=kept.pk, gone_id=gone.pk)
    kept.refresh_from_db()
    assert (kept.title, kept.path, kept.root) == ("Found", gone.path, root)
    assert TrackUse.objects.get().track_id == kept.pk
    assert Track.objects.count() == 1

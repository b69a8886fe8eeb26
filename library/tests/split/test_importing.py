"""Importing the library of the first SoniqueBay: whole or not at all, with every oddity said."""

import json
import signal
from pathlib import Path

import pytest

from core.backups import swapping
from core.backups.progress import silent
from core.errors import Conflict, InvalidInput, Unavailable
from library.services.importing.building import Wanted, import_soniquebay
from library.services.importing.report import Report
from library.tests.split.databases import Own

MOVED = (("/music/", "/srv/music/"),)


def run(original: Own, live: Own, wanted: Wanted | None = None) -> Report:
    return import_soniquebay(
        address=original.database.url,
        database=live.database,
        media=live.media,
        wanted=wanted or Wanted(moved=MOVED),
        progress=silent,
    )


def siblings(own: Own) -> set[str]:
    with swapping.elsewhere(own.database) as connection:
        rows = connection.execute("SELECT datname FROM pg_database").fetchall()
    return {name for (name,) in rows if name.startswith(own.database.name)} - {own.database.name}


def counts(report: Report) -> dict[tuple[str, str], int]:
    return {(found.kind, found.field): found.count for found in report.found}


def test_a_library_is_taken_over_whole(original: Own, live: Own) -> None:
    theirs, people = original.rows(), live.ask("SELECT username, password FROM users")
    report = run(original, live)
    assert original.rows() == theirs
    assert live.ask("SELECT username, password FROM users") == people
    assert live.ask("SELECT name, scope FROM api_tokens") == [("phone", "read")]
    assert live.ask("SELECT state FROM jobs") == [("failed",)]
    assert live.ask("SELECT name FROM artist_splits") == [("Simon & Garfunkel",)]
    assert live.ask("SELECT count(*) FROM django_celery_beat_periodictask") != [(0,)]
    assert live.ask("SELECT count(*) FROM settings WHERE secret IS NOT NULL") == [(1,)]
    for query in (
        "SELECT count(*), sum(id), sum(track_artist_id), sum(album_id), sum(duration), min(date_added) FROM tracks",
        "SELECT count(*), sum(id), max(date_modified), count(musicbrainz_artistid) FROM artists",
    ):
        assert live.ask(query) == original.ask(query)
    assert live.ask("SELECT sum(bpm::numeric) FROM track_audio_features") == original.ask(
        "SELECT sum(bpm::numeric) FROM tracks WHERE bpm < 1000"
    )
    assert live.ask("SELECT count(*), sum(vector_norm(vector)) FROM track_embeddings") == original.ask(
        "SELECT count(*), sum(vector_norm(vector)) FROM tracks WHERE vector_norm(vector) > 0"
    )
    odd = counts(report)
    assert odd["orphan_link", "track_genres"] == 4
    assert odd["duplicate_link", "track_genres"] == 1
    assert odd["nameless", "genre_tags"] == 1
    assert odd["lost_cover", ""] == 1
    assert odd["zero_vector", "vector"] == 750
    assert odd["encrypted_setting", ""] == odd["setting", ""] == odd["other_table", ""] == 1
    assert {found.examples[0] for found in report.found if found.kind == "encrypted_setting"} == {"lastfm_key"}
    assert live.ask("SELECT value FROM split_leftovers WHERE field = 'lastfm_key'") == [(None,)]
    # Folders that are known here have their tracks, the innermost first.
    rows = live.ask(
        "SELECT library_roots.path, folder, count(*) FROM tracks JOIN library_roots ON root_id = library_roots.id "
        "WHERE tracks.path LIKE '/srv/music/7/%' OR tracks.path LIKE '/srv/music/8/%' GROUP BY 1, 2 ORDER BY 1"
    )
    assert [(path, folder) for path, folder, _ in rows] == [("/srv/music", "8/"), ("/srv/music/7/", "")]
    assert report.outside == 0
    assert live.ask("SELECT sum(track_count), count(last_scan_at) FROM library_roots") == live.ask(
        "SELECT count(path), 0 FROM tracks"
    )
    pictures = {name for (name,) in live.ask("SELECT digest FROM cover_images")}
    assert {file.stem for file in live.media.rglob("*.png")} == pictures
    assert report.covers == len(pictures) > 40
    # New rows find free numbers; the old library waits until it is forgotten.
    live.ask("INSERT INTO genres (name, name_key, date_added, date_modified) VALUES ('New', 'new', now(), now())")
    assert siblings(live) == {report.put_aside}
    old = Own(live.database.named(report.put_aside), live.home)
    assert old.ask("SELECT name FROM artists") == [("of the library that goes",)]


KILLED = """
import os, signal, sys
import django; django.setup()
from pathlib import Path
from django.conf import settings
from core.backups.database import live_database
from library.services.importing.building import Wanted, import_soniquebay
def progress(step, current, total=None, **figures):
    if step == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
import_soniquebay(address=sys.argv[1], database=live_database(), media=settings.MEDIA_ROOT, wanted=Wanted(), progress=progress)
"""


ADD_A_TRACK = (
    "INSERT INTO tracks (title, sort_title, artist_credit, track_artist_id, folder, cue_index, available, audio_hash, "
    "disc_subtitle, recording_date, original_date, release_date, isrc, language, comment, locked_fields, date_added, "
    "date_modified) SELECT '', '', '', id, '', 0, false, '', '', '', '', '', '', '', '', '{}', now(), now() FROM artists"
)


@pytest.mark.parametrize("step", ["Copying tracks", "Exchanging the databases"])
def test_killed_in_the_middle_the_old_library_stays_and_the_next_try_ends(
    original: Own, newer_original: Own, live: Own, step: str
) -> None:
    before = live.rows()
    done = live.python("-c", KILLED, original.database.url, step)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert live.rows() == before
    assert siblings(live) == {f"{live.database.name}_importing"}
    if step == "Exchanging the databases":
        live.ask(ADD_A_TRACK)
        report = run(newer_original, live, Wanted(moved=MOVED, replace=True))
        assert siblings(live) == {report.put_aside}
        assert not (live.media / ".importing").exists()
        they_kept_their_own_rows(live, report)


def they_kept_their_own_rows(live: Own, report: Report) -> None:
    """Of a library that was split already."""
    assert live.ask("SELECT bpm, analysis_source FROM track_audio_features WHERE track_id = 12") == [(99, "tags")]
    others = "SELECT DISTINCT analysis_source, analyzed_at::date::text FROM track_audio_features WHERE track_id <> 12"
    assert live.ask(others) == [("librosa", "2025-05-05")]
    models = live.ask("SELECT DISTINCT embedding_source, embedding_model FROM track_embeddings")
    assert models == [("ollama", "nomic-embed-text")]
    values = live.ask("SELECT metadata_value FROM track_metadata WHERE metadata_key = 'listeners' ORDER BY 1")
    assert values == [("2",), ("3",)]
    assert live.ask("SELECT count(DISTINCT musicbrainz_id), count(*) FROM tracks WHERE id IN (6, 9, 15)") == [(1, 3)]
    odd = counts(report)
    assert odd["orphan_row", "track_audio_features"] == 1
    assert odd["zero_vector", "vector"] >= 750
    assert odd["duplicate_recording", "musicbrainz_id"] == 2
    named = {name for found in report.found if found.kind == "other_column" for name in found.examples}
    assert named == {"tracks.rating"}


def test_a_try_changes_nothing_and_says_what_is_odd(original: Own, live: Own, tmp_path: Path) -> None:
    before = live.rows()
    done = live.python(
        "manage.py", "import_soniquebay", original.database.url, "--dry-run", "--report", str(tmp_path / "report.json")
    )
    assert done.returncode == 0, done.stderr
    assert "3,000 tracks" in done.stdout
    assert "files lie in no folder of music" in done.stdout
    assert "750  vectors of zeros" in done.stdout
    assert "That was a try. Nothing was changed." in done.stdout
    assert live.rows() == before
    assert siblings(live) == set()
    assert not [path for path in live.media.rglob("*") if path.is_file()]
    assert json.loads((tmp_path / "report.json").read_text())["rows"]["tracks"] == 3000


def test_it_asks_first(original: Own, live: Own) -> None:
    done = live.python("manage.py", "import_soniquebay", original.database.url)
    assert "3,000 tracks" in done.stdout
    assert "add --yes. Nothing was changed." in done.stderr


def test_a_library_with_tracks_is_replaced_only_when_that_is_said(original: Own, live: Own) -> None:
    live.ask(ADD_A_TRACK)
    with pytest.raises(Conflict, match="has 1 tracks already"):
        run(original, live)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("DROP TABLE tracks CASCADE", "no table tracks"),
        ("ALTER TABLE albums DROP COLUMN title", "no column albums.title"),
        ("CREATE TABLE django_migrations (id int)", "database of this SoniqueBay"),
    ],
)
def test_another_database_is_refused(newer_original: Own, live: Own, change: str, reason: str) -> None:
    newer_original.run((change,))
    with pytest.raises(InvalidInput, match=reason):
        run(newer_original, live)
    assert siblings(live) == set()


@pytest.mark.parametrize(
    ("address", "reason"),
    [("postgresql+asyncpg://nobody:secret@127.0.0.1:1/x", "cannot be reached"), ("what is this", "no address")],
)
def test_an_address_that_leads_nowhere_is_said_without_its_password(live: Own, address: str, reason: str) -> None:
    with pytest.raises((Unavailable, InvalidInput), match=reason) as refusal:
        import_soniquebay(address=address, database=live.database, media=live.media, wanted=Wanted(), progress=silent)
    assert "secret" not in f"{refusal.value.message} {refusal.value.hint}"


def test_folders_that_would_fall_into_one_are_refused(original: Own, live: Own) -> None:
    with pytest.raises(InvalidInput, match="path of another"):
        run(original, live, Wanted(moved=tuple((f"/music/{n}/é {n}.flac", "/one") for n in (1, 2))))
    assert siblings(live) == set()
    assert list(live.media.iterdir()) == []

"""Restoring: everything comes back, or nothing is touched."""

import io
import shutil
import tarfile
import threading
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet

from core.backups import covers, restoring, swapping
from core.backups.covers import Covers, finish_interrupted
from core.backups.manifest import refuse_unreadable
from core.backups.progress import silent
from core.backups.restoring import forget_old, restore_media
from core.backups.settling import REASON
from core.backups.verifying import verify
from core.errors import Conflict, InvalidInput, NotAllowed, Unavailable
from core.tests.backups.library import SIGN_IN, Library


def lose_everything(library: Library) -> None:
    library.ask("DELETE FROM api_tokens")
    library.ask("DELETE FROM users WHERE username <> 'owner'")
    library.ask("UPDATE settings SET secret = NULL")
    shutil.rmtree(library.media / "covers" / "ab")


def without_running(rows: dict[str, list[object]]) -> dict[str, list[object]]:
    """Jobs that ran are closed by a restore, on purpose."""
    return {**rows, "jobs": [row for row in rows["jobs"] if "clean_up" not in str(row)]}


def test_everything_comes_back(library: Library) -> None:
    before, covers_before = library.rows(), library.covers()
    backup = library.back_up()
    lose_everything(library)
    restored = library.restore(backup.path)
    assert without_running(library.rows()) == without_running(before)
    assert library.covers() == covers_before
    assert restored.unreadable == []
    assert library.python("-c", SIGN_IN).returncode == 0


def test_jobs_that_ran_are_closed_with_the_reason(library: Library) -> None:
    restored = library.restore(library.back_up().path)
    assert restored.jobs_failed == 1
    assert library.ask("SELECT state, message FROM jobs WHERE kind = 'clean_up'") == [("failed", REASON)]


def test_the_old_database_is_kept_until_it_is_forgotten(library: Library) -> None:
    backup = library.back_up()
    library.ask("DELETE FROM api_tokens")
    put_aside = library.restore(backup.path).put_aside
    assert library.siblings() == {put_aside}
    old = Library(library.database.named(put_aside), library.home)
    assert old.ask("SELECT count(*) FROM api_tokens") == [(0,)]
    assert forget_old(library.database, library.media) == [put_aside]
    assert library.siblings() == set()


def test_covers_made_since_are_kept_and_changed_ones_put_back(library: Library) -> None:
    backup = library.back_up()
    library.cover("covers/été.webp", b"changed")
    library.cover("covers/new.webp", b"new")
    library.restore(backup.path)
    assert library.covers()["covers/été.webp"] == b"another"
    assert library.covers()["covers/new.webp"] == b"new"


def test_only_the_covers(library: Library) -> None:
    backup = library.back_up()
    lose_everything(library)
    rows = library.rows()
    restore_media(verify(backup.path, silent), database=library.database, media=library.media, progress=silent)
    assert set(library.covers()) == {"covers/ab/cd.webp", "covers/été.webp"}
    assert library.rows() == rows


def test_a_backup_of_an_older_version_is_brought_up_to_date(library: Library) -> None:
    newest = library.ask("SELECT name FROM django_migrations WHERE app = 'core' ORDER BY id DESC LIMIT 1")
    older = Library(library.database.named(f"{library.database.name}_older"), library.home)
    with swapping.elsewhere(library.database) as connection:
        swapping.create(connection, older.database.name)
    assert older.manage("migrate", "core", "0001", "--verbosity=0").returncode == 0
    older.ask("INSERT INTO settings (key, value, date_modified) VALUES ('old', '1', now())")
    backup = older.back_up()
    assert backup.manifest.migrations["core"] == ["0001_initial"]
    library.restore(backup.path)
    assert library.ask("SELECT key FROM settings") == [("old",)]
    assert library.ask("SELECT name FROM django_migrations WHERE app = 'core' ORDER BY id DESC LIMIT 1") == newest
    assert library.ask("SELECT count(*) FROM django_celery_beat_periodictask WHERE task = 'backup_database'") == [(1,)]


def test_a_newer_backup_is_refused(library: Library) -> None:
    backup = library.back_up()
    for change in (
        {"soniquebay": "99.0"},
        {"format": 2},
        {"migrations": {**backup.manifest.migrations, "core": ["0999_tomorrow"]}},
    ):
        with pytest.raises(InvalidInput, match="newer than this"):
            refuse_unreadable(backup.manifest.model_copy(update=change))


def test_damaged_files_are_refused_and_nothing_is_touched(library: Library, tmp_path: Path) -> None:
    whole = library.back_up().path.read_bytes()
    rows, covers_before, siblings = library.rows(), library.covers(), library.siblings()
    bad = tmp_path / "bad.tar"
    for content, reason in (
        (b"", "not a backup"),
        (b"\x00" * 20_000, "not a backup"),
        (b"not a tar at all" * 1000, "not a backup"),
        (whole[:300], "damaged"),
        (whole[: len(whole) // 2], "damaged"),
        (whole[:-4000], "damaged"),
        (whole[:2000] + b"\xff" + whole[2001:], "damaged"),
        (whole[:700] + b"\x00" * 100 + whole[800:], "damaged"),
    ):
        bad.write_bytes(content)
        done = library.manage("restore", "--yes", str(bad))
        assert done.returncode == 1
        assert reason in done.stderr, (done.stderr, len(content))
        assert "Nothing was changed" in done.stderr
        assert "Traceback" not in done.stderr
    assert (library.rows(), library.covers(), library.siblings()) == (rows, covers_before, siblings)


@pytest.mark.parametrize("name", ["media/../../escape", "/etc/escape", "media/.restoring/x", "other"])
def test_a_file_that_reaches_elsewhere_is_refused(library: Library, tmp_path: Path, name: str) -> None:
    bad = tmp_path / "bad.tar"
    with tarfile.open(library.back_up().path) as good, tarfile.open(bad, "w") as tar:
        tar.addfile(good.getmember("database.dump"), good.extractfile("database.dump"))
        tar.addfile(tarfile.TarInfo(name), io.BytesIO())
        tar.addfile(good.getmember("manifest.json"), good.extractfile("manifest.json"))
    with pytest.raises(InvalidInput, match="not a backup"):
        verify(bad, silent)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"There is no file .*absent\.tar"):
        verify(tmp_path / "absent.tar", silent)


def test_rows_that_are_missing_are_noticed_before_anything_is_exchanged(library: Library) -> None:
    backup = library.back_up()
    backup.manifest.rows["users"] = 7
    with pytest.raises(InvalidInput, match="users has 2 rows instead of 7"):
        restoring.restore(backup, database=library.database, media=library.media, progress=silent)
    assert library.siblings() == set()


def test_settings_of_another_key_are_named(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    path = library.back_up().path
    monkeypatch.setattr(
        Library, "environment", {**library.environment, "ENCRYPTION_KEY": Fernet.generate_key().decode()}
    )
    done = library.manage("restore", "--yes", str(path))
    assert done.returncode == 0, done.stderr
    assert "not readable here: lastfm_key" in done.stdout


def test_a_worker_of_today_is_known_to_a_database_of_yesterday(library: Library) -> None:
    path = library.back_up().path
    (library.home / "secrets").mkdir()
    (library.home / "secrets" / "worker_token").write_text("sbay_worker_" + "x" * 43)
    assert library.manage("restore", "--yes", str(path)).returncode == 0
    assert library.ask("SELECT scope, user_id FROM api_tokens WHERE name = 'worker'") == [("worker", None)]


def test_it_asks_first(library: Library) -> None:
    done = library.manage("restore", str(library.back_up().path))
    assert "2 covers" in done.stdout
    assert "add --yes. Nothing was changed." in done.stderr


def test_whoever_is_connected_is_sent_away_and_finds_the_new_database(library: Library) -> None:
    backup = library.back_up()
    library.ask("DELETE FROM api_tokens")
    over, broken, seen = threading.Event(), [], []

    def use() -> None:
        while not over.is_set():
            try:
                with library.database.connect() as connection:
                    for _ in range(50):
                        row = connection.execute("SELECT count(*) FROM api_tokens").fetchone()
                        seen.append(row[0] if row else None)
            except (psycopg.Error, Unavailable) as error:
                broken.append(error)

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        library.restore(backup.path)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert broken
    assert seen[0] == 0
    assert seen[-1] == 1


def test_a_server_that_gives_up_in_the_middle_leaves_the_old_library(library: Library) -> None:
    backup, rows = library.back_up(), library.rows()

    def pull_the_rug(step: str, current: int, total: int | None = None, **figures: float | int | str) -> None:
        if step == "Counting":
            with swapping.elsewhere(library.database) as connection:
                swapping.drop(connection, f"{library.database.name}_restoring")

    with pytest.raises(Unavailable):
        restoring.restore(backup, database=library.database, media=library.media, progress=pull_the_rug)
    assert library.rows() == rows
    assert library.siblings() == set()
    assert not (library.media / covers.STAGE).exists()


def test_covers_that_cannot_be_written_leave_the_old_library(library: Library, tmp_path: Path) -> None:
    backup, rows = library.back_up(), library.rows()
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match=r"covers could not be written: .*The old library is kept"):
        restoring.restore(backup, database=library.database, media=tmp_path / "file", progress=silent)
    assert library.rows() == rows
    assert library.siblings() == set()


def test_two_restores_at_once_are_one_too_many(library: Library) -> None:
    backup = library.back_up()
    with swapping.lock(library.database) as free:
        assert free
        with pytest.raises(Conflict, match="Another restore"):
            library.restore(backup.path)


def test_an_account_that_may_not_create_databases_is_told_so(library: Library) -> None:
    class Powerless:
        def execute(self, *_: object) -> "Powerless":
            return self

        def fetchone(self) -> tuple[str, bool, bool]:
            return ("music", False, True)

    with pytest.raises(NotAllowed, match="may not create databases") as refusal:
        swapping.check_rights(Powerless(), "soniquebay")  # type: ignore[arg-type]
    assert 'ALTER ROLE "music" CREATEDB;' in refusal.value.hint


class TestAfterAPowerCutDuringTheExchange:
    """The stage of the covers lies there, with the name of the database that was to be put aside."""

    def leave(self, library: Library, put_aside: str) -> None:
        stage = Covers(library.media)
        stage.changed.mkdir(parents=True)
        (stage.changed / "covers").mkdir()
        (stage.changed / "covers" / "été.webp").write_bytes(b"of the backup")
        stage.wait_for(put_aside)

    def test_the_covers_follow_when_the_databases_were_exchanged(self, library: Library) -> None:
        self.leave(library, put_aside=library.database.name)
        finish_interrupted(library.database, library.media)
        assert library.covers()["covers/été.webp"] == b"of the backup"
        assert not (library.media / covers.STAGE).exists()

    def test_the_stage_goes_when_they_were_not(self, library: Library) -> None:
        self.leave(library, put_aside="never_made")
        finish_interrupted(library.database, library.media)
        assert library.covers()["covers/été.webp"] == b"another"
        assert not (library.media / covers.STAGE).exists()

    def test_a_restore_that_is_still_at_work_is_let_be(self, library: Library) -> None:
        self.leave(library, put_aside="not_made_yet")
        with swapping.lock(library.database):
            finish_interrupted(library.database, library.media)
        assert (library.media / covers.STAGE).exists()

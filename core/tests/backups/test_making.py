"""Making backups: what is in the file, what remains when it cannot be made, which ones are kept."""

import json
import os
import resource
import tarfile
from pathlib import Path

import pytest
from django.conf import settings

from core import maintenance
from core.backups import making, programs, swapping
from core.backups.making import backups, make_backup, media_files, run_backup
from core.backups.progress import silent
from core.backups.verifying import verify
from core.errors import Conflict, InvalidInput, Unavailable
from core.tests.backups.library import Library


class Stopped(Exception):
    pass


def members(path: Path) -> list[str]:
    with tarfile.open(path) as tar:
        return tar.getnames()


def test_a_backup_holds_the_database_and_the_covers_and_says_what_it_holds(library: Library) -> None:
    made = library.back_up()
    names = members(made.path)
    assert (names[0], names[-1]) == ("database.dump", "manifest.json")
    assert set(names[1:-1]) == {"media/covers/ab/cd.webp", "media/covers/été.webp"}
    assert made.manifest.rows["users"] == 2
    assert made.manifest.migrations["core"][-1] >= "0002"
    assert made.manifest.postgresql.startswith("18")
    assert made.path.stat().st_mode & 0o777 == 0o600


def test_a_backup_holds_no_secret(library: Library) -> None:
    content = library.back_up().path.read_bytes()
    for secret in (*settings.ENCRYPTION_KEYS, settings.SECRET_KEY, "a secret of Last.fm"):
        assert secret.encode() not in content


def test_drafts_and_links_among_the_covers_are_left_out(library: Library) -> None:
    library.cover("covers/.draft", b"half")
    (library.media / "link").symlink_to("/etc/passwd")
    assert set(media_files(library.media)) == {"covers/ab/cd.webp", "covers/été.webp"}


def test_only_the_newest_are_kept(library: Library) -> None:
    folder = library.place.folder
    folder.mkdir(parents=True)
    for day in range(1, 6):
        (folder / f"soniquebay-2020010{day}-000000.tar").touch()
    (folder / "somebody's own.tar").touch()
    made = library.back_up()
    assert [path.name for path in backups(folder)] == [
        made.path.name,
        "soniquebay-20200105-000000.tar",
        "soniquebay-20200104-000000.tar",
    ]
    assert (folder / "somebody's own.tar").exists()


def test_older_ones_stay_when_the_new_one_is_not_whole(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = library.place.folder
    folder.mkdir(parents=True)
    for day in range(1, 6):
        (folder / f"soniquebay-2020010{day}-000000.tar").touch()

    def damaged(path: Path, progress: object) -> None:
        raise InvalidInput("It is damaged.")

    monkeypatch.setattr(making, "verify", damaged)
    with pytest.raises(InvalidInput):
        library.back_up()
    assert len(list(folder.iterdir())) == 5


def test_a_full_disk_is_said_in_a_sentence_and_costs_nothing(library: Library) -> None:
    library.cover("covers/large.webp", os.urandom(400_000))
    earlier = library.back_up()

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = library.manage("backup", setup=small_files)
    assert done.returncode == 1
    assert "is full. No backup was made; the older ones are kept." in done.stderr
    assert "Traceback" not in done.stderr
    assert list(library.place.folder.iterdir()) == [earlier.path]


def test_a_folder_that_cannot_be_written_is_named(library: Library) -> None:
    library.home.mkdir(exist_ok=True)
    library.place.folder.write_text("a file")
    with pytest.raises(Unavailable, match=r"could not be written into .*backups.*the older ones are kept"):
        library.back_up()


def test_stopping_takes_the_unfinished_file_away(library: Library) -> None:
    def stop(step: str, current: int, total: int | None = None, **figures: float | int | str) -> None:
        if step == "Saving covers":
            raise Stopped

    with pytest.raises(Stopped):
        make_backup(library.place, stop)
    assert list(library.place.folder.iterdir()) == []


def test_what_a_killed_backup_left_is_cleared_by_the_next(library: Library) -> None:
    library.place.folder.mkdir(parents=True)
    left = library.place.folder / "soniquebay-20200101-000000.tar.draft"
    left.write_bytes(b"half")
    library.back_up()
    assert not left.exists()


def test_a_backup_that_is_being_written_is_let_be(library: Library) -> None:
    path = library.place.folder / "soniquebay-20200101-000000.tar"
    with making._draft(path) as draft:
        library.back_up()
        assert draft.exists()
        with pytest.raises(Conflict), making._draft(path):
            pass


def test_an_absent_database_is_said_in_a_sentence(library: Library) -> None:
    done = Library(library.database.named("nowhere"), library.home).manage("backup")
    assert done.returncode == 1
    assert "PostgreSQL cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_goes_away_meanwhile_is_said_in_a_sentence(library: Library) -> None:
    def send_away(step: str, current: int, total: int | None = None, **figures: float | int | str) -> None:
        if step == "Saving the database":
            with swapping.elsewhere(library.database) as connection:
                swapping.drop(connection, library.database.name)

    with pytest.raises(Unavailable, match="the older ones are kept"):
        make_backup(library.place, send_away)
    assert list(library.place.folder.iterdir()) == []


def test_an_old_pg_dump_is_not_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 12.3'\n")
    old.chmod(0o755)
    monkeypatch.setattr(programs, "_candidates", lambda name: iter([old]))
    with pytest.raises(Unavailable, match="No pg_dump of PostgreSQL 18 or newer"):
        programs.program("pg_dump", at_least=18)
    assert programs.program("pg_dump", at_least=12) == old


def test_the_password_is_in_no_list_of_processes(library: Library) -> None:
    assert library.database.password
    assert library.database.password not in library.database.argument()
    assert library.database.password not in repr(library.database)


def test_the_command_says_where_the_file_is_and_what_else_to_keep(library: Library) -> None:
    done = library.manage("backup")
    assert done.returncode == 0, done.stderr
    (path,) = backups(library.place.folder)
    assert str(path) in done.stdout
    assert "secrets/" in done.stdout
    assert verify(path, silent).manifest.media.files == 2


def test_control_runs_it_as_a_job() -> None:
    (kind,) = [kind for kind in maintenance.KINDS if kind.name == "backup_database"]
    assert (kind.run, kind.queue, kind.scope) == (run_backup, "control", "admin")


def test_the_manifest_is_plain_json(library: Library) -> None:
    with tarfile.open(library.back_up().path) as tar:
        file = tar.extractfile("manifest.json")
        assert file is not None
        assert json.load(file)["soniquebay"] == settings.VERSION

"""Changes in folders of music are noticed within seconds, and answered by one scan when it is quiet again."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from core.models import Job
from library.engine import inotify
from library.engine.file_kinds import is_passed_over
from library.engine.inotify import NoMoreWatches, Trees
from library.models import LibraryRoot
from library.services import watching
from library.services.watching import TOO_MANY, Watcher, is_of_interest, is_remote, watch_roots
from library.tests.factories import make_root

pytestmark = pytest.mark.usefixtures("no_delivery")


@pytest.fixture
def trees() -> Iterator[Trees]:
    trees = Trees(is_passed_over)
    yield trees
    trees.close()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    (tmp_path / "music" / "album").mkdir(parents=True)
    return tmp_path / "music"


def noticed(trees: Trees) -> set[tuple[bytes, bool]]:
    found: set[tuple[bytes, bool]] = set()
    while changes := list(trees.changes(0.2)):
        found |= {(change.name, change.is_folder) for change in changes}
    return found


CHANGES: dict[str, Callable[[Path], object]] = {
    "written": lambda music: (music / "album" / "new.mp3").write_bytes(b"x"),
    "retagged in place": lambda music: (music / "album" / "a.mp3").write_bytes(b"other"),
    "deleted": lambda music: (music / "album" / "a.mp3").unlink(),
    "renamed": lambda music: (music / "album" / "a.mp3").rename(music / "album" / "b.mp3"),
    "moved away": lambda music: (music / "album" / "a.mp3").rename(music.parent / "a.mp3"),
    "moved in": lambda music: (music.parent / "out.mp3").rename(music / "out.mp3"),
    "a new folder": lambda music: (music / "other").mkdir(),
    "a folder moved in": lambda music: (music.parent / "ready").rename(music / "ready"),
    "a folder removed": lambda music: (music / "empty").rmdir(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_happens_is_noticed(what: str, music: Path, trees: Trees) -> None:
    (music / "album" / "a.mp3").write_bytes(b"x")
    (music.parent / "out.mp3").write_bytes(b"x")
    (music.parent / "ready").mkdir()
    (music / "empty").mkdir()
    trees.add(1, bytes(music), follow_links=True)
    CHANGES[what](music)
    assert noticed(trees)


def test_folders_that_are_new_are_watched_with_what_is_in_them(music: Path, trees: Trees) -> None:
    trees.add(1, bytes(music), follow_links=True)
    (music / "a" / "b").mkdir(parents=True)
    noticed(trees)
    (music / "a" / "b" / "c.mp3").write_bytes(b"x")
    assert (b"c.mp3", False) in noticed(trees)


def test_reading_is_no_change_and_hidden_folders_are_nobodys(music: Path, trees: Trees) -> None:
    (music / "album" / "a.mp3").write_bytes(b"x")
    (music / ".hidden").mkdir()
    (music / "@eaDir").mkdir()
    trees.add(1, bytes(music), follow_links=True)
    (music / "album" / "a.mp3").read_bytes()
    (music / ".hidden" / "x.mp3").write_bytes(b"x")
    (music / "@eaDir" / "x.mp3").write_bytes(b"x")
    os.stat(music / "album" / "a.mp3")
    assert noticed(trees) == set()


def test_links_are_followed_if_they_are_to_be_and_never_round_in_circles(music: Path, trees: Trees) -> None:
    (music.parent / "linked").mkdir()
    (music / "link").symlink_to(music.parent / "linked")
    (music / "album" / "loop").symlink_to(music)
    trees.add(1, bytes(music), follow_links=True)
    (music.parent / "linked" / "x.mp3").write_bytes(b"x")
    assert (b"x.mp3", False) in noticed(trees)
    trees.remove(1)
    noticed(trees)
    trees.add(1, bytes(music), follow_links=False)
    (music.parent / "linked" / "x.mp3").write_bytes(b"y")
    assert noticed(trees) == set()


def test_a_tree_that_is_not_watched_any_more_is_silent(music: Path, trees: Trees) -> None:
    trees.add(1, bytes(music), follow_links=True)
    trees.remove(1)
    (music / "x.mp3").write_bytes(b"x")
    assert noticed(trees) == set()
    assert trees.folders == {}


def test_only_what_a_library_is_made_of_matters() -> None:
    assert all(
        is_of_interest(name) for name in (b"a.MP3", b"cover.jpg", b"x.cue", b"x.lrc", b".ndignore", b"\xe9.flac")
    )
    assert not any(is_of_interest(name) for name in (b"a.part", b"x", b"notes.docx", b"a.mp3.tmp", b".mp3~"))


def test_a_local_disk_is_not_remote(tmp_path: Path) -> None:
    assert not is_remote(bytes(tmp_path))


@pytest.fixture
def watcher(trees: Trees, monkeypatch: pytest.MonkeyPatch) -> Watcher:
    monkeypatch.setattr(watching, "QUIET_S", 0.2)
    monkeypatch.setattr(watching, "LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(watching, "AFTER_A_SCAN_S", 0.3)
    return Watcher(trees)


def turns(watcher: Watcher, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        watcher.turn(0.05)


def test_many_changes_start_one_scan_of_their_folder(music: Path, watcher: Watcher) -> None:
    root, other = make_root(str(music)), make_root(str(music.parent / "other"))
    (music.parent / "other").mkdir()
    turns(watcher, 0.2)
    for n in range(20):
        (music / "album" / f"{n}.mp3").write_bytes(b"x")
    turns(watcher, 0.6)
    assert [job.subject for job in Job.objects.all()] == [str(root.pk)]
    assert other.pk != root.pk


def test_changes_during_a_scan_are_for_the_next_one(music: Path, watcher: Watcher) -> None:
    make_root(str(music))
    turns(watcher, 0.1)
    (music / "1.mp3").write_bytes(b"x")
    turns(watcher, 0.5)
    (music / "2.mp3").write_bytes(b"x")
    turns(watcher, 0.5)
    assert Job.objects.count() == 1
    Job.objects.update(state=Job.State.DONE)
    turns(watcher, 0.6)
    assert Job.objects.count() == 2


def test_folders_come_and_go_while_it_watches(music: Path, watcher: Watcher) -> None:
    root = make_root(str(music), watched=False)
    turns(watcher, 0.1)
    (music / "1.mp3").write_bytes(b"x")
    turns(watcher, 0.4)
    assert not Job.objects.exists()
    LibraryRoot.objects.filter(pk=root.pk).update(watched=True)
    turns(watcher, 0.1)
    (music / "2.mp3").write_bytes(b"x")
    turns(watcher, 0.4)
    assert Job.objects.count() == 1


def test_a_disk_that_is_mounted_later_is_watched_then(tmp_path: Path, watcher: Watcher) -> None:
    make_root(str(tmp_path / "later"))
    turns(watcher, 0.1)
    (tmp_path / "later").mkdir()
    turns(watcher, 0.1)
    (tmp_path / "later" / "1.mp3").write_bytes(b"x")
    turns(watcher, 0.5)
    assert Job.objects.count() == 1


def test_when_the_system_allows_no_more_the_folder_says_so(
    music: Path, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_root(str(music))

    def full(self: Trees, tree: int, folder: bytes, *, follow_links: bool) -> None:
        raise NoMoreWatches

    with monkeypatch.context() as patched:
        patched.setattr(inotify.Trees, "add", full)
        turns(watcher, 0.1)
    root.refresh_from_db()
    assert root.watch_problem == TOO_MANY
    watcher._forget(root.pk)
    turns(watcher, 0.1)
    root.refresh_from_db()
    assert root.watch_problem == "", "it was raised"


@pytest.mark.django_db(transaction=True)
def test_it_ends_when_it_is_told_to(music: Path) -> None:
    make_root(str(music))
    stopping = threading.Event()

    def run() -> None:
        try:
            watch_roots(stopping)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    stopping.set()
    thread.join(10)
    assert not thread.is_alive()

"""A whole scan, as a worker does it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from core.tests.worker.stand_in import Answer, Asked, as_json, refusal
from core.worker.child import run
from core.worker.client import ApiClient
from core.worker.config import config
from library.tests.engine.material import FRAMES, id3_tagged, picture, sound, written
from library.tests.worker.conftest import Scanning, aged
from library.tests.worker.scan_server import ScanServer
from library.worker.scan.scanning import scan

ROOT = Path(__file__).resolve().parents[3]


def song(title: str, *, artist: str = "A", album: str = "X", track: int = 1, cover: bytes | None = None) -> bytes:
    frames = [
        FRAMES.TIT2(encoding=3, text=[title]),
        FRAMES.TPE1(encoding=3, text=[artist]),
        FRAMES.TALB(encoding=3, text=[album]),
        FRAMES.TPE2(encoding=3, text=[artist]),
        FRAMES.TRCK(encoding=3, text=[str(track)]),
    ]
    if cover:
        frames.append(FRAMES.APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=cover))
    return id3_tagged(sound("mp3"), *frames)


def library(music: Path, *, albums: int = 3, tracks: int = 4) -> None:
    for album in range(albums):
        for track in range(tracks):
            written(music, f"album {album}/{track}.mp3", song(f"{album}-{track}", album=f"album {album}", track=track))
    aged(music)


def figures(server: ScanServer) -> dict[str, Any]:
    metrics = server.finish["metrics"]
    return {name: metrics[name] for name in ("found", "new", "changed", "unchanged", "moved", "missing", "errors")}


def counts(**given: int) -> dict[str, int]:
    return {name: given.get(name, 0) for name in ("found", "new", "changed", "unchanged", "moved", "missing", "errors")}


def test_a_first_scan_delivers_everything(music: Path, scanned: Scanning) -> None:
    library(music)
    server = scanned()
    assert server.finish["state"] == "done"
    assert figures(server) == counts(found=12, new=12)
    assert server.titles() == [f"{album}-{track}" for album in range(3) for track in range(4)]
    assert set(server.digests) == {"album 0/", "album 1/", "album 2/"}
    assert server.settled == 1
    metrics = server.finish["metrics"]
    assert metrics["files_per_second"] > 0
    assert (metrics["left"], server.reports[-1]["current"], server.reports[-1]["total"]) == (0, 12, 12)


def test_an_unchanged_library_is_neither_opened_nor_delivered(music: Path, scanned: Scanning) -> None:
    library(music)
    written(music, "album 0/cover.jpg", picture())
    scanned().next_job()
    opened: list[str] = []
    watching = True

    def note(event: str, arguments: Any) -> None:
        if (
            watching
            and event == "open"
            and os.fsdecode(arguments[0] if isinstance(arguments[0], str | bytes) else b"").startswith(str(music))
        ):
            opened.append(str(arguments[0]))

    sys.addaudithook(note)
    server = scanned()
    watching = False
    assert opened == []
    assert server.batches == []
    assert figures(server) == counts(found=12, unchanged=12)
    assert [asked.path.rpartition("/")[2] for asked in server.asked if "/scans/" in asked.path][1:] == [
        "folders",
        "settle",
    ]


def test_only_what_changed_is_read(music: Path, scanned: Scanning) -> None:
    library(music)
    scanned().next_job()
    written(music, "album 1/2.mp3", song("changed"))
    (music / "album 2" / "0.mp3").unlink()
    written(music, "album 3/new.mp3", song("new"))
    server = scanned()
    assert figures(server) == counts(found=12, new=1, changed=1, unchanged=10, missing=1)
    assert sum(len(batch.tracks) for batch in server.batches) == 2
    assert {"changed", "new"} <= set(server.titles())
    assert "2-0" not in server.titles()


def test_an_older_time_is_a_change_too(music: Path, scanned: Scanning) -> None:
    library(music, albums=1)
    scanned().next_job()
    os.utime(music / "album 0" / "0.mp3", ns=(1_000, 1_000))
    assert figures(scanned()) == counts(found=4, changed=1, unchanged=3)


def test_forced_everything_is_read_again(music: Path, scanned: Scanning, server: ScanServer) -> None:
    library(music, albums=2)
    scanned().next_job()
    server.plan["force"] = True
    scanned()
    assert figures(server) == counts(found=8, unchanged=8)
    assert sum(len(batch.tracks) for batch in server.batches) == 8


def test_folders_that_are_gone_are_not_named(music: Path, scanned: Scanning) -> None:
    library(music)
    scanned().next_job()
    for path in (music / "album 1").iterdir():
        path.unlink()
    (music / "album 1").rmdir()
    assert figures(scanned()) == counts(found=8, unchanged=8, missing=4)


def test_batches_are_of_the_size_that_is_asked_for(music: Path, scanned: Scanning, server: ScanServer) -> None:
    library(music, albums=5)
    server.plan["chunk_size"] = 7
    scanned()
    assert [len(batch.tracks) for batch in server.batches] == [7, 7, 6]
    assert figures(server) == counts(found=20, new=20)


def test_long_words_make_smaller_batches(music: Path, scanned: Scanning) -> None:
    for number in range(4):
        words = FRAMES.USLT(encoding=3, lang="eng", desc="", text="la " * 200_000)
        written(music, f"{number}.mp3", id3_tagged(song(str(number)), words))
    aged(music)
    server = scanned()
    bodies = [len(asked.body) for asked in server.asked if asked.path.endswith("/batch")]
    assert max(bodies) < 2_400_000
    assert figures(server) == counts(found=4, new=4)


# --- errors ----------------------------------------------------------------------------------------------------------


def test_a_bad_file_is_named_once_and_not_tried_again(music: Path, scanned: Scanning) -> None:
    library(music, albums=1)
    written(music, "album 0/bad.mp3", b"no music")
    written(music, "album 0/empty.flac", b"")
    aged(music)
    server = scanned()
    assert figures(server) == counts(found=6, new=4, errors=2)
    assert server.failed["album 0/", "empty.flac"]["reason"] == "It is empty (0 bytes)."
    errors = [error["item"] for report in server.reports for error in report.get("errors", [])]
    assert errors == ["album 0/bad.mp3", "album 0/empty.flac"]
    server.next_job()
    written(music, "album 0/new.mp3", song("new"))
    scanned()
    assert sum(len(batch.errors) for batch in server.batches) == 0
    assert figures(server) == counts(found=7, new=1, unchanged=4, errors=2)


def test_a_bad_file_that_was_put_right_is_read(music: Path, scanned: Scanning) -> None:
    written(music, "a.mp3", b"no music")
    scanned().next_job()
    written(music, "a.mp3", song("right"))
    server = scanned()
    assert (server.failed, server.titles()) == ({}, ["right"])


def test_rows_that_the_server_refuses_are_named(music: Path, scanned: Scanning, server: ScanServer) -> None:
    library(music, albums=1)
    refused = {"folder": "album 0/", "name": "1.mp3", "reason": "A year of the future."}

    def answer(asked: Asked) -> Answer | None:
        if not asked.path.endswith("/batch"):
            return None
        return as_json(
            {"new": 3, "changed": 0, "unchanged": 0, "returned": 0, "refused": [refused], "covers_wanted": []}
        )

    server.before = answer
    scanned()
    assert figures(server) == counts(found=4, new=3, errors=1)
    errors = [error for report in server.reports for error in report.get("errors", [])]
    assert errors == [{"item": "album 0/1.mp3", "reason": "A year of the future."}]


def test_a_folder_that_cannot_be_listed_is_spared(music: Path, scanned: Scanning, server: ScanServer) -> None:
    library(music, albums=1)
    here = os.open(music, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("n" * 200, dir_fd=here)
        below = os.open("n" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    scanned()
    assert figures(server) == counts(found=4, new=4, errors=1)
    (spared,) = server.spared
    assert spared.startswith("n" * 200)
    assert spared not in server.digests


# --- pictures --------------------------------------------------------------------------------------------------------


def test_a_picture_is_sent_once_whoever_has_it(music: Path, scanned: Scanning) -> None:
    red, blue = picture(colour="red"), picture(colour="blue")
    for number in range(4):
        written(music, f"a/{number}.mp3", song(str(number), cover=red))
    written(music, "b/0.mp3", song("b", cover=blue))
    written(music, "a/Folder.JPG", blue)
    aged(music)
    server = scanned()
    assert server.covers == {sha256(red).hexdigest(): red, sha256(blue).hexdigest(): blue}
    assert len([asked for asked in server.asked if asked.method == "PUT"]) == 1
    assert server.folder_covers["a/"] == {
        "digest": sha256(blue).hexdigest(),
        "mime_type": "image/jpeg",
        "size": len(blue),
        "source": "folder",
    }
    assert server.tracks["a/", "0.mp3"][0]["cover"]["source"] == "embedded"


def test_a_picture_that_was_taken_away_is_told(music: Path, scanned: Scanning) -> None:
    written(music, "a/0.mp3", song("0"))
    written(music, "a/cover.jpg", picture())
    written(music, "b/0.mp3", song("b"))
    aged(music)
    server = scanned()
    assert server.folder_covers.keys() == {"a/"}
    (music / "a/cover.jpg").unlink()
    scanned()
    assert server.folder_covers == {"a/": None}


def test_a_folder_is_done_only_when_its_pictures_have_arrived(
    music: Path, scanned: Scanning, server: ScanServer
) -> None:
    written(music, "a/0.mp3", song("0", cover=picture()))
    aged(music)
    server.before = lambda asked: refusal(507, "full") if asked.method == "PUT" else None
    scanned()
    assert (server.finish["state"], server.digests) == ("failed", {})
    server.before = lambda asked: None
    server.next_job()
    scanned()
    assert set(server.digests) == {"a/"}


def test_pictures_that_were_dropped_meanwhile_are_read_again(
    music: Path, scanned: Scanning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.worker.scan.covers.Covers.__init__.__kwdefaults__", {"most_bytes": 1})
    for number, colour in enumerate(("red", "green", "blue")):
        written(music, f"{number}.mp3", song(str(number), album=colour, cover=picture(colour=colour)))
    written(music, "cover.jpg", picture(colour="pink"))
    aged(music)
    assert len(scanned().covers) == 4


def test_too_large_or_no_picture_at_all(music: Path, scanned: Scanning, server: ScanServer) -> None:
    server.plan["largest_cover"] = 1000
    written(music, "a.mp3", song("a", cover=b"\xff\xd8\xff" + bytes(2000)))
    written(music, "b.mp3", song("b", cover=b"no picture"))
    written(music, "cover.jpg", b"<html>")
    aged(music)
    scanned()
    assert (server.covers, server.titles()) == ({}, ["a", "b"])
    said = {error["item"]: error["reason"] for report in server.reports for error in report.get("errors", [])}
    assert set(said) == {"a.mp3", "cover.jpg"}


# --- beside the music ------------------------------------------------------------------------------------------------


def test_words_beside_a_file_beat_those_in_it(music: Path, scanned: Scanning) -> None:
    inside = FRAMES.USLT(encoding=3, lang="eng", desc="", text="inside")
    written(music, "a.mp3", id3_tagged(song("a"), inside))
    written(music, "a.lrc", "\ufeff[00:01.00]One\n[00:02.00]Two".encode("utf-16-le"))
    written(music, "a.txt", b"plain")
    aged(music)
    server = scanned()
    found = server.tracks["", "a.mp3"][0]["lyrics"]
    assert (found["source"], found["synced"], found["text"]) == ("sidecar", True, "[00:01.00]One\n[00:02.00]Two")
    server.next_job()
    (music / "a.lrc").unlink()
    (music / "a.txt").unlink()
    scanned()
    assert server.tracks["", "a.mp3"][0]["lyrics"]["text"] == "inside"


SHEET = """PERFORMER "Band"
TITLE "Album"
FILE "image.wav" WAVE
  TRACK 01 AUDIO
    TITLE "One"
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Two"
    INDEX 01 00:00:10
"""


def test_a_cue_sheet_cuts_its_file_and_the_file_is_not_listed_itself(music: Path, scanned: Scanning) -> None:
    written(music, "image.flac", sound("flac"))
    written(music, "image.cue", SHEET.encode())
    written(music, "other.flac", sound("flac"))
    aged(music)
    server = scanned()
    one, two = server.tracks["", "image.flac"]
    assert [(part["title"], part["cue_index"]) for part in (one, two)] == [("One", 1), ("Two", 2)]
    assert (one["cue_start_ms"], one["cue_end_ms"], two["cue_start_ms"], two["cue_end_ms"]) == (0, 133, 133, 200)
    assert server.titles() == ["One", "Two", "other"]
    server.next_job()
    written(music, "image.cue", SHEET.replace("Two", "Zwei").encode())
    scanned()
    assert server.titles() == ["One", "Zwei", "other"]
    server.next_job()
    (music / "image.cue").unlink()
    scanned()
    assert server.titles() == ["image", "other"]


def test_an_album_artist_that_no_file_names_is_the_whole_folder_s(music: Path, scanned: Scanning) -> None:
    def lone(artist: str, track: int) -> bytes:
        texts = {"TPE1": artist, "TALB": "X", "TRCK": str(track), "TIT2": artist}
        return id3_tagged(
            sound("mp3"), *(getattr(FRAMES, name)(encoding=3, text=[text]) for name, text in texts.items())
        )

    written(music, "x/1.mp3", lone("A", 1))
    written(music, "x/2.mp3", lone("A feat. B", 2))
    aged(music)
    server = scanned()
    assert {rows[0]["album"]["artists"][0]["name"] for rows in server.tracks.values()} == {"A"}
    server.next_job()
    written(music, "x/3.mp3", lone("C", 3))
    scanned()
    assert {rows[0]["album"]["artists"][0]["name"] for rows in server.tracks.values()} == {"Various Artists"}
    assert figures(server) == counts(found=3, new=1, changed=2)


# --- whose folder it is, and where it went ---------------------------------------------------------------------------


def alone(monkeypatch: pytest.MonkeyPatch, roots: str = "") -> None:
    monkeypatch.setenv("WORKER_ROOTS", roots)
    config.cache_clear()


def test_a_worker_that_cannot_prove_that_it_sees_the_folder_gives_it_back(
    music: Path, scanned: Scanning, monkeypatch: pytest.MonkeyPatch
) -> None:
    library(music, albums=1)
    alone(monkeypatch)
    server = scanned()
    assert (server.finish["given_back"], server.tracks) == (True, {})
    assert "WORKER_ROOTS" in server.finish["message"]
    assert server.reports[-1]["step"] == "Waiting"


@pytest.mark.parametrize("roots", ["/", "{music}", "/nowhere:{music}/.."])
def test_folders_that_are_shared_need_no_proof(
    music: Path, scanned: Scanning, monkeypatch: pytest.MonkeyPatch, roots: str
) -> None:
    library(music, albums=1)
    alone(monkeypatch, roots.replace("{music}/..", str(music.parent)).replace("{music}", str(music)))
    assert figures(scanned()) == counts(found=4, new=4)


def test_files_that_the_server_knows_are_a_proof_if_all_are_the_same(
    music: Path, scanned: Scanning, server: ScanServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    library(music, albums=1)
    alone(monkeypatch)
    facts = [(name, (music / "album 0" / name).stat()) for name in ("0.mp3", "1.mp3")]
    samples = [{"folder": "album 0/", "name": n, "size": f.st_size, "mtime_ns": f.st_mtime_ns} for n, f in facts]
    server.plan["samples"] = samples
    scanned()
    assert figures(server) == counts(found=4, new=4)
    server.next_job()
    server.plan["samples"] = [samples[0], {**samples[1], "mtime_ns": 1}]
    scanned()
    assert server.finish["given_back"]


def test_a_folder_that_is_not_there_ends_the_scan_with_a_sentence(music: Path, scanned: Scanning) -> None:
    music.rmdir()
    server = scanned()
    assert (server.finish["state"], server.settled) == ("failed", 0)
    assert "cannot be read" in server.finish["message"]
    assert not server.finish["retry"]


def test_a_root_that_goes_away_in_the_middle_loses_nothing(music: Path, scanned: Scanning, server: ScanServer) -> None:
    library(music)
    scanned().next_job()
    written(music, "album 2/new.mp3", song("new"))

    def unmount(asked: Asked) -> None:
        if asked.path.endswith("/folders"):
            music.rename(music.with_name("elsewhere"))
            music.mkdir()

    server.before = unmount
    scanned()
    assert (server.finish["state"], server.settled, len(server.tracks)) == ("failed", 0, 12)
    assert "went away" in server.finish["message"]


def test_the_server_s_doubts_are_the_reason(music: Path, scanned: Scanning, server: ScanServer) -> None:
    said = "More than half of the files are gone: nothing was marked as missing."
    server.before = lambda asked: refusal(409, said) if asked.path.endswith("/settle") else None
    scanned()
    assert (server.finish["state"], server.finish["message"].strip()) == ("failed", said)


# --- interrupted -----------------------------------------------------------------------------------------------------


def test_a_cancelled_scan_stops_with_what_it_has(music: Path, scanned: Scanning, server: ScanServer) -> None:
    library(music, albums=4)
    server.plan["chunk_size"] = 4

    def cancel(asked: Asked) -> None:
        server.cancelled = server.cancelled or asked.path.endswith("/batch")

    server.before = cancel
    scanned()
    assert (server.finish["state"], server.settled) == ("cancelled", 0)
    assert len(server.tracks) == 4


def until(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to pass")


class Held:
    """A scan in a process of its own, which is held at its fourth batch."""

    def __init__(self, server: ScanServer) -> None:
        self.server = server
        self.reached, self.go_on = threading.Event(), threading.Event()
        server.plan["chunk_size"] = 4
        server.before = self._hold
        environment = {**os.environ, "API_URL": server.url}
        command = [sys.executable, "-m", "core.worker.child", "library.scan", str(server.job["id"]), str(os.getpid())]
        self.child = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        assert self.reached.wait(60)

    def _hold(self, asked: Asked) -> None:
        if asked.path.endswith("/batch") and len(self.server.batches) == 3 and not self.go_on.is_set():
            self.reached.set()
            self.go_on.wait(30)

    def end(self, signum: signal.Signals) -> None:
        self.child.send_signal(signum)
        self.child.wait(30)
        self.go_on.set()
        # The request that it had sent arrives all the same.
        until(lambda: len(self.server.batches) == 4)
        self.server.before = lambda asked: None


def test_a_scan_that_is_given_back_goes_on_where_it_stopped(music: Path, scanned: Scanning, server: ScanServer) -> None:
    library(music, albums=8)
    Held(server).end(signal.SIGTERM)
    assert server.finish["given_back"]
    assert len(server.tracks) == 16
    server.take_up()
    server.batches.clear()
    scanned()
    assert server.finish["state"] == "done"
    checks = [asked.json for asked in server.asked if asked.path.endswith("/folders")]
    assert checks[0]["after"] == "album 2/"
    assert sum(len(batch.tracks) for batch in server.batches) == 16
    assert server.finish["metrics"]["found"] == 32


def test_a_killed_worker_leaves_nothing_twice(music: Path, scanned: Scanning, server: ScanServer) -> None:
    library(music, albums=8)
    Held(server).end(signal.SIGKILL)
    server.take_up()
    scanned()
    assert server.finish["state"] == "done"
    assert server.titles() == sorted(f"{album}-{track}" for album in range(8) for track in range(4))
    assert len(server.digests) == 8


def test_two_workers_on_two_roots_do_not_meet(tmp_path: Path, worker_environment: None) -> None:
    servers = []
    for name in ("one", "two"):
        library(tmp_path / name, albums=3)
        servers.append(ScanServer(str(tmp_path / name)))

    def work(server: ScanServer) -> None:
        run(str(server.job["id"]), scan, ApiClient(server.url, "secret"), worker=server.url)

    threads = [threading.Thread(target=work, args=[server]) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for server in servers:
        assert figures(server) == counts(found=12, new=12)
        server.close()


# --- while somebody writes -------------------------------------------------------------------------------------------


def test_a_file_that_grows_while_it_is_read_waits_for_the_next_scan(
    music: Path, scanned: Scanning, server: ScanServer
) -> None:
    library(music, albums=1)
    growing = music / "album 0" / "3.mp3"

    def grow(asked: Asked) -> None:
        if asked.path.endswith("/folders"):
            with open(growing, "ab") as file:
                file.write(b"\0" * 10)
            os.utime(growing, ns=(1, len(growing.read_bytes())))

    server.before = grow
    scanned()
    # Looked at again, it was quiet: it is read as it is now.
    assert server.tracks["album 0/", "3.mp3"][0]["size"] == growing.stat().st_size


def test_a_file_that_vanished_meanwhile_is_gone_and_no_error(
    music: Path, scanned: Scanning, server: ScanServer
) -> None:
    library(music, albums=1)

    def remove(asked: Asked) -> None:
        if asked.path.endswith("/folders"):
            (music / "album 0" / "3.mp3").unlink(missing_ok=True)

    server.before = remove
    scanned()
    assert figures(server) == counts(found=4, new=3)
    assert server.failed == {}


def test_memory_does_not_grow_with_the_library(music: Path, server: ScanServer, worker_environment: None) -> None:
    """In a process of its own; twice as many files, with pictures, take no more."""
    cover = picture(size=900)
    for number in range(400):
        written(
            music,
            f"{number % 40}/{number}.mp3",
            song(str(number), album=str(number % 40), cover=cover + bytes([number % 250])),
        )
    aged(music)
    code = (
        "import sys, resource; import library.worker.scan.scanning as s; from core.worker.child import run;"
        "from core.worker.client import ApiClient; before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "run(sys.argv[1], s.scan, ApiClient(sys.argv[2], 'secret'), worker='w');"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    command = [sys.executable, "-c", code, str(server.job["id"]), server.url]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True)
    assert len(server.tracks) == 400
    assert int(done.stdout.splitlines()[-1]) < 60 * 1024

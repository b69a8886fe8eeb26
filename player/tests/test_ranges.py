"""The doors of files: which bytes come for which request."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.http import http_date

from library.engine.paths import escaped
from library.models import LibraryRoot, ScanFolder, Track
from library.tests.factories import make_root, make_track
from player.engine.formats import ORIGINALS

Reader = Callable[[str], Client]
CONTENT = bytes(range(256)) * 4
SIZE = len(CONTENT)


@pytest.fixture
def track(folder: Path, track_of: Callable[..., Track]) -> Track:
    place = folder / "a.flac"
    place.write_bytes(CONTENT)
    return track_of(place)


@pytest.fixture
def read(api: Reader, track: Track) -> Callable[..., Any]:
    client = api("read")

    def ask(door: str = "stream", method: str = "get", **headers: str) -> Any:
        answer = getattr(client, method)(f"/api/tracks/{track.pk}/{door}", headers=headers)
        answer.bytes = body(answer)
        return answer

    return ask


def body(answer: Any) -> bytes:
    """All of it, behind which the test's client closes the file."""
    return b"".join(answer)


SATISFIED = {
    "bytes=0-0": (0, 1),
    "bytes=5-9": (5, 10),
    "bytes=5-": (5, SIZE),
    "bytes=0-": (0, SIZE),
    "bytes=-7": (SIZE - 7, SIZE),
    "bytes=-99999999": (0, SIZE),
    f"bytes={SIZE - 1}-{SIZE - 1}": (SIZE - 1, SIZE),
    "bytes=1000-99999999999999999999999": (1000, SIZE),
    "BYTES = 3 - 4": (3, 5),
}


@pytest.mark.parametrize("asked", SATISFIED)
def test_one_range_is_answered_with_its_bytes(asked: str, read: Callable[..., Any]) -> None:
    start, stop = SATISFIED[asked]
    answer = read(Range=asked)
    assert answer.bytes == CONTENT[start:stop]
    whole = (start, stop) == (0, SIZE)
    assert answer.status_code == (200 if whole else 206)
    assert answer["Content-Length"] == str(stop - start)
    assert answer.get("Content-Range") == (None if whole else f"bytes {start}-{stop - 1}/{SIZE}")
    assert answer["Accept-Ranges"] == "bytes"


IGNORED = [
    "bytes=0-1,5-6", "bytes=0-1, 5-6, -3", "bytes=5-3", "bytes=-", "bytes=", "bytes=a-b", "bytes=1", "chunks=0-5",
    "0-5", "bytes=0x1-2", "bytes=1-2-3", "bytes=--5", "bytes=٣-٤", "", "bytes=" + "9" * 5000 + "-",
    "bytes=" + "0-0," * 2000,
]  # fmt: skip


@pytest.mark.parametrize("asked", IGNORED)
def test_what_is_no_single_range_is_answered_with_the_whole(asked: str, read: Callable[..., Any]) -> None:
    answer = read(Range=asked)
    assert (answer.status_code, answer.bytes) == (200, CONTENT)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0", f"bytes={SIZE}-{SIZE + 5}", "bytes=" + "9" * 25 + "-"])
def test_bytes_that_are_not_there_are_refused_with_the_size(asked: str, read: Callable[..., Any]) -> None:
    answer = read(Range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{SIZE}")
    assert answer.json()["code"] == "no_such_range"


def test_of_an_empty_file_no_byte_is_there(folder: Path, read: Callable[..., Any]) -> None:
    (folder / "a.flac").write_bytes(b"")
    assert read(Range="bytes=0-").status_code == 416
    assert read().bytes == b""


def test_a_part_is_sent_to_whoever_has_the_rest_of_the_same_file(folder: Path, read: Callable[..., Any]) -> None:
    seen = read()
    for condition in (seen["ETag"], seen["Last-Modified"]):
        assert read(Range="bytes=5-9", If_Range=condition).status_code == 206
    for condition in (f"W/{seen['ETag']}", '"another"', http_date(0), "nonsense"):
        assert read(Range="bytes=5-9", If_Range=condition).bytes == CONTENT
    os.utime(folder / "a.flac", (time.time() + 9, time.time() + 9))
    assert read(Range="bytes=5-9", If_Range=seen["ETag"]).status_code == 200


def test_what_has_not_changed_is_not_sent_again(folder: Path, read: Callable[..., Any]) -> None:
    seen = read()
    for known in (seen["ETag"], f'"x", {seen["ETag"]}', "*"):
        for asked in ("", "bytes=5-9", "bytes=99999-"):
            answer = read(If_None_Match=known, Range=asked)
            assert (answer.status_code, answer.bytes) == (304, b""), (known, asked)
    assert read(If_Modified_Since=seen["Last-Modified"]).status_code == 304
    assert read(If_Match='"another"').status_code == 412
    (folder / "a.flac").write_bytes(CONTENT + b"more")
    assert read(If_None_Match=seen["ETag"]).status_code == 200


def test_a_head_is_the_answer_without_its_bytes(read: Callable[..., Any]) -> None:
    for door in ("stream", "download"):
        whole, head = read(door), read(door, "head", Range="bytes=5-9")
        assert (head.status_code, head.content) == (200, b"")
        for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges"):
            assert head[name] == whole[name]
        assert head["Content-Length"] == str(SIZE)


@pytest.mark.parametrize("kind", ORIGINALS)
def test_every_format_is_called_by_its_name(kind: str, folder: Path, track: Track, read: Callable[..., Any]) -> None:
    Track.objects.filter(pk=track.pk).update(file_type=kind)
    assert read()["Content-Type"] == ORIGINALS[kind]
    Track.objects.filter(pk=track.pk).update(file_type="exe")
    assert read()["Content-Type"] == "application/octet-stream"


NAMES = [
    'a"b.flac',
    "a\r\nX-Evil: 1.flac",
    "日本語.flac",
    "a;filename=x.flac",
    "\udcff.flac",
    "x" * 200 + ".flac",
    "␛.flac",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_breaks_a_download(name: str, folder: Path, track_of: Callable[..., Track], api: Reader) -> None:
    place = Path(os.fsdecode(os.fsencode(str(folder)) + b"/" + os.fsencode(name)))
    place.write_bytes(CONTENT)
    track = track_of(place, path=escaped(str(place)), file_type="flac")
    answer = api("read").get(f"/api/tracks/{track.pk}/download")
    assert body(answer) == CONTENT
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in answer["Content-Disposition"]
    assert "X-Evil" not in answer


# --- where files lie --------------------------------------------------------------------------------------------------


def refused(api: Reader, track: Track) -> Any:
    client = api("read")
    for door in ("stream", "download", "playback", "pieces", "stream?format=opus"):
        answer = client.get(f"/api/tracks/{track.pk}/{door}")
        assert answer.status_code == 404, door
        assert not track.path or track.path not in answer.content.decode()
    return answer.json()


def test_nothing_outside_the_folders_of_music_is_sent(root: LibraryRoot, folder: Path, api: Reader) -> None:
    secret = folder.parent / "secret.flac"
    secret.write_bytes(CONTENT)
    (folder / "link.flac").symlink_to(secret)
    (folder / "way").symlink_to(folder.parent)
    beside = folder.parent / "music-of-others"
    beside.mkdir()
    (beside / "x.flac").write_bytes(CONTENT)
    paths = ["/etc/passwd", str(secret), f"{folder}/../secret.flac", f"{folder}/link.flac", f"{folder}/way/secret.flac"]
    for path in [*paths, str(beside / "x.flac"), str(folder), "relative.flac", ""]:
        for owner in (root, None):
            track = make_track(root=root, path=path)
            Track.objects.filter(pk=track.pk).update(root=owner)
            refused(api, Track.objects.get(pk=track.pk))
            track.delete()


def test_a_link_inside_the_folder_is_followed(folder: Path, track: Track, track_of: Any, api: Reader) -> None:
    (folder / "link.flac").symlink_to(folder / "a.flac")
    assert body(api("read").get(f"/api/tracks/{track_of(folder / 'link.flac').pk}/stream")) == CONTENT


def test_what_is_no_file_is_not_waited_for(folder: Path, root: LibraryRoot, api: Reader) -> None:
    os.mkfifo(folder / "pipe.flac")
    (folder / "folder.flac").mkdir()
    for name in ("pipe.flac", "folder.flac"):
        track = make_track(root=root, path=str(folder / name))
        answer = api("read").get(f"/api/tracks/{track.pk}/stream")
        assert answer.status_code == 404


def test_a_missing_file_shows_as_missing(folder: Path, root: LibraryRoot, track: Track, api: Reader) -> None:
    (folder / "b.flac").write_bytes(CONTENT)
    ScanFolder.objects.create(root=root, path=track.folder, digest="known")
    (folder / "a.flac").unlink()
    said = refused(api, track)
    assert (said["message"], said["code"]) == ("The file is missing.", "not_found")
    track.refresh_from_db()
    assert (track.available, bool(track.missing_since)) == (False, True)
    assert ScanFolder.objects.get(root=root).digest == "", "its folder is read again"


def test_a_disk_that_is_not_mounted_makes_nothing_missing(folder: Path, track: Track, api: Reader) -> None:
    (folder / "a.flac").unlink()
    assert "mounted" in refused(api, track)["hint"]
    track.refresh_from_db()
    assert track.available


def test_a_track_that_no_scan_has_found_is_played_where_a_folder_holds_it(folder: Path, track: Track, api: Any) -> None:
    Track.objects.filter(pk=track.pk).update(root=None)
    assert body(api("read").get(f"/api/tracks/{track.pk}/stream")) == CONTENT
    make_root(str(folder.parent / "other"))
    assert body(api("read").get(f"/api/tracks/{track.pk}/stream")) == CONTENT


# --- who asks, who sends ----------------------------------------------------------------------------------------------


def test_the_session_of_a_listener_is_enough(client: Client, listener: Any, track: Track) -> None:
    assert client.get(f"/api/tracks/{track.pk}/stream").status_code == 401
    client.force_login(listener)
    assert body(client.get(f"/api/tracks/{track.pk}/stream")) == CONTENT


@pytest.mark.parametrize("number", [0, -1, 10**30, 2**63 - 1])
def test_a_track_that_is_not_there(number: int, api: Reader) -> None:
    for door in ("stream", "download", "playback", "pieces"):
        assert api("read").get(f"/api/tracks/{number}/{door}").status_code in {404, 422}


@pytest.mark.parametrize("by", ["x-accel", "x-sendfile"])
def test_a_web_server_in_front_may_send_the_file(
    by: str, folder: Path, track_of: Any, api: Reader, settings: Any
) -> None:
    place = folder / "a ü%.flac"
    place.write_bytes(CONTENT)
    track = track_of(place)
    settings.SEND_FILES = by
    for door in ("stream", "download"):
        answer = api("read").get(f"/api/tracks/{track.pk}/{door}", headers={"Range": "bytes=1-2"})
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer["Content-Type"] == "audio/flac"
        assert "Content-Range" not in answer
        quoted = f"{folder}/a%20%C3%BC%25.flac"
        assert answer.get("X-Accel-Redirect") == (f"/_files{quoted}" if by == "x-accel" else None)
        assert answer.get("X-Sendfile") == (quoted if by == "x-sendfile" else None)

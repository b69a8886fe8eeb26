"""Folders of music: named once, never overlapping, never anything of ours; removed without a loss."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import Conflict, InvalidInput
from core.models import Job, User
from library.models import LibraryRoot, ScanError, Track, TrackUse
from library.receivers.jobs import scan_demo_library
from library.schemas.scan import ScanStart
from library.selectors.doctor import folders_of_music
from library.selectors.roots import root_details
from library.services.roots import create_root, ensure_root, remove_root, update_root
from library.services.scans import start_scans
from library.services.watching import TOO_MANY
from library.tests.factories import make_root, make_track, scanned_track
from library.tests.scans import Scan, scan_whole

pytestmark = pytest.mark.usefixtures("no_delivery")


def test_a_folder_is_called_what_it_is_called(tmp_path: Path) -> None:
    root = create_root(path=f"{tmp_path}/My Music//")
    assert (root.path, root.name, root.enabled) == (f"{tmp_path}/My Music", "My Music", True)


def test_bytes_that_are_no_text_come_back_as_they_were(tmp_path: Path) -> None:
    folder = bytes(tmp_path) + b"/caf\xe9"
    root = create_root(path=folder)
    root.refresh_from_db()
    assert root.path.endswith("caf␛e9")


@pytest.mark.parametrize("path", ["music", "", "../x", "/", "//", "/..", "relative/path", "/a\x00b"])
def test_what_is_no_whole_path_is_refused(path: str) -> None:
    with pytest.raises(InvalidInput):
        create_root(path=path)


@pytest.mark.parametrize("path", ["/proc", "/sys/kernel", "/dev", "/srv/../proc/self", __file__])
def test_what_holds_no_music_is_refused(path: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create_root(path=path)
    assert refusal.value.hint


def test_a_disk_that_is_away_is_a_folder_still(tmp_path: Path) -> None:
    assert create_root(path=f"{tmp_path}/away").name == "away"
    with pytest.raises(InvalidInput):
        create_root(path=f"{tmp_path}/mistyped", must_be_there=True)


def test_our_own_data_are_no_music_but_the_demo_library_is(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"
    settings.DEMO_FOLDER = settings.HOME / "demo"
    for place in (settings.HOME, settings.HOME / "media", settings.HOME / "demo" / ".." / "secrets"):
        with pytest.raises(InvalidInput):
            create_root(path=str(place))
    assert create_root(path=str(settings.DEMO_FOLDER)).path == str(settings.DEMO_FOLDER)


def test_no_folder_lies_in_another(tmp_path: Path) -> None:
    (tmp_path / "music" / "jazz").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "music" / "jazz")
    create_root(path=str(tmp_path / "music"))
    for place in ("music", "music/jazz", "link", "."):
        with pytest.raises(Conflict) as refusal:
            create_root(path=str(tmp_path / place))
        assert "music" in refusal.value.message
    assert create_root(path=str(tmp_path / "music2")).name == "music2"


def test_a_path_leads_to_the_root_that_holds_it(tmp_path: Path) -> None:
    root, made = ensure_root(path=str(tmp_path))
    assert made
    assert ensure_root(path=str(tmp_path / "a" / "b")) == (root, False)


def test_a_removed_folder_leaves_its_tracks_and_finds_them_again(owner: User) -> None:
    root = make_root("/music")
    rows = [scanned_track() for _ in range(3)]
    scan_whole(root, rows)
    before = set(Track.objects.values_list("pk", flat=True))
    TrackUse.objects.create(user=owner, track=Track.objects.all()[0], rating=9)
    assert remove_root(root_id=root.pk) == 3
    assert Track.objects.filter(available=False, missing_since__isnull=False, root=None).count() == 3
    scan_whole(make_root("/music"), rows)
    assert set(Track.objects.filter(available=True, missing_since=None).values_list("pk", flat=True)) == before
    assert TrackUse.objects.get().rating == 9


def test_removing_gives_way_to_a_row_that_was_written_by_hand() -> None:
    root = make_root()
    track = make_track(root=root)
    make_track(path=track.path)
    assert remove_root(root_id=root.pk) == 1
    track.refresh_from_db()
    assert track.path is not None


def test_a_folder_that_is_being_scanned_is_not_removed() -> None:
    root = make_root()
    start_scans(asked=ScanStart(root_id=root.pk))
    with pytest.raises(Conflict):
        remove_root(root_id=root.pk)


def test_a_folder_that_lies_elsewhere_now_keeps_all_that_is_known(tmp_path: Path) -> None:
    root = make_root("/mnt/old")
    scan = Scan(root)
    rows = [scanned_track("a.flac")]
    scan.send(*rows, errors=[{"folder": "", "name": "b.flac", "reason": "x"}])
    scan.settle()
    scan.finish()
    track = Track.objects.get()
    update_root(root_id=root.pk, path=str(tmp_path), name="Music")
    track.refresh_from_db()
    assert track.path == f"{tmp_path}/Moss/Low Tide/a.flac"
    assert ScanError.objects.get().path == f"{tmp_path}/b.flac"
    root.refresh_from_db()
    assert scan_whole(root, rows).missing == 0


def test_what_is_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "full" / "x").mkdir(parents=True)
    for name in ("empty", "full", "absent", "file"):
        make_root(str(tmp_path / name))
    said = {detail.name: detail.problem for detail in root_details()}
    assert said["full"] == ""
    assert all(said[name] for name in ("empty", "absent", "file"))


def test_the_doctor_says_what_is_in_the_way(tmp_path: Path) -> None:
    assert [finding.level for finding in folders_of_music()] == ["ok"]
    (tmp_path / "full" / "x").mkdir(parents=True)
    full = make_root(str(tmp_path / "full"))
    make_root(str(tmp_path / "absent"))
    LibraryRoot.objects.filter(pk=full.pk).update(watch_problem=TOO_MANY)
    found = {finding.detail.split(":")[0]: finding for finding in folders_of_music()}
    assert found[f"{tmp_path}/absent"].level == "problem"
    assert found[f"{tmp_path}/full"].level == "warning"
    assert "max_user_watches" in found[f"{tmp_path}/full"].detail


def test_as_many_queries_for_many_folders_as_for_one() -> None:
    counts = []
    for _ in range(2):
        make_track(root=make_root())
        with CaptureQueriesContext(connection) as captured:
            root_details()
        counts.append(len(captured))
    assert counts[0] == counts[1] == 4


# --- REST -------------------------------------------------------------------------------------------------------------


def test_folders_are_made_changed_and_removed_by_owners(api: Callable[[str], Client], tmp_path: Path) -> None:
    admin, reader = api("admin"), api("read")
    made = admin.post("/api/roots", {"path": str(tmp_path)}, content_type="application/json")
    assert made.status_code == 201
    place = f"/api/roots/{made.json()['id']}"
    changed = admin.patch(place, {"name": "Mine", "enabled": False}, content_type="application/json")
    assert (changed.json()["name"], changed.json()["enabled"], changed.json()["path"]) == ("Mine", False, str(tmp_path))
    assert [root["name"] for root in reader.get("/api/roots").json()] == ["Mine"]
    for method in ("patch", "delete"):
        assert getattr(reader, method)(place, {}, content_type="application/json").status_code == 403
        assert getattr(api("write"), method)(place, {}, content_type="application/json").status_code == 403
    assert admin.delete(place).json() == {"tracks_kept": 0}
    assert reader.get(place).status_code == 404


@pytest.mark.parametrize("path", ["x", "/", "/a\x00", "\ud800", "/" + "a" * 5000, ""])
def test_odd_paths_are_refused_in_words(path: str, api: Callable[[str], Client]) -> None:
    answer = api("admin").post("/api/roots", {"path": path}, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["message"]


# --- scans are started ------------------------------------------------------------------------------------------------


def test_a_scan_is_asked_for_by_number_by_folder_or_for_all(api: Callable[[str], Client]) -> None:
    roots = [make_root(f"/m{n}") for n in range(3)]
    LibraryRoot.objects.filter(pk=roots[2].pk).update(enabled=False)
    writer = api("write")

    def ask(**asked: Any) -> Any:
        return writer.post("/api/scans", asked, content_type="application/json")

    one = ask(path="/m0/some/album", force=True)
    assert one.status_code == 202
    assert [job["subject"] for job in one.json()] == [str(roots[0].pk)]
    assert Job.objects.get().params == {"root_id": roots[0].pk, "force": True, "accept_missing": False}
    assert ask(root_id=roots[0].pk).status_code == 409
    everything = ask()
    assert everything.json()[0]["id"] == one.json()[0]["id"], "it is running already"
    assert len(everything.json()) == 2
    assert ask(root_id=roots[2].pk).status_code == 422
    assert ask(root_id=10**9).status_code == 404
    assert ask(path="/nowhere").status_code == 404
    assert ask(root_id=1, path="/m0").status_code == 422
    assert api("read").post("/api/scans", {}, content_type="application/json").status_code == 403
    assert len(api("read").get("/api/scans").json()["items"]) == 2


def test_the_demo_library_is_scanned_once_it_is_made(settings: Any, tmp_path: Path) -> None:
    settings.HOME, settings.DEMO_FOLDER = tmp_path, tmp_path / "demo"
    scan_demo_library()
    scan_demo_library()
    assert LibraryRoot.objects.get().path == str(tmp_path / "demo")
    assert Job.objects.get().kind == "library.scan"

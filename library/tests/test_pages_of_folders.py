"""The page of the folders of music: what it shows, who may change it, and what it asks when a disk seems away."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import queue
from core.models import Job, User
from library.models import LibraryRoot, ScanAbsence, ScanError
from library.tests.factories import make_root, make_track

pytestmark = pytest.mark.django_db
PAGE = "/settings/roots/"
HOSTILE = "<img src=x onerror=alert(1)>\u202egpj.flac"


@pytest.fixture(autouse=True)
def _no_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here nobody takes jobs."""
    monkeypatch.setattr(queue, "send", lambda job: True)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def failed_scan(root: LibraryRoot, absent: int, here: int) -> Job:
    """One that did not find so many of the files that are known."""
    now = timezone.now()
    job = Job.objects.create(
        kind="library.scan", queue="files", state="failed", subject=str(root.pk), started_at=now, finished_at=now,
        attempt=1, message="The tide went out",
    )  # fmt: skip
    tracks = [make_track(root=root) for _ in range(absent + here)]
    ScanAbsence.objects.bulk_create(ScanAbsence(job=job, track=track) for track in tracks[:absent])
    return job


def test_a_new_folder_is_read_at_once(signed_in: Client, tmp_path: Path) -> None:
    assert "No folder is read yet" in text_of(signed_in.get(PAGE))
    answer = signed_in.post(PAGE, {"path": str(tmp_path), "name": ""})
    assert answer["Location"] == PAGE
    root = LibraryRoot.objects.get()
    assert (root.path, root.name) == (str(tmp_path), tmp_path.name)
    job = Job.objects.get(kind="library.scan")
    assert job.params["root_id"] == root.pk
    page = text_of(signed_in.get(PAGE))
    assert f'data-task="{job.pk}"' in page
    assert reverse("cancel_job", args=[job.pk]) in page


@pytest.mark.parametrize("path", ["", "music", "/", "/music\x00", "/" + "a" * 5000, "/proc", "/nowhere", __file__])
def test_a_folder_that_cannot_be_one_is_refused_beside_the_field(signed_in: Client, path: str) -> None:
    answer = signed_in.post(PAGE, {"path": path})
    assert answer.status_code == 422
    assert re.search(r'class="entry wrong">\s*<label for="id_path"', text_of(answer))
    assert not LibraryRoot.objects.exists()


def test_a_folder_within_another_is_refused_with_what_to_do(signed_in: Client) -> None:
    make_root("/srv/music", name="Music")
    answer = signed_in.post(PAGE, {"path": "/srv/music/Moss"})
    assert answer.status_code == 422
    assert "“Music”" in text_of(answer)
    assert "Its music is found by the scan of that folder." in text_of(answer)


def test_the_switches_of_a_folder(signed_in: Client) -> None:
    root = make_root()
    change = reverse("change_root", args=[root.pk])
    signed_in.post(change, {"switch": "watched", "to": "off"})
    signed_in.post(change, {"switch": "enabled", "to": "off"})
    root.refresh_from_db()
    assert (root.watched, root.enabled) == (False, False)
    page = text_of(signed_in.get(PAGE))
    assert "switched off" in page
    assert "Read now" not in page
    assert signed_in.post(change, {"switch": "path", "to": "on"}).status_code == 422


def test_a_folder_is_forgotten_and_its_tracks_are_kept(signed_in: Client) -> None:
    root = make_root(name="Music")
    track = make_track(root=root)
    answer = signed_in.post(reverse("remove_root", args=[root.pk]), follow=True)
    assert "“Music” is forgotten; 1 track of it is kept, without its file." in text_of(answer)
    track.refresh_from_db()
    assert (track.root, track.available) == (None, False)


def test_one_folder_or_all_are_read(signed_in: Client) -> None:
    one, _other = make_root(), make_root()
    signed_in.post(reverse("scan_roots"), {"root": one.pk, "force": "1"})
    assert [job.params["force"] for job in Job.objects.filter(kind="library.scan")] == [True]
    signed_in.post(reverse("scan_roots"))
    assert Job.objects.filter(kind="library.scan").count() == 2
    assert signed_in.post(reverse("scan_roots"), {"root": "999999"}).status_code == 404


def test_when_so_much_is_gone_at_once_a_person_is_asked(signed_in: Client) -> None:
    root = make_root()
    failed_scan(root, absent=30, here=10)
    page = text_of(signed_in.get(PAGE))
    assert "30 files were not found. Are they really gone?" in page
    signed_in.post(reverse("scan_roots"), {"root": root.pk, "accept_missing": "1"})
    job = Job.objects.get(kind="library.scan", state="queued")
    assert job.params["accept_missing"] is True
    assert "really gone" not in text_of(signed_in.get(PAGE))


def test_a_scan_that_failed_otherwise_asks_nothing(signed_in: Client) -> None:
    root = make_root()
    job = failed_scan(root, absent=3, here=10)
    page = text_of(signed_in.get(PAGE))
    assert "really gone" not in page
    assert "The tide went out" in page
    assert reverse("job", args=[job.pk]) in page


def test_listeners_look_and_change_nothing(client: Client, listener: User) -> None:
    root = make_root()
    client.force_login(listener)
    page = text_of(client.get(PAGE))
    assert root.name in page
    assert "Add a folder" not in page
    assert "Forget this folder" not in page
    for address, form in (
        (PAGE, {"path": "/srv/more"}),
        (reverse("change_root", args=[root.pk]), {"switch": "watched", "to": "off"}),
        (reverse("remove_root", args=[root.pk]), {}),
    ):
        assert client.post(address, form).status_code == 403
    assert LibraryRoot.objects.get().watched


def test_what_could_not_be_read_is_listed_with_its_reason(signed_in: Client) -> None:
    root, other = make_root(name="Music"), make_root()
    ScanError.objects.bulk_create(
        ScanError(root=root, path=f"/srv/{number} {HOSTILE}", reason=HOSTILE) for number in range(150)
    )
    ScanError.objects.create(root=other, path="/elsewhere.mp3", reason="It is empty.")
    assert "151 files could not be read" in text_of(signed_in.get(PAGE))
    page = text_of(signed_in.get("/settings/roots/errors/"))
    assert "/elsewhere.mp3" in page
    assert "<img src=x" not in page
    following = re.search(r'href="(\?cursor=[^"]+)"', page)
    assert following
    assert text_of(signed_in.get(f"/settings/roots/errors/{following[1]}")).count('class="err"') == 51
    of_one = text_of(signed_in.get(f"/settings/roots/errors/?root={other.pk}"))
    assert of_one.count('class="err"') == 1
    assert signed_in.get("/settings/roots/errors/?root=0").status_code == 404


def test_more_folders_ask_no_more_of_the_database(signed_in: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(PAGE).status_code == 200
        return len(captured)

    for _ in range(2):
        failed_scan(make_root(), absent=1, here=1)
    few = queries()
    for _ in range(6):
        failed_scan(make_root(), absent=1, here=1)
    assert queries() <= few


def test_a_reason_is_said_in_the_reader_s_language_and_its_detail_as_it_is(signed_in: Client) -> None:
    reason = "It is damaged, or not what its name says. (can't sync to MPEG frame)"
    ScanError.objects.create(root=make_root(), path="/srv/x.mp3", reason=reason)
    page = text_of(signed_in.get("/settings/roots/errors/", headers={"accept-language": "fr"}))
    assert "Il est abîmé, ou n’est pas ce que dit son nom. (can't sync to MPEG frame)" in html.unescape(page)

"""The walk's questions: what has changed, what is known, what is gone."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.models import ScanAbsence, ScanError, ScanFolder
from library.schemas.scan import FolderAnswer
from library.services.statements import execute
from library.tests.factories import make_root, scanned_track
from library.tests.scans import Scan

pytestmark = pytest.mark.usefixtures("no_delivery")
# In the order of their bytes, which is not that of any language.
PATHS = ["", "A/", "A b/", "A/é/", "B/", "a/", "é/"]


@pytest.fixture
def scan(db: None) -> Scan:
    """A root with one file in each folder, all of them delivered."""
    scan = Scan(make_root())
    rows = [scanned_track(f"{n}.flac", folder=path) for n, path in enumerate(PATHS)]
    scan.send(*rows, folders=[{"path": path, "digest": "d", "files": 1} for path in PATHS])
    return scan


def named(answer: FolderAnswer) -> list[str]:
    return [folder.path for folder in answer.changed]


def absent() -> set[str]:
    return set(ScanAbsence.objects.values_list("track__folder", flat=True))


def test_unchanged_folders_are_not_looked_into_and_no_row_is_written(scan: Scan) -> None:
    before = execute("SELECT ctid::text FROM scan_folders ORDER BY 1", {})
    with CaptureQueriesContext(connection) as captured:
        answer = scan.check(dict.fromkeys(PATHS, "d"))
    assert (named(answer), answer.cancel, absent()) == ([], False, set())
    assert execute("SELECT ctid::text FROM scan_folders ORDER BY 1", {}) == before
    assert not [q for q in captured if q["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_changed_folder_comes_with_what_is_known_of_its_files(scan: Scan) -> None:
    scan.send(errors=[{"folder": "B/", "name": "bad.mp3", "size": 5, "mtime_ns": 6, "reason": "cut short"}])
    answer = scan.check(dict.fromkeys(PATHS, "d") | {"B/": "other", "New/": "n"})
    assert named(answer) == ["B/", "New/"]
    known, new = answer.changed
    assert [(file.name, file.again) for file in known.files] == [("4.flac", False)]
    assert [(file.name, file.size, file.mtime_ns) for file in known.failed] == [("bad.mp3", 5, 6)]
    assert (new.files, new.failed) == ([], [])


def test_folders_of_a_range_that_are_not_named_are_gone(scan: Scan) -> None:
    scan.check({"": "d", "A/": "d"}, upto="A/")
    assert absent() == {"A b/"}, "in the order of bytes a blank comes before a slash"
    scan.check({"B/": "d"}, after="A/", upto="B/")
    assert absent() == {"A b/", "A/é/"}
    scan.check({}, after="B/")
    assert absent() == {"A b/", "A/é/", "a/", "é/"}


def test_asking_again_is_asking_once(scan: Scan) -> None:
    for _ in range(2):
        scan.check({path: "d" for path in PATHS if path != "B/"})
    assert ScanAbsence.objects.count() == 1
    assert ScanFolder.objects.get(path="B/").digest == "", "it is known until the scan has settled"


def test_what_lies_in_and_below_an_unreadable_folder_stays(scan: Scan) -> None:
    scan.check({path: "d" for path in PATHS if not path.startswith("A/")}, unreadable=["A/"])
    assert absent() == set()


def test_a_folder_that_comes_back_is_read_again(scan: Scan) -> None:
    scan.check({path: "d" for path in PATHS if path != "B/"})
    assert named(scan.check(dict.fromkeys(PATHS, "d"))) == ["B/"]


def test_errors_of_a_folder_go_with_it(scan: Scan) -> None:
    errors = [{"folder": path, "name": "bad.mp3", "reason": "x"} for path in ("B/", "", "A/")]
    scan.send(errors=errors)
    scan.check({path: "d" for path in PATHS if path != "B/"})
    assert ScanError.objects.count() == 2


def test_a_forced_scan_looks_into_every_folder(db: None) -> None:
    root = make_root()
    first = Scan(root)
    first.send(scanned_track(folder="A/"), folders=[{"path": "A/", "digest": "d"}])
    first.finish()
    assert named(Scan(root, force=True).check({"A/": "d"})) == ["A/"]


@pytest.mark.parametrize(
    ("row", "again"),
    [
        ({}, False),
        ({"lyrics": {"text": "la", "source": "sidecar"}}, True),
        ({"lyrics": {"text": "la", "source": "tags"}}, False),
        ({"cue_index": 1}, True),
        ({"cover": {"digest": "a" * 64, "mime_type": "image/png", "size": 1, "source": "embedded"}}, True),
    ],
)
def test_files_whose_facts_lie_beside_them_or_on_their_way_are_read_again(
    scan: Scan, row: dict[str, Any], again: bool
) -> None:
    scan.send(scanned_track("x.flac", folder="X/", **row))
    (known,) = [folder for folder in scan.check(dict.fromkeys(PATHS, "d") | {"X/": "x"}).changed if folder.path == "X/"]
    assert [file.again for file in known.files] == [again]

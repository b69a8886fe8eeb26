"""`manage.py scan`: starts, waits, and ends with what programs can read."""

import io
import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.models import Job
from library.management.waiting import Line, _described
from library.models import LibraryRoot
from library.tests.factories import make_root

pytestmark = pytest.mark.usefixtures("no_delivery")
FIGURES = {"found": 5, "new": 2, "changed": 1, "unchanged": 2, "moved": 0, "missing": 0, "errors": 0, "seconds": 1.5}


def scan(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("scan", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def worker(transactional_db: None) -> Any:
    """Ends every job that waits, as it is told."""
    ending = {"state": Job.State.DONE, "figures": FIGURES, "message": ""}
    stopping = threading.Event()

    def work() -> None:
        while not stopping.is_set():
            Job.objects.filter(state=Job.State.QUEUED).update(**ending)
            time.sleep(0.05)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield ending
    stopping.set()
    thread.join()


def test_a_new_folder_becomes_one_with_a_sentence_and_a_part_of_one_does_not(tmp_path: Path) -> None:
    (tmp_path / "album").mkdir()
    _out, err = scan(str(tmp_path))
    assert "from now on" in err
    Job.objects.update(state=Job.State.DONE)
    _out, err = scan(str(tmp_path / "album"))
    assert "is part of" in err
    assert LibraryRoot.objects.count() == 1


def test_what_is_no_folder_and_a_house_without_music_are_told_so(tmp_path: Path) -> None:
    for arguments in ([str(tmp_path / "absent")], []):
        with pytest.raises(CommandError) as refusal:
            scan(*arguments)
        assert "folder" in str(refusal.value)


def test_it_ends_with_one_line_of_json(worker: Any) -> None:
    make_root("/one")
    make_root("/two")
    out, _err = scan("--json", "--force", "--accept-missing")
    assert json.loads(out) == {**FIGURES, **{name: 2 * count for name, count in FIGURES.items() if name != "seconds"}}
    assert [job.params["force"] and job.params["accept_missing"] for job in Job.objects.all()] == [True, True]


def test_in_words_for_people(worker: Any) -> None:
    make_root("/one")
    out, _err = scan("--wait")
    assert "5 files: 2 new, 1 changed, 2 unchanged, 0 moved, 0 missing, 0 errors; 1.5 s." in out


def test_a_scan_that_failed_says_why_after_its_figures(worker: Any) -> None:
    worker |= {"state": Job.State.FAILED, "message": "60 of 60 files are gone."}
    make_root("/one")
    out = io.StringIO()
    with pytest.raises(CommandError, match="60 of 60"):
        call_command("scan", "--json", stdout=out, stderr=io.StringIO())
    assert json.loads(out.getvalue())["found"] == 5


def test_the_bar_says_how_fast_and_how_long() -> None:
    job = Job(state=Job.State.RUNNING, step="Reading", current=500, total=2000, figures={"files_per_second": 100.0})
    said = _described([job], 3)
    assert "500 of 2,000 files" in said
    assert "100 files/s" in said
    assert "15 s left" in said
    waiting = Job(state=Job.State.QUEUED)
    assert _described([waiting], 3) == "Waiting for a worker"
    assert "bin/up" in _described([waiting], 30)
    waiting.message = "No worker sees it."
    assert "No worker sees it." in _described([waiting], 3)


def test_in_a_log_each_step_is_one_line() -> None:
    stream = io.StringIO()
    line = Line(stream)
    job = Job(state=Job.State.RUNNING, step="Reading", current=1)
    for job.current in (1, 2, 3):
        line.show([job], 1)
    line.end()
    assert stream.getvalue().count("\n") == 1

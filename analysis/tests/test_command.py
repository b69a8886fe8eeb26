"""manage.py analyze."""

import io
import json
import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from analysis.models import TrackAudioFeatures
from analysis.services.governing import pause_analysis
from core.models import Job
from core.schemas import JobFinish
from core.services.jobs import claim_job, finish_job
from library.tests.factories import make_root, make_track
from tests.processes import wait_until

pytestmark = pytest.mark.usefixtures("no_delivery")


def analyze(*options: str) -> tuple[str, str]:
    out, said = io.StringIO(), io.StringIO()
    call_command("analyze", *options, stdout=out, stderr=said)
    return out.getvalue(), said.getvalue()


@pytest.mark.django_db
def test_it_starts_what_is_missing_and_says_when_there_is_nothing() -> None:
    assert analyze()[1] == "There is nothing to do.\n"
    assert json.loads(analyze("--json")[0])["analysed"] == 0
    track = make_track(root=make_root())
    assert "1 part(s) started" in analyze()[1]
    with pytest.raises(CommandError, match="already"):
        analyze()
    Job.objects.all().delete()
    TrackAudioFeatures.objects.create(track=track, analyzer_version=1, bpm=100)
    assert analyze("--stale")[1] == "There is nothing to do.\n"
    pause_analysis()
    assert "paused" in analyze("--all")[1]
    assert Job.objects.get().params["what"] == "all"


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_the_end_and_reports_figures() -> None:
    make_track(root=make_root())

    def work() -> None:
        try:
            wait_until(Job.objects.exists, "there is a job")
            job: Any = Job.objects.get()
            attempt = claim_job(job_id=job.pk, worker="w").attempt
            figures = {"analysed": 1, "partial": 1, "music_s": 180}
            finish_job(job_id=job.pk, finish=JobFinish(attempt=attempt, state="done", metrics=figures))
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    out, _said = analyze("--wait", "--json")
    worker.join()
    assert json.loads(out) == {"analysed": 1, "errors": 0, "partial": 1, "music_s": 180}

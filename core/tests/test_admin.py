"""The schedule in the admin: what can be chosen is what apps declare, and "run now" makes a job of ours."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from core.jobs import all_kinds
from core.models import Job, User

pytestmark = pytest.mark.django_db
LIST = reverse("admin:django_celery_beat_periodictask_changelist")
ADD = reverse("admin:django_celery_beat_periodictask_add")


def entry(**more: Any) -> dict[str, Any]:
    """What the form for a new one is filled in with."""
    every, _made = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.DAYS)
    return {"name": "mine", "task": "clean_up", "kwargs": "{}", "enabled": "on", "interval": every.pk, **more}


@pytest.fixture
def kept() -> PeriodicTask:
    every, _made = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.DAYS)
    row: PeriodicTask = PeriodicTask.objects.create(name="Sweeping", task="clean_up", interval=every)
    return row


def run_now(client: Client, row: PeriodicTask) -> str:
    answer = client.post(LIST, {"action": "run_tasks", "_selected_action": [row.pk]}, follow=True)
    return str(answer.content.decode())


def test_every_kind_of_job_that_apps_declare_can_be_chosen(signed_in: Client) -> None:
    page = signed_in.get(ADD).content.decode()
    assert [kind.name for kind in all_kinds() if f'<option value="{kind.name}">' not in page] == []


def test_an_entry_is_made_and_stays_what_it_is(signed_in: Client) -> None:
    assert signed_in.post(ADD, entry()).status_code == 302
    row = PeriodicTask.objects.get(name="mine")
    assert (row.task, row.kwargs, row.enabled) == ("clean_up", "{}", True)
    page = signed_in.get(reverse("admin:django_celery_beat_periodictask_change", args=[row.pk])).content.decode()
    assert '<option value="clean_up" selected>' in page


@pytest.mark.parametrize(
    "wrong", [{"task": "no.such"}, {"task": ""}, {"kwargs": "{"}, {"kwargs": "[1]"}, {"kwargs": '{"unknown": 1}'}]
)
def test_what_could_not_run_at_night_is_refused_by_day(wrong: dict[str, str], signed_in: Client) -> None:
    answer = signed_in.post(ADD, entry(**wrong))
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not PeriodicTask.objects.filter(name="mine").exists()


def test_run_now_makes_a_job_of_ours(signed_in: Client, owner: User, kept: PeriodicTask) -> None:
    assert "Started: Sweeping" in run_now(signed_in, kept)
    job = Job.objects.get()
    assert (job.kind, job.state, job.requested_by) == ("clean_up", Job.State.QUEUED, owner)
    assert "is already waiting or running" in run_now(signed_in, kept)
    assert Job.objects.count() == 1


@pytest.mark.parametrize("spoilt", [{"task": "no.such"}, {"kwargs": "{"}])
def test_run_now_says_why_an_entry_cannot_run(spoilt: dict[str, str], signed_in: Client, kept: PeriodicTask) -> None:
    PeriodicTask.objects.filter(pk=kept.pk).update(**spoilt)
    assert "Sweeping: " in run_now(signed_in, kept)
    assert not Job.objects.exists()

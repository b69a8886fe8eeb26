"""Pages by key: each row once, whatever is added meanwhile, and cursors that are ours."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import InvalidInput
from core.models import Job, JobError
from core.pagination import MOST, KeysetPage, in_order, keyset_page, numbered_page

NEWEST = ("-queued_at", "-id")


@pytest.fixture
def jobs(db: None) -> list[Job]:
    """Seven, three of them at one moment."""
    now = timezone.now()
    ages = [0, 1, 2, 2, 2, 3, 4]
    rows = [
        Job(kind="k", subject=str(n), queue="q", queued_at=now - timedelta(hours=age)) for n, age in enumerate(ages)
    ]
    return Job.objects.bulk_create(rows)


def page(cursor: str | None = None, size: int = 2, order: tuple[str, ...] = NEWEST) -> KeysetPage[Job]:
    return keyset_page(Job.objects.all(), order=order, cursor=cursor, size=size)


def walk(order: tuple[str, ...] = NEWEST, size: int = 2) -> list[str]:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        found = page(cursor, size, order)
        seen += [job.subject for job in found.items]
        cursor = found.next_cursor
        if cursor is None:
            return seen


@pytest.mark.parametrize("order", [NEWEST, ("queued_at", "id"), ("-queued_at", "id"), ("subject", "id"), ("id",)])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 200])
def test_every_row_comes_once_and_in_order(order: tuple[str, ...], size: int, jobs: list[Job]) -> None:
    assert walk(order, size) == [job.subject for job in Job.objects.order_by(*order)]


def test_a_row_that_is_added_above_moves_nothing_below(jobs: list[Job]) -> None:
    first = page()
    Job.objects.create(kind="k", subject="new", queue="q")
    assert [job.subject for job in page(first.next_cursor).items] == walk()[3:5]


def test_a_row_that_is_deleted_is_no_gap(jobs: list[Job]) -> None:
    first = page()
    Job.objects.filter(pk=first.items[-1].pk).delete()
    second = page(first.next_cursor)
    assert [job.subject for job in second.items] == walk()[1:3]


def test_the_last_page_has_no_next(jobs: list[Job]) -> None:
    assert page(size=7).next_cursor is None
    assert page(size=6).next_cursor
    assert keyset_page(Job.objects.none(), order=NEWEST, cursor=None, size=1) == KeysetPage([], None)


@pytest.mark.parametrize("size", [0, -1, MOST + 1])
def test_a_page_has_a_size_that_can_be_answered(size: int, jobs: list[Job]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        page(size=size)
    assert refusal.value.field == "size"


def cursor_of(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


AT = "2026-01-02T03:04:05+00:00"
ID = "00000000-0000-0000-0000-000000000001"
HOSTILE = [
    "x", "=", "é" * 50, "\x00", "A" * 100_000, "../..",
    *map(
        cursor_of,
        [
            None, 1, "x", {}, [], [AT], [AT, ID, 1], [None, None], [AT, None], [None, ID], [[], {}], [True, False],
            ["2026-01-02T03:04:05", ID], ["2026-01-02", ID], ["99999-01-01T00:00:00Z", ID], [AT, "x"], [AT, 1e400],
            [AT, "\x00"], [AT, "\ud800"], [10**400, ID], [AT, 10**400], [float("nan"), ID], ["' OR 1=1 --", ID],
        ],
    ),
    base64.urlsafe_b64encode(b"[" * 2900).decode(),
]  # fmt: skip


@pytest.mark.parametrize("cursor", HOSTILE, ids=range(len(HOSTILE)))
def test_a_cursor_that_is_not_ours_is_refused(cursor: str, jobs: list[Job]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        page(cursor)
    assert refusal.value.field == "cursor"


@pytest.mark.parametrize("subject", ["\x00", "\ud800", None])
def test_a_cursor_of_a_text_column_is_text(subject: object, jobs: list[Job]) -> None:
    with pytest.raises(InvalidInput):
        list(page(cursor_of([subject, ID]), order=("subject", "id")).items)


def test_a_cursor_from_the_ends_of_time_is_only_an_empty_or_a_full_page(jobs: list[Job]) -> None:
    assert page(cursor_of(["0001-01-01T00:00:00+14:00", ID])).items == []
    assert len(page(cursor_of(["9999-12-31T23:59:59-14:00", ID]), size=7).items) == 7


# --- columns that may be empty, and columns of other rows -------------------------------------------------------------


@pytest.mark.parametrize("order", [("finished_at", "id"), ("-finished_at", "-id"), ("-finished_at", "id")])
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_what_has_no_value_stands_last_and_comes_once(order: tuple[str, ...], size: int, jobs: list[Job]) -> None:
    for job in jobs[::2]:
        Job.objects.filter(pk=job.pk).update(finished_at=job.queued_at)
    seen = walk(order, size)
    assert sorted(seen) == [job.subject for job in jobs]
    assert set(seen[:4]) == {job.subject for job in jobs[::2]}
    assert seen == [job.subject for job in in_order(Job.objects.all(), order)]


@pytest.mark.parametrize("order", [("job__subject", "at", "id"), ("-job__finished_at", "job__subject", "-id")])
@pytest.mark.parametrize("size", [1, 3, 20])
def test_an_order_may_lead_through_other_rows(order: tuple[str, ...], size: int, jobs: list[Job]) -> None:
    Job.objects.filter(pk__in=[job.pk for job in jobs[:3]]).update(finished_at=jobs[0].queued_at)
    JobError.objects.bulk_create(
        [JobError(job=job, item=str(n), item_digest=str(n), reason="r") for job in jobs for n in range(2)]
    )
    seen: list[int] = []
    cursor = None
    while True:
        found = keyset_page(JobError.objects.select_related("job"), order=order, cursor=cursor, size=size)
        seen += [row.pk for row in found.items]
        cursor = found.next_cursor
        if cursor is None:
            break
    assert seen == [row.pk for row in in_order(JobError.objects.all(), order)]
    assert len(seen) == 14


# --- pages by number --------------------------------------------------------------------------------------------------


def test_numbered_pages_hold_every_row_once(jobs: list[Job]) -> None:
    pages = [numbered_page(Job.objects.all(), order=NEWEST, page=n, page_size=3, total=7) for n in range(1, 5)]
    assert [len(page.items) for page in pages] == [3, 3, 1, 0]
    assert [job.subject for page in pages for job in page.items] == walk()
    assert pages[0].pages == 3


@pytest.mark.parametrize(("page", "page_size"), [(0, 1), (-1, 1), (10**7, 1), (1, 0), (1, MOST + 1)])
def test_a_numbered_page_is_one_that_can_be_answered(page: int, page_size: int, jobs: list[Job]) -> None:
    with pytest.raises(InvalidInput):
        numbered_page(Job.objects.all(), order=NEWEST, page=page, page_size=page_size, total=7)

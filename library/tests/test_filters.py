"""The registry of filters and sorts of track lists, tried on a stand-in for tracks."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from core.errors import InvalidInput
from core.models import Job
from library.filters import Registry, TrackFilter, TrackSort

AT_LEAST = TrackFilter("at_least", "At least", int, lambda rows, least: rows.filter(current__gte=least))
STATE = TrackFilter("state", "State", str, lambda rows, state: rows.filter(state=state))
EXACT = TrackFilter("exact", "Exactly", Decimal, lambda rows, number: rows.filter(current=number))
LATEST = TrackSort("latest", "Latest", ("-queued_at", "-id"))


Subjects = Callable[[dict[str, str]], list[str]]


@pytest.fixture
def known() -> Registry:
    return Registry("track")


@pytest.fixture
def rows(db: None, known: Registry) -> None:
    Job.objects.bulk_create(
        [Job(kind="k", subject=str(n), queue="q", current=n, state="done" if n % 2 else "failed") for n in range(6)]
    )
    known.register(AT_LEAST, STATE, EXACT, LATEST)


@pytest.fixture
def subjects(known: Registry) -> Subjects:
    return lambda asked: sorted(job.subject for job in known.narrowed(Job.objects.all(), asked))


def test_filters_narrow_a_list_one_after_the_other(rows: None, known: Registry, subjects: Subjects) -> None:
    assert subjects({}) == list("012345")
    assert subjects({"at_least": "3"}) == list("345")
    assert subjects({"at_least": "3", "state": "done"}) == list("35")


def test_a_sort_is_an_order_for_pages(rows: None, known: Registry) -> None:
    assert known.sort_named("latest").order == ("-queued_at", "-id")


def test_what_is_known_is_listed_by_name(rows: None, known: Registry) -> None:
    assert [entry.name for entry in known.filters()] == ["at_least", "exact", "state"]
    assert [entry.name for entry in known.sorts()] == ["latest"]


@pytest.mark.parametrize(
    "name", ["", "bpm", "state ", "STATE", "state__in", "pk", "password__startswith", "\x00", "🐙"]
)
def test_a_filter_that_nobody_declared_names_the_known_ones(name: str, rows: None, known: Registry) -> None:
    with pytest.raises(InvalidInput) as refusal:
        known.narrowed(Job.objects.all(), {name: "x"})
    assert refusal.value.hint == "Known: at_least, exact, state."
    assert refusal.value.field == "filter"


def test_a_sort_that_nobody_declared_names_the_known_ones(rows: None, known: Registry) -> None:
    with pytest.raises(InvalidInput) as refusal:
        known.sort_named("-password")
    assert refusal.value.hint == "Known: latest."


HOSTILE = [
    "",
    "x",
    "\x00",
    "1\x00",
    "\ud800",
    "' OR 1=1 --",
    "1e999",
    "9" * 5000,
    "9" * 499,
    "NaN",
    "[" * 300,
    "<script>",
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_value_that_cannot_be_used_is_refused_by_the_name_of_its_filter(
    value: str, rows: None, known: Registry, subjects: Subjects
) -> None:
    if value == "9" * 499:
        assert subjects({"at_least": value}) == []
        return
    with pytest.raises(InvalidInput) as refusal:
        known.narrowed(Job.objects.all(), {"at_least": value})
    assert refusal.value.field == "at_least"


@pytest.mark.parametrize("value", ["\x00", "\ud800", "x" * 501])
def test_a_text_that_cannot_be_kept_cannot_be_looked_for(value: str, rows: None, known: Registry) -> None:
    with pytest.raises(InvalidInput):
        known.narrowed(Job.objects.all(), {"state": value})


def test_sql_in_a_value_is_only_a_value(rows: None, known: Registry, subjects: Subjects) -> None:
    assert subjects({"state": "done' OR '1'='1"}) == []


def test_a_refusal_of_a_parser_keeps_its_words(rows: None, known: Registry) -> None:
    def refuse(text: str) -> str:
        raise InvalidInput("Camelot keys go from 1A to 12B.", hint="Try 8A.")

    known.register(TrackFilter("camelot", "Key", refuse, lambda rows, _: rows))
    with pytest.raises(InvalidInput) as refusal:
        known.narrowed(Job.objects.all(), {"camelot": "13C"})
    assert (refusal.value.message, refusal.value.field) == ("Camelot keys go from 1A to 12B.", "camelot")


def test_an_upper_app_cannot_take_the_name_of_another(rows: None, known: Registry, subjects: Subjects) -> None:
    thief = TrackFilter("state", "Mine", str, lambda rows, _: rows.none())
    with pytest.raises(ValueError, match="Two apps declare the filter 'state'"):
        known.register(thief)
    with pytest.raises(ValueError, match="Two apps declare the sort 'latest'"):
        known.register(TrackSort("latest", "Mine", ("id",)))
    assert subjects({"state": "done"}) == list("135")


def test_one_app_may_start_twice(rows: None, known: Registry) -> None:
    known.register(STATE, LATEST)
    assert len(known.filters()) == 3


@pytest.mark.parametrize("name", ["", "BPM", "a b", "a-b", "8a", "x" * 41, "état", "a&b"])
def test_a_name_is_one_that_an_address_can_hold(name: str, known: Registry) -> None:
    with pytest.raises(ValueError, match="no name for an address"):
        known.register(TrackFilter(name, "x", str, lambda rows, _: rows))


def test_what_other_apps_declare_is_not_the_librarys_own() -> None:
    registry = Registry("track", STATE, LATEST)
    registry.register(AT_LEAST, TrackSort("loudest", "Loudest", ("-current", "-id")))
    assert registry.is_own({})
    assert registry.is_own({"state": "x"}, "latest")
    assert not registry.is_own({"state": "x", "at_least": "3"})
    assert not registry.is_own({}, "loudest")

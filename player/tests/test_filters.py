"""Lists of tracks, narrowed and ordered by what they are to whoever asks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.models import User
from core.services.tokens import create_token
from library.models import TrackUse
from library.tests.factories import make_track

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {create_token(name='x', scope='read', user=user)[1]}"})


@pytest.fixture
def used(listener: User, owner: User) -> list[int]:
    """Four tracks: loved, rated and played often; rated; played once and long ago; never."""
    found = [make_track(f"{letter}").pk for letter in "ABCD"]
    now = timezone.now()
    for track, said in (
        (found[0], {"loved": True, "rating": 10, "plays": 7, "last_played": now}),
        (found[1], {"rating": 6}),
        (found[2], {"plays": 1, "last_played": now - timedelta(days=400)}),
    ):
        TrackUse.objects.create(user=listener, track_id=track, **said)
    TrackUse.objects.create(user=owner, track_id=found[3], loved=True, rating=1, plays=99, last_played=now)
    return found


def titles(client: Client, **asked: str) -> str:
    items: list[dict[str, str]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("/api/tracks", {**asked, "size": "2", **({"cursor": cursor} if cursor else {})}).json()
        items += page["items"]
        cursor = page["next_cursor"]
    return "".join(row["title"] for row in items)


@pytest.mark.parametrize(("name", "value", "expected"), [
    ("loved", "1", "A"), ("loved", "no", "BCD"), ("rating", "8", "A"), ("rating", "5-7", "B"), ("rating", "6-", "AB"),
    ("plays", "1-", "AC"), ("plays", "2-10", "A"), ("plays", "0", "BD"), ("plays", "-1", "BCD"),
    ("never_played", "yes", "BD"), ("never_played", "no", "AC"),
    ("last_played", "2000-01-01", "AC"),
])  # fmt: skip
def test_filters_are_of_whoever_asks(name: str, value: str, expected: str, used: list[int], listener: User) -> None:
    assert titles(client_of(listener), **{name: value}) == expected


@pytest.mark.parametrize(("sort", "expected"), [("plays", "ACBD"), ("rating", "ABDC"), ("last_played", "ACDB")])
def test_orders_are_of_whoever_asks(sort: str, expected: str, used: list[int], listener: User, owner: User) -> None:
    """Those of which nothing is known stand at the end, the newest first."""
    assert titles(client_of(listener), sort=sort) == expected
    assert titles(client_of(owner), sort=sort)[0] == "D"


def test_nobody_loves_nothing(used: list[int], api: Callable[[str], Client]) -> None:
    for asked in ({"loved": "1"}, {"sort": "plays"}):
        assert api("read").get("/api/tracks", asked).status_code == 422


def test_a_page_counts_what_its_reader_loves(used: list[int], listener: User, owner: User) -> None:
    for user, title in ((listener, "A"), (owner, "D"), (listener, "A")):
        answer = client_of(user).get("/api/tracks", {"loved": "1", "count": "true"}).json()
        assert ([row["title"] for row in answer["items"]], answer["total"]) == ([title], 1)
        browser = Client()
        browser.force_login(user)
        page = browser.get("/library/tracks/", {"loved": "1"}).content.decode()
        assert f">{title}<" in page

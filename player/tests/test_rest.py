"""The doors of the player: REST, GraphQL, manage.py."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from core.models import User
from core.services.tokens import create_token
from library.tests.factories import make_album, make_cover, make_track
from player.tests.cast import command, device, filled, order, queue, tracks

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(listener: User) -> Client:
    secret = create_token(name="x", scope="write", user=listener)[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body, default=str), content_type="application/json")


def put(client: Client, path: str, **body: Any) -> Any:
    return client.put(path, json.dumps(body), content_type="application/json")


def test_the_queue_over_rest(mine: Client, listener: User) -> None:
    assert mine.get("/api/queue").json()["order"] == []
    numbers = tracks(3)
    done = post(mine, "/api/queue/commands", command="add", tracks=numbers, id="a-first-one").json()
    assert post(mine, "/api/queue/commands", command="add", tracks=numbers, id="a-first-one").json() == done
    state = mine.get("/api/queue").json()
    assert [track for _entry, track in state["order"]] == numbers
    assert (state["version"], state["current"]) == (done["version"], done["entries"][0])


def test_a_program_may_be_the_device(mine: Client, listener: User) -> None:
    filled(listener)
    assert post(mine, "/api/queue/commands", command="play").status_code == 409
    answer = post(mine, "/api/queue/commands", command="play", device="kitchen-radio")
    assert answer.status_code == 200
    assert queue(listener).device.key == "kitchen-radio"  # type: ignore[union-attr]
    assert [row["here"] for row in mine.get("/api/queue/devices").json()] == [True]


@pytest.mark.parametrize("body", [
    {}, {"command": "dance"}, {"command": "add"}, {"command": "add", "tracks": []},
    {"command": "add", "tracks": [1], "from": {"kind": "album", "id": 1}}, {"command": "jump"},
    {"command": "move", "entries": ["x"]}, {"command": "clear", "id": "short"}, {"command": "clear", "more": 1},
    {"command": "add", "tracks": [1], "origin": {"kind": "x", "url": "https://evil.example/"}},
    {"command": "add", "tracks": [1], "origin": {"kind": "x", "url": "//evil.example/"}},
    {"command": "add", "from": {"kind": "playlist", "id": 1}},
])  # fmt: skip
def test_what_is_no_command_is_said(body: dict[str, Any], mine: Client) -> None:
    answer = post(mine, "/api/queue/commands", **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_entries_come_page_by_page_with_what_a_row_shows(
    mine: Client, listener: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    album = make_album("Low Tide")
    make_cover(album)
    numbers = [make_track(album=album).pk for _ in range(30)]
    entries = command(listener, "add", tracks=numbers).entries
    put(mine, f"/api/tracks/{numbers[0]}/love", loved=True)
    with django_assert_max_num_queries(16):
        page = mine.get("/api/queue/entries?limit=20").json()
    first = page["items"][0]
    assert (first["entry"], first["track"]["album"]["title"], first["track"]["loved"]) == (entries[0], "Low Tide", True)
    assert first["track"]["cover"]["url"].startswith("/covers/")
    rest = mine.get(f"/api/queue/entries?limit=20&after={page['next']}").json()
    assert [row["entry"] for row in page["items"] + rest["items"]] == entries
    assert rest["next"] is None
    some = mine.get(f"/api/queue/entries?entries={entries[5]}&entries={entries[2]}&entries=999999").json()
    assert [row["entry"] for row in some["items"]] == [entries[2], entries[5]]
    assert mine.get("/api/queue/entries?after=999999").status_code == 404


def test_nobodys_token_has_no_queue(api: Callable[[str], Client]) -> None:
    for path in ("/api/queue", "/api/queue/entries", "/api/queue/devices", "/api/listens"):
        assert api("read").get(path).status_code == 403
    assert post(api("write"), "/api/queue/commands", command="clear").status_code == 403


def test_listens_are_told_and_read(mine: Client, listener: User) -> None:
    track = make_track("Low Tide")
    said = {"id": "listen-0001", "track_id": track.pk, "started_at": timezone.now(), "played_ms": 170_000}
    said |= {"ended": "finished", "device": "phone-0001", "origin": {"kind": "album", "id": 3, "label": "x"}}
    answer = post(mine, "/api/listens", listens=[said])
    assert answer.json()["listens"] == [{"id": "listen-0001", "status": "kept", "counted": True, "reason": ""}]
    (row,) = mine.get("/api/listens").json()["items"]
    assert (row["title"], row["device"], row["origin"]["kind"]) == ("Low Tide", "phone-0001", "album")
    assert mine.get(f"/api/listens?counted=false&track_id={track.pk}").json()["items"] == []
    naive = {**said, "id": "listen-0002", "started_at": "2026-01-01T10:00:00"}
    assert post(mine, "/api/listens", listens=[naive]).status_code == 422
    assert mine.get(f"/api/tracks/{track.pk}/use").json()["plays"] == 1


def test_listens_come_page_by_page(mine: Client, listener: User) -> None:
    track = make_track()
    listens = [
        {"id": f"listen-{n:04d}", "track_id": track.pk, "started_at": f"2026-01-01T10:{n:02d}:00Z", "played_ms": 1,
         "ended": "skipped"} for n in range(5)
    ]  # fmt: skip
    post(mine, "/api/listens", listens=listens)
    first = mine.get("/api/listens?size=3").json()
    second = mine.get("/api/listens", {"size": 3, "cursor": first["next_cursor"]}).json()
    assert [row["id"][-1] for row in first["items"] + second["items"]] == list("43210")


def test_love_and_rating_over_rest(mine: Client) -> None:
    track = make_track().pk
    assert put(mine, f"/api/tracks/{track}/love", loved=True).json()["loved"] is True
    assert put(mine, f"/api/tracks/{track}/rating", rating=7).json()["rating"] == 7
    assert put(mine, f"/api/tracks/{track}/rating", rating=11).status_code == 422
    assert put(mine, "/api/tracks/99999/love", loved=True).status_code == 404
    assert mine.get("/api/tracks/99999/use").status_code == 404
    assert mine.get(f"/api/tracks/{track}/use").json()["rating"] == 7


# --- GraphQL ----------------------------------------------------------------------------------------------------------


def ask(client: Client, query: str, **variables: Any) -> Any:
    answer = post(client, "/api/graphql", query=query, variables=variables).json()
    assert "errors" not in answer, answer
    return answer["data"]


def test_the_queue_in_graphql(mine: Client, listener: User, django_assert_max_num_queries: Callable[..., Any]) -> None:
    numbers = tracks(20)
    add = "mutation ($t: [Int!]) { add_to_queue(tracks: $t) { version entries } }"
    entries = ask(mine, add, t=numbers)["add_to_queue"]["entries"]
    ask(mine, "mutation ($t: Int!) { love_track(track_id: $t) { id loved } }", t=numbers[1])
    query = "{ queue { count entries(size: 20) { id track { title loved rating artists { artist { name } } } } } }"
    with django_assert_max_num_queries(20):
        found = ask(mine, query)["queue"]
    assert [entry["id"] for entry in found["entries"]] == entries
    assert [entry["track"]["loved"] for entry in found["entries"]][:3] == [False, True, False]
    jump = "mutation ($c: JSON!) { queue_command(command: $c) { changed gone } }"
    assert ask(mine, jump, c={"command": "jump", "entry": entries[4]})["queue_command"]["changed"]
    assert queue(listener).current_id == entries[4]


def test_what_graphql_cannot_do_is_said(mine: Client, api: Callable[[str], Client]) -> None:
    def code(client: Client, query: str) -> str:
        answer = post(client, "/api/graphql", query=query).json()
        return str(answer["errors"][0]["extensions"]["code"])

    assert code(mine, "mutation { play { version } }") == "conflict"
    assert code(mine, 'mutation { queue_command(command: {command: "dance"}) { version } }') == "invalid_input"
    assert code(mine, "mutation { queue_command(command: 7) { version } }") == "invalid_input"
    assert code(mine, "mutation { rate_track(track_id: 1, rating: 99) { id } }") == "invalid_input"
    assert code(api("read"), "{ queue { version } }") == "not_allowed"
    assert code(api("read"), "mutation { pause { version } }") == "not_allowed"


def test_listens_in_graphql(mine: Client) -> None:
    track = make_track().pk
    keep = "mutation ($l: [ListenInput!]!) { keep_listens(listens: $l) { status counted } }"
    said = {"id": "listen-0001", "track_id": track, "started_at": timezone.now(), "played_ms": 170_000}
    taken = ask(mine, keep, l=[{**said, "ended": "finished"}])["keep_listens"]
    assert taken == [{"status": "kept", "counted": True}]
    items = ask(mine, "{ listens { items { id counted track { id plays last_played } } } }")["listens"]["items"]
    assert (items[0]["track"]["id"], items[0]["track"]["plays"]) == (track, 1)


# --- manage.py --------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("queue", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_queue_from_a_terminal(listener: User) -> None:
    numbers = tracks(3)
    assert "3 added" in run("--user", "listener", "add", "track", *map(str, numbers))
    shown = run("--user", "listener", "show")
    assert "3 entries" in shown
    assert "▶" in shown
    device(listener)
    run("--user", "listener", "play")
    run("--user", "listener", "next")
    told = json.loads(run("--user", "listener", "show", "--json"))
    assert (told["state"], told["current"], len(told["entries"])) == ("playing", order(listener)[1], 3)
    assert "Nothing changed" in run("--user", "listener", "unshuffle")
    run("--user", "listener", "clear")
    assert order(listener) == []


@pytest.mark.parametrize(("arguments", "said"), [
    (["--user", "nobody", "show"], "nobody called"),
    (["show"], "no owner"),
    (["--user", "listener", "play"], "empty"),
    (["--user", "listener", "add", "album", "99999"], "no such album"),
    (["--user", "listener", "add", "track", "99999"], "no such track"),
    (["--user", "listener", "seek", "-5"], "greater than or equal"),
])  # fmt: skip
def test_what_a_terminal_cannot_do_is_said(arguments: list[str], said: str, listener: User) -> None:
    with pytest.raises(CommandError, match=said):
        run(*arguments)

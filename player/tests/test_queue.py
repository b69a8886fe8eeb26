"""What commands do to a queue."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Conflict, NotFound
from core.models import User
from library.services.settling.merging import merge_tracks
from library.tests.factories import make_album, make_root, make_track
from player.engine.places import GAP, behind, between
from player.models import PlayQueue, QueueCommand, QueueEntry
from player.selectors.queue import changes_since, queue_out
from player.tests.cast import command, device, filled, heard_order, later, order, queue, tracks, without
from player.tests.clients import apply

pytestmark = pytest.mark.django_db


# --- what is in it ----------------------------------------------------------------------------------------------------


def test_what_is_added_stands_at_the_end(listener: User) -> None:
    first = filled(listener)
    done = command(listener, "add", tracks=tracks(2))
    assert order(listener) == [*first, *done.entries]
    assert queue(listener).current_id == first[0]
    assert queue(listener).state == PlayQueue.State.STOPPED


def test_next_is_behind_what_plays(listener: User) -> None:
    entries = filled(listener)
    command(listener, "jump", entry=entries[2])
    later_on = command(listener, "add", tracks=tracks(1), where="next").entries
    sooner = command(listener, "add", tracks=tracks(2), where="next").entries
    assert order(listener) == [*entries[:3], *sooner, *later_on, *entries[3:]]


def test_now_plays_at_once(listener: User) -> None:
    entries, phone = filled(listener), device(listener)
    (now,) = command(listener, "add", tracks=tracks(1), where="now", sender=phone).entries
    assert order(listener) == [entries[0], now, *entries[1:]]
    assert (queue(listener).current_id, queue(listener).state, queue(listener).device) == (now, "playing", phone)


def test_before_an_entry(listener: User) -> None:
    entries = filled(listener)
    (new,) = command(listener, "add", tracks=tracks(1), before=entries[0]).entries
    assert order(listener) == [new, *entries]


def test_before_an_entry_that_is_gone_is_the_end(listener: User) -> None:
    entries = filled(listener)
    command(listener, "remove", entries=[entries[1]])
    done = command(listener, "add", tracks=tracks(1), before=entries[1])
    assert order(listener)[-1] == done.entries[0]
    assert done.gone == [entries[1]]


def test_an_album_comes_in_its_order_without_what_is_missing(listener: User) -> None:
    album, root = make_album("Low Tide"), make_root()
    second = make_track(album=album, root=root, disc_position=1, track_position=2)
    first = make_track(album=album, root=root, disc_position=1, track_position=1)
    make_track(album=album, track_position=3)
    command(listener, "add", source={"kind": "album", "id": album.pk})
    assert heard_order(listener) == [first.pk, second.pk]
    expected = {"kind": "album", "id": album.pk, "label": "Low Tide", "url": f"/albums/{album.pk}/"}
    assert queue(listener).origin == expected
    assert QueueEntry.objects.first().origin == expected  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["album", "artist", "genre", "track"])
def test_what_is_not_there_is_said(kind: str, listener: User) -> None:
    with pytest.raises(NotFound):
        command(listener, "add", source={"kind": kind, "id": 99_999})
    with pytest.raises(NotFound):
        command(listener, "add", tracks=[99_999])
    assert not QueueCommand.objects.exists()


def test_a_track_that_is_gone_does_not_keep_others_out(listener: User) -> None:
    known = tracks(2)
    done = command(listener, "add", tracks=[known[0], 99_999, known[1]])
    assert heard_order(listener) == known
    assert done.gone == [99_999]


def test_entries_move_together_in_the_order_in_which_they_are_named(listener: User) -> None:
    a, b, c, d, e = filled(listener)
    command(listener, "move", entries=[d, b], before=a)
    assert order(listener) == [d, b, a, c, e]
    command(listener, "move", entries=[d, a], before=a)
    assert order(listener) == [b, d, a, c, e]
    command(listener, "move", entries=[b])
    assert order(listener) == [d, a, c, e, b]


def test_what_is_gone_is_not_moved_and_not_removed_and_that_is_said(listener: User) -> None:
    entries = filled(listener)
    version = command(listener, "remove", entries=entries[:2]).version
    moved = command(listener, "move", entries=[entries[0]], before=entries[4])
    removed = command(listener, "remove", entries=entries[:2])
    assert (moved.changed, moved.gone, moved.version) == (False, [entries[0]], version)
    assert (removed.changed, removed.gone, removed.version) == (False, entries[:2], version)


def test_removing_what_plays_goes_on_with_what_stood_behind_it(listener: User) -> None:
    entries, phone = filled(listener), device(listener)
    command(listener, "jump", entry=entries[1], position_ms=5_000, sender=phone)
    command(listener, "remove", entries=entries[1:3])
    assert (queue(listener).current_id, queue(listener).state, queue(listener).position_ms) == (
        entries[3], "playing", 0,
    )  # fmt: skip
    command(listener, "remove", entries=entries[3:])
    assert (queue(listener).current_id, queue(listener).state) == (entries[0], "stopped")
    command(listener, "remove", entries=entries[:1])
    assert queue(listener).current_id is None


def test_clearing_may_leave_what_plays(listener: User) -> None:
    entries, phone = filled(listener), device(listener)
    command(listener, "jump", entry=entries[1], sender=phone)
    command(listener, "clear", keep_current=True)
    assert order(listener) == [entries[1]]
    assert queue(listener).state == "playing"
    command(listener, "clear")
    assert order(listener) == []
    assert queue(listener).state == "stopped"


def test_a_queue_holds_only_so_much(listener: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("player.services.queue.adding.MOST_ENTRIES", 6)
    filled(listener)
    with pytest.raises(Conflict):
        command(listener, "add", tracks=tracks(2))


# --- room -------------------------------------------------------------------------------------------------------------


def test_there_is_always_room_at_the_same_place(listener: User) -> None:
    entries = filled(listener, 3)
    expected: list[int] = []
    for _turn in range(60):
        expected = command(listener, "add", tracks=tracks(1), before=entries[1]).entries[:0] + expected
        expected.append(order(listener)[len(expected) + 1])
    assert order(listener) == [entries[0], *expected, *entries[1:]]


def test_where_room_is_used_up_places_are_given_anew(listener: User) -> None:
    entries = filled(listener, 3)
    QueueEntry.objects.filter(pk=entries[1]).update(place=GAP + 1)
    assert QueueEntry.objects.get(pk=entries[0]).place == GAP
    (new,) = command(listener, "add", tracks=tracks(1), before=entries[1]).entries
    assert order(listener) == [entries[0], new, *entries[1:]]
    assert queue(listener).spacing == 1


def test_a_long_queue_is_not_written_anew_for_an_album(listener: User, many: list[int]) -> None:
    command(listener, "jump", entry=many[2_000])
    places = dict(QueueEntry.objects.values_list("pk", "place"))
    more = tracks(10)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        command(listener, "add", tracks=more, where="next")
    assert len(asked) <= 16
    assert {pk: place for pk, place in QueueEntry.objects.values_list("pk", "place") if pk in places} == places


@pytest.fixture
def many(listener: User) -> list[int]:
    return command(listener, "add", tracks=tracks(5) * 1_000).entries


@pytest.mark.parametrize("asked", [
    ("move", lambda entries: {"entries": entries[4_000:4_100], "before": entries[10]}),
    ("remove", lambda entries: {"entries": entries[1_000:3_000]}),
    ("shuffle", lambda entries: {}),
    ("jump", lambda entries: {"entry": entries[4_999]}),
    ("clear", lambda entries: {}),
])  # fmt: skip
def test_queries_do_not_grow_with_the_queue(
    asked: tuple[str, Callable[[list[int]], dict[str, Any]]], listener: User, many: list[int]
) -> None:
    with CaptureQueriesContext(connection) as queries:
        command(listener, asked[0], **asked[1](many))
    assert len(queries) <= 16, [query["sql"][:80] for query in queries]


# --- shuffling --------------------------------------------------------------------------------------------------------


def test_shuffling_begins_with_what_plays_and_can_be_undone(listener: User) -> None:
    entries = filled(listener, 40)
    command(listener, "jump", entry=entries[7])
    command(listener, "shuffle")
    assert order(listener)[0] == entries[7]
    assert sorted(order(listener)) == entries
    assert order(listener) != entries
    command(listener, "shuffle")
    command(listener, "unshuffle")
    assert order(listener) == entries
    assert not queue(listener).shuffled
    assert not command(listener, "unshuffle").changed


def test_what_comes_while_it_is_shuffled_keeps_a_sensible_place(listener: User) -> None:
    entries = filled(listener, 10)
    command(listener, "jump", entry=entries[4])
    command(listener, "shuffle")
    following = command(listener, "add", tracks=tracks(2), where="next").entries
    last = command(listener, "add", tracks=tracks(1)).entries
    before = command(listener, "add", tracks=tracks(1), before=entries[9]).entries
    assert order(listener)[:3] == [entries[4], *following]
    assert order(listener)[-1] == last[0] or order(listener)[-2] == last[0]
    command(listener, "unshuffle")
    assert order(listener) == [*entries[:5], *following, *entries[5:9], *before, entries[9], *last]


def test_albums_can_be_kept_apart(listener: User) -> None:
    albums = [make_album() for _ in range(4)]
    for album in albums:
        command(listener, "add", tracks=[make_track(album=album).pk for _ in range(5)])
    command(listener, "shuffle", apart=True)
    found = list(QueueEntry.objects.order_by("place").values_list("track__album_id", flat=True))
    beside = sum(one == other for one, other in pairwise(found))
    assert beside <= 6


# --- playing ----------------------------------------------------------------------------------------------------------


def test_playing_needs_somebody_who_plays(listener: User) -> None:
    with pytest.raises(Conflict, match="empty"):
        command(listener, "play")
    filled(listener)
    with pytest.raises(Conflict, match="No device"):
        command(listener, "play")
    phone = device(listener)
    command(listener, "play")
    assert (queue(listener).state, queue(listener).device) == ("playing", phone)


def test_a_jump_without_a_device_waits(listener: User) -> None:
    entries = filled(listener)
    command(listener, "jump", entry=entries[3], position_ms=9_000)
    assert (queue(listener).current_id, queue(listener).state, queue(listener).position_ms) == (
        entries[3], "paused", 9_000,
    )  # fmt: skip
    assert command(listener, "jump", entry=999_999).gone == [999_999]


def test_time_goes_on_while_it_plays(listener: User) -> None:
    filled(listener)
    phone = device(listener)
    began = later(0)
    command(listener, "play", sender=phone, now=began)
    command(listener, "pause", now=later(30))
    assert 29_000 < queue(listener).position_ms < 31_000
    assert not command(listener, "pause").changed
    command(listener, "play", sender=phone, now=later(60))
    assert 29_000 < queue(listener).position_ms < 31_000
    command(listener, "seek", position_ms=100_000)
    assert queue(listener).position_ms == 100_000


def test_next_and_previous_by_what_is_repeated(listener: User) -> None:
    a, b, c = filled(listener, 3)
    device(listener)
    command(listener, "play")
    command(listener, "next")
    command(listener, "next", entry=a)
    assert queue(listener).current_id == b, "two pressed next at once: one step"
    command(listener, "next")
    command(listener, "next")
    assert (queue(listener).current_id, queue(listener).state) == (c, "stopped")
    command(listener, "repeat", repeat="all")
    command(listener, "next")
    assert queue(listener).current_id == a
    command(listener, "previous")
    assert queue(listener).current_id == c
    command(listener, "repeat", repeat="one")
    command(listener, "next", ended=True)
    assert queue(listener).current_id == c
    command(listener, "previous")
    assert queue(listener).current_id == b
    command(listener, "seek", position_ms=60_000)
    command(listener, "previous")
    assert (queue(listener).current_id, queue(listener).position_ms) == (b, 0)


def test_playback_is_handed_over_where_it_was(listener: User, owner: User) -> None:
    filled(listener)
    phone, desk = device(listener), device(listener, "desk-00001")
    device(owner, "elsewhere")
    command(listener, "play", sender=phone)
    command(listener, "hand_over", to="desk-00001", now=later(10))
    assert queue(listener).device == desk
    assert 9_000 < queue(listener).position_ms < 11_000
    command(listener, "take", sender=phone)
    assert queue(listener).device == phone
    with pytest.raises(NotFound):
        command(listener, "hand_over", to="elsewhere")
    with pytest.raises(Conflict):
        command(listener, "take")


# --- replacing, taking back -------------------------------------------------------------------------------------------


def test_replacing_plays_and_can_be_taken_back(listener: User) -> None:
    entries, phone = filled(listener), device(listener)
    command(listener, "jump", entry=entries[2], position_ms=42_000, sender=phone)
    command(listener, "pause", position_ms=43_000)
    new = tracks(4)
    done = command(listener, "replace", tracks=new, start=new[1], id="a-replace-1", sender=phone)
    assert heard_order(listener) == new
    assert (queue(listener).current_id, queue(listener).state) == (done.entries[1], "playing")
    command(listener, "restore", of="a-replace-1")
    assert order(listener) == entries
    assert (queue(listener).current_id, queue(listener).position_ms) == (entries[2], 43_000)
    with pytest.raises(NotFound):
        command(listener, "restore", of="a-replace-1")


def test_replacing_shuffled_begins_where_it_is_told(listener: User) -> None:
    new = tracks(20)
    command(listener, "replace", tracks=new, start=new[13], shuffled=True)
    assert heard_order(listener)[0] == new[13]
    assert sorted(heard_order(listener)) == new
    command(listener, "unshuffle")
    assert heard_order(listener) == new


@pytest.mark.parametrize("removed", [[0], [1, 2], [0, 2, 4], [4], list(range(5))])
def test_what_was_removed_comes_back_where_it_was(removed: list[int], listener: User) -> None:
    entries = filled(listener)
    command(listener, "remove", entries=[entries[place] for place in removed], id="a-remove-1")
    command(listener, "restore", of="a-remove-1")
    assert order(listener) == entries


def test_what_happened_meanwhile_stays(listener: User) -> None:
    entries = filled(listener)
    command(listener, "clear", id="a-clear-001")
    more = command(listener, "add", tracks=tracks(2)).entries
    command(listener, "restore", of="a-clear-001")
    assert sorted(order(listener)) == sorted([*entries, *more])
    assert without(order(listener), *more) == entries


def test_of_many_every_second_comes_back(listener: User, many: list[int]) -> None:
    command(listener, "shuffle")
    shuffled = order(listener)
    command(listener, "remove", entries=many[::2], id="a-remove-2")
    command(listener, "restore", of="a-remove-2")
    assert order(listener) == shuffled
    command(listener, "unshuffle")
    assert order(listener) == many


def test_places_that_were_given_to_others_meanwhile_are_no_trouble(listener: User) -> None:
    entries = filled(listener, 6)
    command(listener, "shuffle")
    command(listener, "remove", entries=entries[-1:], id="a-remove-4")
    more = command(listener, "add", tracks=tracks(1)).entries
    command(listener, "restore", of="a-remove-4")
    command(listener, "unshuffle")
    assert sorted(order(listener)[-2:]) == sorted([entries[-1], *more])
    assert order(listener)[:5] == entries[:5]


# --- once, and for all ------------------------------------------------------------------------------------------------


def test_a_command_that_comes_twice_is_done_once(listener: User) -> None:
    number = tracks(1)
    first = command(listener, "add", tracks=number, id="the-same-1")
    assert command(listener, "add", tracks=number, id="the-same-1") == first
    assert len(order(listener)) == 1


def test_ids_of_commands_are_each_persons_own(listener: User, owner: User) -> None:
    number = tracks(1)
    command(listener, "add", tracks=number, id="the-same-1")
    command(owner, "add", tracks=number, id="the-same-1")
    assert len(order(owner)) == 1


def test_nobody_reaches_the_entries_of_others(listener: User, owner: User) -> None:
    theirs = filled(owner)
    mine = filled(listener)
    for name, more in (
        ("move", {"entries": theirs}),
        ("remove", {"entries": theirs}),
        ("jump", {"entry": theirs[0]}),
        ("add", {"tracks": heard_order(owner), "before": theirs[0]}),
    ):
        assert command(listener, name, **more).gone
    command(owner, "clear", id="an-owners-1")
    with pytest.raises(NotFound):
        command(listener, "restore", of="an-owners-1")
    assert order(listener)[:5] == mine
    assert order(owner) == []


def test_changes_lead_from_any_version_to_the_state(listener: User) -> None:
    state = queue_out(listener).model_dump(mode="json")
    entries = filled(listener)
    device(listener)
    for name, more in (
        ("move", {"entries": [entries[3]], "before": entries[0]}),
        ("play", {}),
        ("shuffle", {}),
        ("remove", {"entries": entries[:2], "id": "a-remove-3"}),
        ("restore", {"of": "a-remove-3"}),
        ("replace", {"tracks": tracks(3), "shuffled": True, "id": "a-replace-2"}),
        ("restore", {"of": "a-replace-2"}),
        ("repeat", {"repeat": "all"}),
    ):
        command(listener, name, **more)
    for change in changes_since(listener, 0) or []:
        apply(state, change)
    now = queue_out(listener).model_dump(mode="json")
    assert state["order"] == now["order"]
    unsaid = {"devices", "now"}
    assert {k: v for k, v in state.items() if k not in unsaid} == {k: v for k, v in now.items() if k not in unsaid}


def test_what_was_done_long_ago_is_forgotten(listener: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("player.services.queue.applying.KEPT", 10)
    monkeypatch.setattr("player.services.queue.applying.KEPT_WHOLE", 4)
    monkeypatch.setattr("player.services.queue.applying.TIDY_EVERY", 1)
    entries = filled(listener)
    for turn in range(20):
        command(listener, "jump", entry=entries[turn % 5], position_ms=turn)
    assert QueueCommand.objects.count() == 10
    assert QueueCommand.objects.filter(ops__isnull=False).count() == 4
    assert changes_since(listener, 3) is None
    assert len(changes_since(listener, queue(listener).version - 2) or []) == 2


def test_tracks_that_become_one_keep_their_places(listener: User) -> None:
    old, new = make_track(root=make_root()), make_track(root=make_root())
    command(listener, "add", tracks=[old.pk, new.pk])
    entries, version = order(listener), queue(listener).version
    merge_tracks(kept_id=old.pk, gone_id=new.pk)
    assert order(listener) == entries
    assert heard_order(listener) == [old.pk, old.pk]
    assert queue(listener).version == version + 1
    assert changes_since(listener, version) is None


def test_places_are_found_between_any_two() -> None:
    assert between(0, 10, 9) == list(range(1, 10))
    assert between(0, 10, 10) is None
    assert behind(0, 2) == [GAP, 2 * GAP]

"""What was heard: kept once, counted by the rule, whenever it is told; loved, rated."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analysis.selectors.governor import somebody_listens
from core.errors import NotFound
from core.models import User
from library.models import TrackUse
from library.services.settling.merging import merge_tracks
from library.tests.factories import make_root, make_track
from player.engine.counting import counts
from player.models import Device, Listen, PlayQueue
from player.schemas.listens import ListenIn, ListenTaken
from player.schemas.queue import Position
from player.services.devices import pause_abandoned, say_goodbye
from player.services.listens import keep_listens
from player.services.loving import love_track, rate_track
from player.services.queue import report_position
from player.tests.cast import command, device, filled, later, queue

pytestmark = pytest.mark.django_db


def heard(track_id: int, key: str = "listen-0001", **over: Any) -> ListenIn:
    given = {"id": key, "track_id": track_id, "started_at": timezone.now(), "played_ms": 180_000, "ended": "finished"}
    return ListenIn.model_validate({**given, **over})


def keep(user: User, *listens: ListenIn) -> list[ListenTaken]:
    return keep_listens(user=user, listens=listens)


@pytest.mark.parametrize(("played", "lasts", "counted"), [
    (90_000, 180_000, True), (89_999, 180_000, False), (240_000, 3_600_000, True), (239_999, 3_600_000, False),
    (29_999, 29_999, False), (15_000, 30_000, True), (0, 0, False),
])  # fmt: skip
def test_half_of_it_or_four_minutes_of_what_lasts_half_a_minute(played: int, lasts: int, counted: bool) -> None:
    assert counts(played, lasts) == counted


def test_what_is_told_twice_is_one_play(listener: User) -> None:
    track = make_track()
    first = heard(track.pk)
    assert [one.status for one in keep(listener, first, first)] == ["kept", "kept"]
    assert [one.status for one in keep(listener, first)] == ["known"]
    use = TrackUse.objects.get(user=listener, track=track)
    assert (use.plays, use.last_played) == (1, first.started_at)
    assert Listen.objects.count() == 1


def test_what_does_not_count_is_kept_and_no_play(listener: User) -> None:
    track = make_track()
    (taken,) = keep(listener, heard(track.pk, played_ms=20_000, ended="skipped"))
    assert (taken.status, taken.counted) == ("kept", False)
    assert not TrackUse.objects.exists()
    assert Listen.objects.get().ended == "skipped"


def test_what_comes_late_does_not_make_the_last_play_older(listener: User) -> None:
    track = make_track()
    newest = heard(track.pk)
    keep(listener, newest)
    keep(listener, heard(track.pk, "listen-0002", started_at=timezone.now() - timedelta(days=20)))
    use = TrackUse.objects.get()
    assert (use.plays, use.last_played) == (2, newest.started_at)


def test_what_cannot_be_is_refused_with_its_reason_and_the_rest_is_kept(listener: User) -> None:
    track = make_track()
    taken = keep(
        listener,
        heard(track.pk, "listen-good1"),
        heard(track.pk, "listen-early", started_at="1970-01-01T00:00:00Z"),
        heard(track.pk, "listen-later", started_at=timezone.now() + timedelta(hours=2)),
        heard(99_999, "listen-other"),
    )
    assert [one.status for one in taken] == ["kept", "refused", "refused", "refused"]
    assert ["2000" in taken[1].reason, "future" in taken[2].reason, "no such track" in taken[3].reason] == [True] * 3
    assert Listen.objects.count() == 1


def test_ids_of_listens_are_each_persons_own(listener: User, owner: User) -> None:
    track = make_track()
    keep(listener, heard(track.pk))
    assert [one.status for one in keep(owner, heard(track.pk))] == ["kept"]


def test_a_hundred_cost_what_one_does(listener: User) -> None:
    tracks = [make_track().pk for _ in range(20)]
    with CaptureQueriesContext(connection) as queries:
        keep(listener, *(heard(tracks[n % 20], f"listen-{n:04d}", device="phone-0001") for n in range(100)))
    assert len(queries) <= 10
    assert sum(TrackUse.objects.values_list("plays", flat=True)) == 100


def test_listens_survive_what_becomes_of_their_track(listener: User) -> None:
    old, new = make_track(root=make_root()), make_track(root=make_root())
    keep(listener, heard(old.pk, "listen-0001"), heard(new.pk, "listen-0002"))
    merge_tracks(kept_id=old.pk, gone_id=new.pk)
    assert set(Listen.objects.values_list("track_id", flat=True)) == {old.pk}
    assert TrackUse.objects.get().plays == 2
    with pytest.raises(ProtectedError):
        old.delete()


def test_listens_survive_their_device(listener: User) -> None:
    keep(listener, heard(make_track().pk, device="phone-0001"))
    Listen.objects.get().device.delete()  # type: ignore[union-attr]
    assert Listen.objects.get().device is None


def test_love_and_rating_are_each_persons_own(listener: User, owner: User) -> None:
    track = make_track()
    love_track(user=listener, track_id=track.pk, loved=True)
    rate_track(user=listener, track_id=track.pk, rating=9)
    assert (TrackUse.objects.get(user=listener).loved, TrackUse.objects.get(user=listener).rating) == (True, 9)
    assert not TrackUse.objects.filter(user=owner).exists()
    rate_track(user=listener, track_id=track.pk, rating=None)
    assert TrackUse.objects.get(user=listener).rating is None
    with pytest.raises(NotFound):
        love_track(user=listener, track_id=99_999, loved=True)


# --- the device that plays --------------------------------------------------------------------------------------------


def test_the_analysis_hears_that_somebody_listens(listener: User, owner: User) -> None:
    filled(listener)
    command(listener, "play", sender=device(listener))
    assert somebody_listens()
    filled(owner)
    command(owner, "play", sender=device(owner))
    command(listener, "pause")
    assert somebody_listens(), "the owner does"
    command(owner, "clear")
    assert not somebody_listens()


def test_only_the_device_that_plays_says_where(listener: User) -> None:
    entries, phone, desk = filled(listener), device(listener), device(listener, "desk-00001")
    command(listener, "play", sender=phone)
    playing = Position(entry=entries[0], position_ms=7_000)
    assert not report_position(user=listener, device=desk, said=playing)
    assert not report_position(user=listener, device=phone, said=Position(entry=entries[1], position_ms=7_000))
    assert report_position(user=listener, device=phone, said=playing)
    assert queue(listener).position_ms == 7_000
    command(listener, "pause", position_ms=8_000)
    assert not report_position(user=listener, device=phone, said=playing), "it was on its way when somebody paused"
    assert (queue(listener).state, queue(listener).position_ms) == ("paused", 8_000)


def test_a_device_that_is_gone_for_a_minute_plays_no_more(listener: User) -> None:
    entries, phone = filled(listener), device(listener)
    command(listener, "play", sender=phone)
    report_position(user=listener, device=phone, said=Position(entry=entries[0], position_ms=7_000))
    say_goodbye(user=listener, device=phone)
    assert pause_abandoned(now=later(30)) == 0
    assert pause_abandoned(now=later(61)) == 1
    assert (queue(listener).state, queue(listener).position_ms) == (PlayQueue.State.PAUSED, 7_000)
    assert not somebody_listens()


def test_a_device_whose_server_died_is_missed_as_well(listener: User) -> None:
    filled(listener)
    command(listener, "play", sender=device(listener))
    assert pause_abandoned(now=later(61)) == 0
    assert pause_abandoned(now=later(80)) == 1


def test_tabs_of_long_ago_are_forgotten_unless_something_was_heard_on_them(listener: User) -> None:
    tab, radio, playing = (device(listener, f"{name}-0001") for name in ("tab", "radio", "player"))
    filled(listener)
    command(listener, "play", sender=playing)
    keep(listener, heard(make_track().pk, device="radio-0001"))
    Device.objects.update(seen_at=timezone.now() - timedelta(days=40))
    device(listener, "new-tab-0001")
    assert set(Device.objects.values_list("key", flat=True)) == {radio.key, playing.key, "new-tab-0001"}
    assert tab.key not in Device.objects.values_list("key", flat=True)


def test_a_tab_that_was_loaded_again_is_not_gone(listener: User) -> None:
    filled(listener)
    before = device(listener)
    command(listener, "play", sender=before)
    device(listener)
    say_goodbye(user=listener, device=before)
    assert pause_abandoned(now=later(61)) == 0

"""The conversation over a socket, without the socket: what a device is, and what it hears in which order."""

import pytest

from core.auth import Identity
from core.events.personal import Heard
from core.models import User
from core.schemas import Scope
from player.events import InOrder
from player.models import Device
from player.services import devices, talking
from player.services.talking import Talk
from player.tests.cast import device


def change(version: int) -> dict[str, object]:
    return {"kind": "change", "version": version, "text": f"change {version}"}


def test_changes_that_overtake_each_other_are_told_in_order() -> None:
    told = InOrder()
    assert told.take(change(9)) == []
    assert told.begin(8) == ["change 9"]
    assert (told.take(change(11)), told.waits) == ([], True)
    assert told.take(change(9)) == []
    assert (told.take(change(10)), told.waits) == (["change 10", "change 11"], False)
    assert told.begin(20) == []
    assert told.take(change(12)) == []


def test_what_nobody_asked_for_is_not_kept_without_end() -> None:
    told = InOrder()
    for version in range(1, 1_000):
        told.take(change(version))
    assert len(told._early) < 100
    assert not told.waits


async def test_a_device_is_here_also_where_there_is_never_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever plays tells where, every few seconds, and everybody hears it."""
    noted: list[str] = []

    async def here(call: object, **arguments: object) -> None:
        noted.append(getattr(call, "__name__", ""))

    monkeypatch.setattr(talking, "asked", here)
    seconds = [100.0]
    talk = Talk(Identity(user=User(pk=1), scope=Scope.WRITE), clock=lambda: seconds[0])
    talk.device = Device(pk=1)
    for _second in range(60):
        seconds[0] += 1
        await talk.tell(Heard([{"kind": "position", "text": "{}"}]))
    assert noted == ["note_here"] * 3


@pytest.mark.django_db
def test_only_the_last_connection_of_a_device_speaks_for_it(listener: User) -> None:
    before = device(listener)
    now = device(listener)
    devices.say_goodbye(user=listener, device=before)
    now.refresh_from_db()
    assert now.socket
    devices.say_goodbye(user=listener, device=now)
    now.refresh_from_db()
    assert not now.socket

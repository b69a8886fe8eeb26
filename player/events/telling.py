"""Tells the sockets of a person: what has changed, where it plays, which devices are there."""

import json
from collections.abc import Sequence
from typing import Any

from core.events import tell


def address_of(user_id: int) -> str:
    return f"queue:{user_id}"


def tell_change(*, user_id: int, message: dict[str, Any]) -> None:
    said = {"kind": "change", "version": message["version"], "text": json.dumps(message, separators=(",", ":"))}
    tell(address_of(user_id), said)


def tell_to_look(*, user_id: int) -> None:
    """For changes that are not worth telling one by one: everybody reads the state anew."""
    tell(address_of(user_id), {"kind": "look"})


def tell_position(*, user_id: int, message: dict[str, Any]) -> None:
    tell(address_of(user_id), {"kind": "position", "text": json.dumps(message)})


def tell_devices(*, user_id: int, devices: Sequence[dict[str, Any]]) -> None:
    tell(address_of(user_id), {"kind": "devices", "text": json.dumps({"type": "devices", "devices": list(devices)})})

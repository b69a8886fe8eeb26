"""The channels that exist, and the event ids with which a reader says where it stopped."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest

from core.errors import InvalidInput
from core.schemas import Channel

Position = dict[Channel, int]
PART = re.compile(r"(?P<channel>[a-z]{1,40}):(?P<id>[0-9]{1,18})")
LONGEST_ID = 200


class KnownChannels:
    """What django-eventstream asks of a channel manager; who may listen is decided by the doors before."""

    def get_channels_for_request(self, request: HttpRequest, view_kwargs: dict[str, Any]) -> set[str]:
        return {channel.value for channel in requested_channels(request.GET.getlist("channel"))}

    def can_read_channel(self, user: object, channel: str) -> bool:
        return channel in set(Channel)

    def is_channel_reliable(self, channel: str) -> bool:
        return True


def requested_channels(names: Iterable[str]) -> tuple[Channel, ...]:
    """Every channel when none is named."""
    wanted = set(names)
    unknown = wanted - set(Channel)
    if unknown:
        known = ", ".join(Channel)
        raise InvalidInput(f"There is no channel {min(unknown)[:40]!r}.", hint=f"Known are: {known}.", field="channel")
    return tuple(channel for channel in Channel if not wanted or channel in wanted)


def parse_position(text: str) -> Position:
    """Reads `progress:12,notifications:7`, as sent in every event's id."""
    position: Position = {}
    parts = unquote(text).split(",") if len(text) <= LONGEST_ID else [""]
    for part in parts:
        match = PART.fullmatch(part)
        if match is None or match["channel"] not in set(Channel) or match["channel"] in position:
            raise InvalidInput(
                "The last event id cannot be read.",
                hint="Send back the id of an event as it came, or none at all.",
                field="lastEventId",
            )
        position[Channel(match["channel"])] = int(match["id"])
    return position


def requested_position(headers: Mapping[str, str], query: Iterable[str]) -> Position:
    """What was heard last: a browser that reconnects sends the header, its address still holds the id it began with."""
    given = headers.get("Last-Event-ID") or next(filter(None, query), None)
    return parse_position(given) if given else {}


def format_position(position: Position) -> str:
    return ",".join(f"{channel}:{number}" for channel, number in position.items())

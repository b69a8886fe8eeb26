"""GraphQL's writes of the player: commands to the queue, listens, love and ratings."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

from core.models import User
from library.graphql import Track
from library.graphql.inputs import UNSET, new, understood
from library.selectors.tracks import track_by_id
from player.graphql.types import ListenTakenType, QueueDone, writer
from player.schemas.listens import ListenIn, ListensIn, RatingIn
from player.schemas.queue import CommandIn
from player.services.devices import meet_program
from player.services.listens import keep_listens
from player.services.loving import love_track, rate_track
from player.services.queue import apply_command


@strawberry.input
class ListenInput:
    id: str
    track_id: int
    started_at: datetime
    played_ms: int
    ended: str
    duration_ms: int | None = UNSET
    source: str | None = UNSET
    device: str | None = UNSET


@strawberry.type
class PlayerMutation:
    @strawberry.mutation
    def queue_command(self, info: Info, command: JSON) -> QueueDone:
        """Any command of docs/queue.md, such as {command: "jump", entry: 12}."""
        return _done(writer(info), **command if isinstance(command, dict) else {})

    @strawberry.mutation
    def add_to_queue(
        self,
        info: Info,
        tracks: list[int] | None = None,
        album: int | None = None,
        artist: int | None = None,
        genre: int | None = None,
        where: str = "last",
        id: str | None = None,
    ) -> QueueDone:
        """Tracks, or those of an album, an artist or a genre: now, next or last."""
        given = {"album": album, "artist": artist, "genre": genre}
        sources = [{"kind": kind, "id": number} for kind, number in given.items() if number is not None]
        more = {"from": sources[0]} if sources else {}
        return _done(writer(info), command="add", tracks=tracks, where=where, id=id, **more)

    @strawberry.mutation
    def remove_from_queue(self, info: Info, entries: list[int], id: str | None = None) -> QueueDone:
        return _done(writer(info), command="remove", entries=entries, id=id)

    @strawberry.mutation
    def clear_queue(self, info: Info, id: str | None = None) -> QueueDone:
        return _done(writer(info), command="clear", id=id)

    @strawberry.mutation
    def play(self, info: Info) -> QueueDone:
        return _done(writer(info), command="play")

    @strawberry.mutation
    def pause(self, info: Info) -> QueueDone:
        return _done(writer(info), command="pause")

    @strawberry.mutation
    def next_track(self, info: Info) -> QueueDone:
        return _done(writer(info), command="next")

    @strawberry.mutation
    def previous_track(self, info: Info) -> QueueDone:
        return _done(writer(info), command="previous")

    @strawberry.mutation
    def keep_listens(self, info: Info, listens: list[ListenInput]) -> list[ListenTakenType]:
        """What was heard; each says what became of it."""
        user = writer(info)
        asked = understood(ListensIn, {"listens": [new(ListenIn, one).model_dump() for one in listens]})
        return [ListenTakenType(**one.model_dump()) for one in keep_listens(user=user, listens=asked.listens)]

    @strawberry.mutation
    def love_track(self, info: Info, track_id: int, loved: bool = True) -> Track:
        love_track(user=writer(info), track_id=track_id, loved=loved)
        return _row(track_by_id(track_id))

    @strawberry.mutation
    def rate_track(self, info: Info, track_id: int, rating: int | None) -> Track:
        """1 to 10, half stars; nothing takes it away."""
        user = writer(info)
        asked = understood(RatingIn, {"rating": rating})
        rate_track(user=user, track_id=track_id, rating=asked.rating)
        return _row(track_by_id(track_id))


def _done(user: User, **said: Any) -> QueueDone:
    asked = understood(CommandIn, {name: value for name, value in said.items() if value is not None}).root
    sender = meet_program(user=user, key=asked.device) if asked.device else None
    done = apply_command(user=user, asked=asked, sender=sender)
    return QueueDone(**done.model_dump(exclude={"type"}))


def _row(row: Any) -> Any:
    return row

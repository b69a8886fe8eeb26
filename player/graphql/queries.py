"""GraphQL's questions to the player."""

import strawberry
from strawberry.types import Info

from core.pagination import keyset_page
from library.graphql import together
from player.graphql.types import ListenConnection, Queue, reader
from player.selectors.listens import ORDER, listens_of
from player.selectors.queue import queue_out


@strawberry.type
class PlayerQuery:
    @strawberry.field
    def queue(self, info: Info) -> Queue:
        """Yours."""
        return Queue.of(queue_out(reader(info)))

    @strawberry.field
    def listens(
        self,
        info: Info,
        track_id: int | None = None,
        counted: bool | None = None,
        cursor: str | None = None,
        size: int = 50,
    ) -> ListenConnection:
        """What you have heard, the last first."""
        rows = listens_of(reader(info), track_id=track_id, counted=counted)
        page = keyset_page(rows, order=ORDER, cursor=cursor, size=size)
        return ListenConnection(items=together(page.items), next_cursor=page.next_cursor)  # type: ignore[arg-type]

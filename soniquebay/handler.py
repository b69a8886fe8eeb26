"""HTTP by Django with one change of threads for a request: through all of the middleware and the view at once."""

from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.streams import FileAnswer


class OwnThread(ThreadSensitiveContext):
    """A thread for one request, whatever context it came in.

    A connection that is kept alive is watched in the context of the request before, and brings the next one in it. Both
    would share a thread, the first would end it, and the database connection of the second would be lost with it.
    """

    async def __aenter__(self) -> "OwnThread":
        self.token = SyncToAsync.thread_sensitive_context.set(self)
        return self


class Handler(ASGIHandler):
    """Some of our middleware knows only the synchronous way.

    Django would go back to the event loop wherever the others allow it, and each way there and back costs more than
    what they do. Views that are asynchronous run in the event loop all the same.
    """

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        async with OwnThread():
            await super().__call__(scope, receive, send)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await sync_to_async(self.get_response, thread_sensitive=True)(request)
        return response

    async def send_response(self, response: HttpResponseBase, send: Any) -> None:
        """A file goes out by the shortest way that the server knows."""
        if isinstance(response, FileAnswer):
            response.send_file = getattr(send, "send_file", None)
        await super().send_response(response, send)

"""HTTP by Django with one change of threads for a request: through all of the middleware and the view at once."""

from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.streams import FileAnswer
from core.threads import Threads

threads = Threads()
AT_THE_BEGINNING = (reset_queries, close_old_connections)


class Handler(ASGIHandler):
    """Some of our middleware knows only the synchronous way.

    Django would go back to the event loop wherever the others allow it, and each way there and back costs more than
    what they do. Views that are asynchronous run in the event loop all the same.
    """

    def __init__(self) -> None:
        super().__init__()
        for receiver in AT_THE_BEGINNING:
            # A signal would be one more way to the thread and back.
            request_started.disconnect(receiver)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        async with threads.one():
            await super().__call__(scope, receive, send)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await sync_to_async(self._answer, thread_sensitive=True)(request)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        for receiver in AT_THE_BEGINNING:
            receiver()
        return self.get_response(request)

    async def send_response(self, response: HttpResponseBase, send: Any) -> None:
        """A file goes out by the shortest way that the server knows."""
        if isinstance(response, FileAnswer):
            response.send_file = getattr(send, "send_file", None)
        await super().send_response(response, send)

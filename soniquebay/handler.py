"""HTTP by Django with one change of threads for a request: through all of the middleware and the view at once."""

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Handler(ASGIHandler):
    """Some of our middleware knows only the synchronous way.

    Django would go back to the event loop wherever the others allow it, and each way there and back costs more than
    what they do. Views that are asynchronous run in the event loop all the same.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await sync_to_async(self.get_response, thread_sensitive=True)(request)
        return response

"""The server in this very process, for workers that a test plays itself."""

import threading

import httpx
from django.core.wsgi import get_wsgi_application
from django.db import connections


class Here(httpx.BaseTransport):
    """The server, asked without a wire, by whichever thread."""

    def __init__(self) -> None:
        self.inside = httpx.WSGITransport(app=get_wsgi_application())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return self.inside.handle_request(request)
        finally:
            if threading.current_thread() is not threading.main_thread():
                connections.close_all()

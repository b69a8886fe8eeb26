"""Addresses of the sockets: the one of the public documents, kept for compatibility, and ours."""

from django.urls import path

from core.consumers import EventConsumer

websocket_urlpatterns = [
    path("api/ws", EventConsumer.as_asgi()),
    path("ws/events", EventConsumer.as_asgi()),
]

"""Addresses of the queue's sockets."""

from django.urls import path

from player.consumers import EverythingConsumer, QueueConsumer

websocket_urlpatterns = [
    path("ws/queue", QueueConsumer.as_asgi()),
    # The one of the public documents, which tells of events as well (core/routing.py).
    path("api/ws", EverythingConsumer.as_asgi()),
]

"""Address of the sockets that tell events; that of the public documents, /api/ws, is the player's."""

from django.urls import path

from core.consumers import EventConsumer

websocket_urlpatterns = [path("ws/events", EventConsumer.as_asgi())]

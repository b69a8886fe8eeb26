"""Addresses of the player's pages."""

from django.urls import path

from player.views import adding, playing, shell

urlpatterns = [
    path("playing/", playing.playing, name="playing"),
    path("queue/add/", adding.add, name="queue_add"),
    path("service-worker.js", shell.service_worker, name="service_worker"),
    path("offline/", shell.offline, name="offline"),
]

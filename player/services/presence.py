"""Looks after queues that play on a device that is gone; beside control, for as long as it runs."""

import threading

from django.db import close_old_connections

from player.services.devices import pause_abandoned

EVERY_S = 15.0


def watch_devices(stopping: threading.Event) -> None:
    while not stopping.wait(EVERY_S):
        pause_abandoned()
        close_old_connections()

"""Starts the player: what it hears of the library, and who looks after queues whose device is gone."""

from django.apps import AppConfig

from core import panels
from core.companions import register_companion


class PlayerConfig(AppConfig):
    name = "player"
    verbose_name = "Player"

    def ready(self) -> None:
        # Connected by being imported.
        from player import receivers  # noqa: F401
        from player.views.panels import COLUMNS, PANELS

        register_companion("presence", "player.services.presence.watch_devices")
        panels.register(*PANELS)
        panels.register_columns(*COLUMNS)

"""Starts the player: what it hears of the library, and who looks after queues whose device is gone."""

from django.apps import AppConfig

from core import panels
from core.companions import register_companion


class PlayerConfig(AppConfig):
    name = "player"
    verbose_name = "Player"

    def ready(self) -> None:
        # Models are there only now; a receiver is connected by being imported.
        from library.filters import register_filters
        from library.selectors.offers import register_offers
        from player import filters, receivers  # noqa: F401
        from player.views import offers
        from player.views.panels import COLUMNS, PANELS

        register_filters(*filters.FILTERS, *filters.SORTS)
        register_offers(offers.OFFERS, words=offers.WORDS, quiet=offers.QUIET)
        register_companion("presence", "player.services.presence.watch_devices")
        panels.register(*PANELS)
        panels.register_columns(*COLUMNS)

"""Starts the app: what it hears of the library."""

from django.apps import AppConfig


class EnrichmentConfig(AppConfig):
    name = "enrichment"
    verbose_name = "Enrichment"

    def ready(self) -> None:
        # Connected by being imported.
        from enrichment import receivers  # noqa: F401

"""Starts the app: what it hears of the library."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "analysis"
    verbose_name = "Analysis"

    def ready(self) -> None:
        # Connected by being imported.
        from analysis import receivers  # noqa: F401

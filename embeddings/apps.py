"""Starts the app: what it hears of the library."""

from django.apps import AppConfig


class EmbeddingsConfig(AppConfig):
    name = "embeddings"
    verbose_name = "Embeddings"

    def ready(self) -> None:
        # Connected by being imported.
        from embeddings import receivers  # noqa: F401

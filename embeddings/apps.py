"""Starts the app: its kinds of jobs, what it hears of the library."""

from django.apps import AppConfig

from core import jobs as core_jobs


class EmbeddingsConfig(AppConfig):
    name = "embeddings"
    verbose_name = "Embeddings"

    def ready(self) -> None:
        # Models are there only now; a receiver is connected by being imported.
        from embeddings import jobs, receivers  # noqa: F401
        from embeddings.services import maintenance

        core_jobs.register(*jobs.KINDS, *maintenance.KINDS)

"""Starts the library: its kinds of jobs, what it hears of ended jobs, what accompanies control."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = "Library"

    def ready(self) -> None:
        # Models are there only now.
        from core import jobs as core_jobs
        from library import jobs

        core_jobs.register(*jobs.KINDS)

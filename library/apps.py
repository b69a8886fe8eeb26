"""Starts the library: its kinds of jobs."""

from django.apps import AppConfig

from core import jobs as core_jobs
from library import jobs


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = "Library"

    def ready(self) -> None:
        core_jobs.register(*jobs.KINDS)

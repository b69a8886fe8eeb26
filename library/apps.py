"""Starts the library: its kinds of jobs."""

from django.apps import AppConfig

from core import jobs as core_jobs
from library import jobs


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = "Library"

    def ready(self) -> None:
        # Models exist only now, so that what needs them cannot be imported above.
        from library import receivers
        from library.services import search_healing

        core_jobs.register(*jobs.KINDS, *search_healing.KINDS)
        receivers.listen()

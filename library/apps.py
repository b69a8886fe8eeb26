"""Starts the library: its kinds of jobs, what it hears of ended jobs, what accompanies control."""

from typing import ClassVar

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = "Library"
    doctor_checks: ClassVar = {"folders of music": "library.selectors.doctor.folders_of_music"}

    def ready(self) -> None:
        # Models are there only now; a receiver is connected by being imported.
        from core import jobs as core_jobs
        from core.companions import register_companion
        from library import jobs, receivers  # noqa: F401
        from library.services import maintenance, search_healing
        from library.services.watching import watch_roots

        core_jobs.register(*jobs.KINDS, *maintenance.KINDS, *search_healing.KINDS)
        register_companion("watcher", watch_roots)

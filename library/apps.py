"""Starts the library: its kinds of jobs, its places in the rail and in the settings, its pieces of home."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import jobs as core_jobs
from core import navigation, panels
from core.companions import register_companion
from core.navigation import NavItem, SettingsTab

PARTS = ("/artists/", "/albums/", "/tracks/", "/genres/")
PLACES = (
    NavItem("library", "library", "library", _("Library"), order=10, key="l", paths=PARTS),
    NavItem("search", "search", "search", _("Search"), order=20, shortcut="/"),
)
FOLDERS = SettingsTab("roots", _("Folders"), order=10, pages=("scan_errors",))


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = "Library"
    doctor_checks: ClassVar = {"folders of music": "library.selectors.doctor.folders_of_music"}

    def ready(self) -> None:
        # Models are there only now; a receiver is connected by being imported.
        from library import jobs, receivers  # noqa: F401
        from library.services import maintenance, search_healing

        core_jobs.register(*jobs.KINDS, *maintenance.KINDS, *search_healing.KINDS)
        register_companion("watcher", "library.services.watching.watch_roots")
        navigation.register(*PLACES)
        navigation.register_tabs(FOLDERS)
        panels.register_module("library.views.home")

"""Starts the app: its kinds of jobs, what it hears of the library."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import jobs as core_jobs
from core import navigation, panels
from core.navigation import NavItem

MAP = NavItem("map", "map", "map", _("Map"), order=60, key="m", paths=("/radio/", "/path/", "/mixer/"))


class EmbeddingsConfig(AppConfig):
    name = "embeddings"
    verbose_name = "Embeddings"

    def ready(self) -> None:
        # Models are there only now; a receiver is connected by being imported.
        from embeddings import jobs, receivers  # noqa: F401
        from embeddings.services import maintenance
        from embeddings.views.panels import PANELS

        core_jobs.register(*jobs.KINDS, *maintenance.KINDS)
        navigation.register(MAP)
        panels.register(*PANELS)

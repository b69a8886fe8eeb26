"""Starts the app: its kinds of jobs, its pages and its place in the rail, what it hears of the library and of jobs."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import jobs as core_jobs
from core import navigation, panels
from core.navigation import NavItem, SettingsTab

ASK = NavItem("ask", "ask", "wave", pgettext_lazy("page", "Ask"), order=22, key="q")
MAP = NavItem("map", "map", "map", _("Map"), order=60, key="m", paths=("/radio/", "/path/", "/mixer/"))
MEANING = SettingsTab("meaning", _("Meaning"), order=16)


class EmbeddingsConfig(AppConfig):
    name = "embeddings"
    verbose_name = "Embeddings"
    doctor_checks: ClassVar = {"vectors": "embeddings.selectors.doctor.vectors"}

    def ready(self) -> None:
        # Models are there only now; a receiver is connected by being imported.
        from embeddings import jobs, receivers  # noqa: F401
        from embeddings.services import tending

        core_jobs.register(*jobs.KINDS, *tending.KINDS)
        navigation.register(ASK, MAP)
        navigation.register_tabs(MEANING)
        panels.register_module("embeddings.views.panels")

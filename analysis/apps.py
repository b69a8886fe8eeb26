"""Starts the analysis: its kinds of jobs, its filters, what it hears of the library and of jobs, its pages."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core import jobs as core_jobs
from core import navigation, panels
from core.navigation import SettingsTab

GOVERNING = SettingsTab("analysis", _("Analysis"), order=15, pages=("analysis_errors",))


class AnalysisConfig(AppConfig):
    name = "analysis"
    verbose_name = "Analysis"
    doctor_checks: ClassVar = {"analysis": "analysis.selectors.doctor.analysis"}

    def ready(self) -> None:
        # Models are there only now; a receiver is connected by being imported.
        from analysis import filters, jobs, receivers  # noqa: F401
        from analysis.services import maintenance
        from analysis.views import offers
        from library.filters import register_filters
        from library.selectors.offers import register_offers

        core_jobs.register(*jobs.KINDS, *maintenance.KINDS)
        register_filters(*filters.FILTERS, *filters.SORTS)
        register_offers(offers.OFFERS, words=offers.WORDS, typed=offers.TYPED, quiet=offers.QUIET)
        navigation.register_tabs(GOVERNING)
        panels.register_module("analysis.views.panels")

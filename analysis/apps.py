"""Starts the analysis: its kinds of jobs, its filters, what it hears of the library and of jobs."""

from typing import ClassVar

from django.apps import AppConfig

from core import jobs as core_jobs


class AnalysisConfig(AppConfig):
    name = "analysis"
    verbose_name = "Analysis"
    doctor_checks: ClassVar = {"analysis": "analysis.selectors.doctor.analysis"}

    def ready(self) -> None:
        # Models are there only now; a receiver is connected by being imported.
        from analysis import filters, jobs, receivers  # noqa: F401
        from analysis.services import maintenance
        from library.filters import register_filters

        core_jobs.register(*jobs.KINDS, *maintenance.KINDS)
        register_filters(*filters.FILTERS, *filters.SORTS)

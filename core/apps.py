"""Starts the foundation: its kinds of jobs, its checks, its metrics, its listener."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Foundation"

    def ready(self) -> None:
        # Models exist only now, so that what needs them cannot be imported above.
        from core import checks, jobs, maintenance, metrics
        from core.events import listener

        checks.register_checks()
        jobs.register(*maintenance.KINDS)
        metrics.register_collectors()
        listener.install()

"""Looks at every part of an installation and says what is wrong and what to do; works while parts are away."""

from collections.abc import Callable, Iterable

from django.apps import apps
from django.utils.module_loading import import_string

from core.doctor.findings import Finding, Level
from core.doctor.machine import clock, disk_space, home_folders, music_folder
from core.doctor.parts import control, last_backup, schedule, stored_secrets, web, worker_token, workers
from core.doctor.software import packages, python, system_checks
from core.doctor.stores import migrations, postgresql, queues, redis_server

__all__ = ["Finding", "Level", "examine"]

Check = Callable[[], Iterable[Finding]]
CHECKS: dict[str, Check] = {
    "Python": python,
    "packages": packages,
    "settings": system_checks,
    "PostgreSQL": postgresql,
    "migrations": migrations,
    "Redis": redis_server,
    "queues": queues,
    "web": web,
    "control": control,
    "workers": workers,
    "worker token": worker_token,
    "schedule": schedule,
    "secrets": stored_secrets,
    "backups": last_backup,
    "home": home_folders,
    "disk": disk_space,
    "music": music_folder,
    "clock": clock,
}


def examine() -> list[Finding]:
    """One finding or more of each check, ours and the apps'; a check that cannot be made says why."""
    checks = {**CHECKS, **_checks_of_apps()}
    return [finding for name, check in checks.items() for finding in _findings(name, check)]


def _checks_of_apps() -> dict[str, Check]:
    """What an AppConfig names in `doctor_checks`: a name, and where the function is."""
    declared = [getattr(app, "doctor_checks", {}) for app in apps.get_app_configs()]
    return {name: import_string(place) for checks in declared for name, place in checks.items()}


def _findings(name: str, check: Check) -> list[Finding]:
    try:
        return list(check())
    except Exception as error:  # whatever it is, the other parts are still looked at
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        return [Finding(name, Level.PROBLEM, f"could not be looked at: {reason}")]

"""What came of a job: its figures by the names that people know, with their units."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import Job
from core.templatetags.readings import done, duration, kind_of, megabytes, number, per_minute, unit

register = template.Library()
# Of every worker's job.
COMMON: dict[str, str | Promise] = {"memory_mb": _("Memory")}
# What they say is over when the job is, and stands beside its bar until then.
PASSING = {"item", "left_s", "rate_per_s"}


@register.filter
def figures(job: Job) -> list[tuple[str, str]]:
    """Names and values in the order of the kind, without those that say nothing."""
    kind = kind_of(job)
    names = {**(kind.figures if kind else {}), **COMMON}
    result = kind.result if kind else ""
    kept = [*(name for name in names if name in job.figures), *(name for name in job.figures if name not in names)]
    told = [name for name in kept if name not in PASSING and (job.figures[name] or name == result)]
    shown = [(name, figure_text(name, job.figures[name])) for name in told]
    return [(str(names.get(name, name.replace("_", " "))), text) for name, text in shown if text]


@register.filter
def amount(job: Job) -> str:
    """24 pieces, 1.2 GB; nothing for a job that has done nothing."""
    kind = kind_of(job)
    if kind and kind.result:
        name, value = kind.result, job.figures.get(kind.result)
    else:
        name, value = "", job.current
    text = figure_text(name, value) if value else ""
    return f"{text}\u00a0{unit(job)}" if text and not _has_unit(name) else text


@register.filter
def counted(job: Job) -> str:
    """24 of 24 pieces; nothing for a job of which that says nothing."""
    kind = kind_of(job)
    return f"{done(job)}\u00a0{unit(job)}" if done(job) and not (kind and kind.result) else ""


def figure_text(name: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    if isinstance(value, str):
        return value
    if name.endswith("_per_s"):
        return per_minute(value)
    if name.endswith("_s"):
        return duration(value)
    return megabytes(value) if _has_unit(name) else number(value)


def _has_unit(name: str) -> bool:
    return name.endswith(("_s", "mb"))

"""Numbers, times and jobs as a person reads them, in the reader's language."""

import json
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.errors import InvalidInput
from core.jobs import JobKind, kind_named
from core.models import Job

register = template.Library()
NARROW = "\u202f"
NBSP = "\u00a0"
NIGHT_ENDS = 6


@register.filter
def number(value: float | int | str | None) -> str:
    """12,048 or 12 048; whole numbers lose their empty decimals."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, float):
        value = int(value) if value.is_integer() or abs(value) >= 100 else round(value, 1)
    # Django groups French thousands with a wide space; typographers and browsers use the narrow one.
    return str(number_format(value, use_l10n=True, force_grouping=True)).replace(NBSP, NARROW)


@register.filter
def duration(seconds: float | int | timedelta | None) -> str:
    """6 s, 1 min 04, 2 h 08."""
    if seconds is None:
        return ""
    whole = max(0, round(seconds.total_seconds() if isinstance(seconds, timedelta) else float(seconds)))
    if whole < 60:
        return f"{whole}{NBSP}s"
    if whole < 3600:
        return f"{whole // 60}{NBSP}min{NBSP}{whole % 60:02}"
    return f"{number(whole // 3600)}{NBSP}h{NBSP}{whole % 3600 // 60:02}"


@register.filter
def time_left(seconds: float | int | str | None) -> str:
    """What is left, no finer than a minute once it is longer than one."""
    if not isinstance(seconds, int | float):
        return ""
    return f"{round(seconds / 60)}{NBSP}min" if 60 <= seconds < 3600 else duration(seconds)


@register.filter
def took(job: Job) -> str:
    """How long a job that has ended was at work."""
    if not job.finished_at or not job.started_at:
        return ""
    seconds = (job.finished_at - job.started_at).total_seconds()
    return f"<{NBSP}1{NBSP}s" if seconds < 1 else duration(seconds)


@register.filter
def done(job: Job) -> str:
    """4,412 of 11,920."""
    if not job.current and not job.total:
        return ""
    if job.total is None:
        return number(job.current)
    return _("%(done)s of %(total)s") % {"done": number(job.current), "total": number(job.total)}


@register.filter
def rate(job: Job) -> str:
    """612 files/min."""
    per_second = job.figures.get("rate_per_s")
    if not isinstance(per_second, int | float):
        return ""
    return _("%(rate)s %(unit)s/min") % {"rate": number(round(per_second * 60)), "unit": unit(job)}


def per_minute(per_second: float) -> str:
    return f"{number(round(per_second * 60))}/min"


@register.filter
def megabytes(value: float | int | str | None) -> str:
    if not isinstance(value, int | float):
        return ""
    if value < 0.1:
        return _("%(size)s kB") % {"size": number(round(value * 1000))}
    if value >= 1000:
        return _("%(size)s GB") % {"size": number(round(value / 1000, 1))}
    return _("%(size)s MB") % {"size": number(round(value, 1 if value < 10 else None))}


@register.filter
def gigabytes(megabytes: float) -> str:
    return number(round(megabytes / 1000, 1))


@register.filter
def moment(at: datetime | None) -> str:
    """Tonight, 03:00 · Tomorrow, 09:30 · Sunday, 06:00 · 4 December, 06:00."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localdate()
    days = (local.date() - today).days
    clock = date_format(local, "H:i")
    if days == 1 and local.hour < NIGHT_ENDS:
        return _("Tonight, %(time)s") % {"time": clock}
    if days == 0:
        return _("Today, %(time)s") % {"time": clock}
    if days == 1:
        return _("Tomorrow, %(time)s") % {"time": clock}
    if days == -1:
        return _("Yesterday, %(time)s") % {"time": clock}
    day = date_format(local, "l" if 0 < days < 7 else pgettext("day and month", "j F"))
    return _("%(day)s, %(time)s") % {"day": day[:1].upper() + day[1:], "time": clock}


@register.filter
def at_clock(at: datetime | None) -> str:
    """16:02 today, 20 Nov before."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    is_today = local.date() == timezone.localdate()
    return str(date_format(local, "H:i" if is_today else pgettext("short day and month", "j M")))


@register.filter
def title(job: Job) -> str | Promise:
    """The name of the job's kind; a kind whose app has gone still has its bare name."""
    kind = kind_of(job)
    return kind.title if kind else job.kind


@register.filter
def emblem(job: Job) -> str:
    """The icon of the job's kind, or a warning once it has failed."""
    kind = kind_of(job)
    return "warning" if job.state == Job.State.FAILED else kind.icon if kind else "activity"


@register.filter
def step(job: Job) -> str:
    """What it is doing, and to what: Composing · Small Weather."""
    kind = kind_of(job)
    parts = (str(kind.steps.get(job.step, job.step)) if kind else job.step, job.figures.get("item"))
    return " · ".join(str(part) for part in parts if part)


@register.filter
def steps(job: Job) -> str:
    """For the script that keeps the line current: how this kind of job calls its steps in the reader's language."""
    kind = kind_of(job)
    return json.dumps({name: str(words) for name, words in kind.steps.items()} if kind else {}, ensure_ascii=False)


@register.filter
def unit(job: Job) -> str:
    kind = kind_of(job)
    return str(kind.unit) if kind else ""


def kind_of(job: Job) -> JobKind | None:
    try:
        return kind_named(job.kind)
    except InvalidInput:
        return None

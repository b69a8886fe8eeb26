"""Reads of the foundation: jobs, tokens, people, settings."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.encryption import decrypt
from core.errors import InvalidInput, NotFound
from core.jobs import kind_named
from core.models import ApiToken, Invitation, Job, JobError, Setting, User
from core.schemas import ACTIVE_STATES, FINAL_STATES, JobOut, Scope
from core.tokens import digest

# Workers say hello twice a minute, and the use of a token is noted once a minute.
USED_WITHIN = timedelta(seconds=120)


def job_by_id(job_id: UUID) -> Job:
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFound("There is no such job.", hint="It may have been cleaned away; see the list of jobs.")
    return job


def jobs(*, state: str = "", kind: str = "") -> QuerySet[Job]:
    """All jobs, or those of one state ("active" and "finished" are groups of states) or kind."""
    rows = Job.objects.all()
    groups = {"active": ACTIVE_STATES, "finished": FINAL_STATES}
    if state:
        rows = rows.filter(state__in=groups.get(state, (state,)))
    return rows.filter(kind=kind) if kind else rows


def active_jobs() -> list[Job]:
    return list(jobs(state="active").order_by("queued_at", "id"))


def recent_jobs(limit: int) -> list[Job]:
    return list(jobs(state="finished").order_by("-queued_at", "-id")[:limit])


def job_errors(job: Job) -> QuerySet[JobError]:
    return JobError.objects.filter(job=job)


def recent_job_errors(limit: int) -> list[JobError]:
    return list(JobError.objects.select_related("job").order_by("-id")[:limit])


def job_out(job: Job) -> JobOut:
    """The job as the APIs show it, with its title in the reader's language."""
    return JobOut.model_validate({**_columns(job), "title": job_title(job), "percent": job.percent})


def _columns(job: Job) -> dict[str, object]:
    return {name: getattr(job, name) for name in JobOut.model_fields if name not in {"title", "percent"}}


def job_title(job: Job) -> str:
    """In the reader's language; a job of a kind that exists no more keeps its bare name."""
    try:
        return str(kind_named(job.kind).title)
    except InvalidInput:
        return job.kind


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Tokens that still open something; the owner sees everybody's, and those of nobody, such as the worker's."""
    return _seen_by(user, ApiToken.objects.filter(revoked_at=None))


def just_revoked_of(user: User, *, within: timedelta) -> QuerySet[ApiToken]:
    """Tokens whose revoking may still be taken back."""
    return _seen_by(user, ApiToken.objects.filter(revoked_at__gt=timezone.now() - within))


def _seen_by(user: User, tokens: QuerySet[ApiToken]) -> QuerySet[ApiToken]:
    rows = tokens.select_related("user").order_by("-created_at", "-id")
    return rows if user.is_superuser else rows.filter(user=user)


def workers_state() -> Literal["here", "away", "locked_out"]:
    """Whether anybody takes jobs, told by the tokens: one that was revoked a second ago counts no more."""
    rows = ApiToken.objects.filter(Q(user=None) | Q(user__is_superuser=True, user__is_active=True))
    used = list(rows.filter(scope=Scope.WORKER, revoked_at=None).values_list("last_used_at", "created_at"))
    if not used:
        return "locked_out"
    since = timezone.now() - USED_WITHIN
    return "here" if any((last or made) > since for last, made in used) else "away"


def owner_exists() -> bool:
    return User.objects.filter(is_superuser=True, is_active=True).exists()


def invitations_to_come() -> list[Invitation]:
    """Links that still make an account, the newest first; that of the first visit is the terminal's."""
    rows = Invitation.objects.filter(used_at=None, makes_owner=False, expires_at__gt=timezone.now())
    return list(rows.select_related("created_by").order_by("-created_at", "-id"))


def open_invitation(secret: str) -> Invitation:
    """The invitation behind a link, if it can still be used."""
    invitation = Invitation.objects.filter(digest=digest(secret), used_at=None).first()
    if invitation is None or invitation.expires_at < timezone.now():
        raise NotFound("This link was used already, or is too old.", hint="Ask for a new one.")
    return invitation


def setting(key: str, default: object = None) -> object:
    """A choice made in the web."""
    row = Setting.objects.filter(pk=key).first()
    return default if row is None else row.value


def secret_setting(key: str) -> str | None:
    """A secret entered in the web, decrypted."""
    row = Setting.objects.filter(pk=key).exclude(secret=None).first()
    return decrypt(bytes(row.secret)) if row and row.secret is not None else None

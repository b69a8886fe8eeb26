"""Tables of the foundation: people, their tokens and invitations, jobs with their errors, settings."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.schemas import ACTIVE_STATES


class TimestampedModel(models.Model):
    """When a row was made and last changed, under the names that the public documents use."""

    date_added = models.DateTimeField(auto_now_add=True)
    date_modified = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class User(AbstractUser):
    """Somebody who listens here; the owner is the superuser that the first visit creates."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As the system")
        DARK = "dark", _("Dark")
        LIGHT = "light", _("Light")

    class Language(models.TextChoices):
        SYSTEM = "", _("As the browser")
        ENGLISH = "en", "English"
        FRENCH = "fr", "Français"

    theme = models.CharField(max_length=5, blank=True, default="", choices=Theme)
    language = models.CharField(max_length=5, blank=True, default="", choices=Language)

    class Meta(AbstractUser.Meta):
        db_table = "users"
        constraints: ClassVar = [
            # Whoever reads "anna" must not wonder which of two it is.
            models.UniqueConstraint(Lower("username"), name="users_one_name")
        ]


class Invitation(models.Model):
    """A one-time link with which somebody makes an account; the first one makes the owner."""

    digest = models.CharField(max_length=64, unique=True)
    makes_owner = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "invitations"

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class ApiToken(models.Model):
    """A named key for a program; only its digest is kept, so that a stolen database opens nothing."""

    class Scope(models.TextChoices):
        WORKER = "worker", _("Worker: take jobs and deliver their results")
        READ = "read", _("Read: see everything, change nothing")
        WRITE = "write", _("Write: read, and change the library")
        ADMIN = "admin", _("Admin: everything")

    name = models.CharField(max_length=100)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="api_tokens"
    )
    scope = models.CharField(max_length=10, choices=Scope)
    digest = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(max_length=16)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "api_tokens"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(scope__in=["worker", "read", "write", "admin"]), name="api_tokens_known_scope"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.scope})"


class Job(models.Model):
    """A piece of work that takes time: asked for once, done once, seen live, kept as history."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=80)
    subject = models.CharField(max_length=200, blank=True, default="")
    queue = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    params = models.JSONField(default=dict, blank=True)
    checkpoint = models.JSONField(default=dict, blank=True)
    step = models.CharField(max_length=500, blank=True, default="")
    current = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    error_count = models.IntegerField(default=0)
    message = models.TextField(blank=True, default="")
    attempt = models.IntegerField(default=0)
    # Attempts that ended in death or a passing failure; being told to stop is neither.
    setbacks = models.IntegerField(default=0)
    worker = models.CharField(max_length=200, blank=True, default="")
    cancel_requested = models.BooleanField(default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    queued_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "jobs"
        indexes: ClassVar = [
            models.Index(fields=["-queued_at", "-id"], name="idx_jobs_queued_at"),
            models.Index(
                fields=["state", "queue", "queued_at"],
                name="idx_jobs_active",
                condition=Q(state__in=[state.value for state in ACTIVE_STATES]),
            ),
        ]
        constraints: ClassVar = [
            # One scan of a root, one backup, one demo library at a time: the database refuses the second.
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=[state.value for state in ACTIVE_STATES]),
                name="jobs_one_active_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed", "cancelled"]), name="jobs_known_state"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def percent(self) -> int:
        if self.state == self.State.DONE:
            return 100
        return min(100, self.current * 100 // self.total) if self.total else 0


class JobError(models.Model):
    """One thing that a job could not do, and why; the rest of the job went on."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="errors")
    item = models.TextField()
    item_digest = models.CharField(max_length=64)
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "job_errors"
        constraints: ClassVar = [
            # A report that arrives twice says the same thing once.
            models.UniqueConstraint(fields=["job", "item_digest"], name="job_errors_once_per_item")
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.reason}"


class Worker(models.Model):
    """A process that takes jobs, as it last described itself."""

    CONTROL = "control"

    name = models.CharField(max_length=200, primary_key=True)
    version = models.CharField(max_length=40, blank=True, default="")
    queues = models.JSONField(default=list, blank=True)
    memory_mb = models.IntegerField(null=True, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "workers"

    def __str__(self) -> str:
        return self.name


class Setting(models.Model):
    """A choice made in the web; secrets are encrypted before they come here."""

    key = models.CharField(max_length=100, primary_key=True)
    value = models.JSONField(null=True, blank=True)
    secret = models.BinaryField(null=True, blank=True)
    date_modified = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "settings"

    def __str__(self) -> str:
        return self.key

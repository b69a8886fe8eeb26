"""The foundation in the admin: people to look after, the rest to look at; no digest and no secret is ever shown."""

import json
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import PeriodicTask

from core.errors import SoniqueBayError
from core.forms import ScheduleEntryForm
from core.models import ApiToken, Invitation, Job, JobError, Setting, User
from core.services.jobs import start_job

# Django's admin classes are generic for the type checker only.
if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
    PeopleAdmin = UserAdmin[User]
    ErrorInline = admin.TabularInline[JobError, Job]
else:
    AnyAdmin, PeopleAdmin, ErrorInline = admin.ModelAdmin, UserAdmin, admin.TabularInline


class ReadOnly(AnyAdmin):
    """What services write is only looked at here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(PeopleAdmin):
    list_display = ("username", "is_superuser", "is_active", "last_login", "date_joined")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username",)
    filter_horizontal = ("groups", "user_permissions")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account is closed (is_active), never deleted: listens and playlists belong to it."""
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly):
    list_display = ("name", "scope", "user", "beginning", "created_at", "last_used_at", "revoked_at")
    list_filter = ("scope",)
    search_fields = ("name",)
    exclude = ("digest",)
    list_select_related: ClassVar = ["user"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ("id", "makes_owner", "created_by", "created_at", "expires_at", "used_at")
    exclude = ("digest",)
    list_select_related: ClassVar = ["created_by"]


class JobErrorInline(ErrorInline):
    model = JobError
    fields = readonly_fields = ("item", "reason", "at")
    max_num = 100
    can_delete = False
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        """The first hundred; a job's own page in the web has them all."""
        rows = super().get_queryset(request)
        job = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        return rows.filter(pk__in=rows.filter(job=job).order_by("id").values("pk")[:100]) if job else rows

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("kind", "subject", "state", "current", "total", "error_count", "queued_at", "finished_at")
    list_filter = ("state", "queue", "kind")
    search_fields = ("subject", "message")
    date_hierarchy = "queued_at"
    inlines: ClassVar = [JobErrorInline]


@admin.register(Setting)
class SettingAdmin(ReadOnly):
    list_display = ("key", "is_secret", "date_modified")
    search_fields = ("key",)
    fields = ("key", "value", "is_secret", "date_modified")

    @admin.display(boolean=True)
    def is_secret(self, row: Setting) -> bool:
        """Whether something is kept encrypted; what it is, nobody sees."""
        return row.secret is not None


admin.site.unregister(PeriodicTask)


@admin.register(PeriodicTask)
class ScheduleAdmin(PeriodicTaskAdmin):  # type: ignore[misc]  # django-celery-beat has no types
    """The schedule, with the kinds of jobs that apps declare in place of tasks that this process would have to know."""

    form = ScheduleEntryForm
    # The package's own writes a script into the page, which our content security policy refuses.
    change_form_template = None
    list_display = ("name", "task", "enabled", "scheduler", "last_run_at", "one_off")
    fieldsets = (
        (None, {"fields": ("name", "task", "kwargs", "enabled", "description")}),
        (None, {"fields": ("interval", "crontab", "crontab_translation", "solar", "clocked")}),
        (None, {"fields": ("start_time", "expires", "one_off", "last_run_at")}),
    )

    def crontab_translation(self, obj: PeriodicTask) -> str:
        return str(obj.crontab.human_readable) if obj and obj.crontab else "-"

    @admin.action(description=gettext_lazy("Run now"))
    def run_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        """Through our own queue: each becomes a job like every other."""
        for entry in queryset:
            self._run(request, entry)

    def _run(self, request: HttpRequest, entry: PeriodicTask) -> None:
        user = request.user if isinstance(request.user, User) else None
        try:
            start_job(kind=entry.task, params=json.loads(entry.kwargs or "{}"), requested_by=user)
        except (SoniqueBayError, ValueError) as error:
            self.message_user(request, f"{entry.name}: {error}", messages.ERROR)
        else:
            self.message_user(request, _("Started: %(title)s") % {"title": entry.name})

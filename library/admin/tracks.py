"""Tracks: correcting tags, one or many at once; what is missing, and what lies there twice."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.admin.editing import CurationAdmin
from library.models import Track
from library.selectors import curation

PAGE = 50


class Missing(admin.SimpleListFilter):
    title = gettext_lazy("file")
    parameter_name = "file"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("there", gettext_lazy("is there")),
            ("missing", gettext_lazy("is missing")),
            ("none", gettext_lazy("never had one")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        by = {"there": {"available": True}, "missing": {"missing_since__isnull": False}, "none": {"path__isnull": True}}
        return queryset.filter(**by[self.value() or ""]) if self.value() in by else queryset


@admin.register(Track)
class TrackAdmin(CurationAdmin):
    list_display = ("title", "artist_credit", "album", "track_number", "year", "available", "locked_fields")
    list_filter = (Missing, "root", "file_type")
    list_select_related = ("album",)
    search_fields = ("title", "artist_credit", "album__title", "path")
    fields = (
        "title", "artist_credit", "track_number", "track_position", "disc_number", "disc_position", "disc_subtitle",
        "year", "year_number", "recording_date", "original_date", "release_date", "isrc", "language", "comment",
        "musicbrainz_id", "genres", "path", "album", "audio_hash", "missing_since", "locked_fields",
    )  # fmt: skip
    readonly_fields = ("path", "album", "audio_hash", "missing_since", "locked_fields")
    autocomplete_fields = ("genres",)
    change_list_template = "admin/library/track_list.html"
    ordering = ("sort_title", "id")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [path("duplicates/", view(self.duplicates), name="library_track_duplicates"), *super().get_urls()]

    def duplicates(self, request: HttpRequest) -> HttpResponse:
        """The same audio under two paths; which file goes is decided where the files are."""
        after = request.GET.get("after", "")[:200].replace("\x00", "")
        groups = curation.duplicate_groups(after=after, size=PAGE)
        following = groups[-1][0] if len(groups) == PAGE else ""
        return self.page(request, "duplicates", _("The same audio twice"), groups=groups, following=following)

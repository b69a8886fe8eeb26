"""What is looked at, and corrections, which can be taken back."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.admin import AnyAdmin, ReadOnly
from core.errors import SoniqueBayError
from library.admin.editing import said
from library.models import ArtistSplit, Correction, Genre, LibraryRoot, ScanError
from library.services.curation.undoing import undo_correction


@admin.register(Correction)
class CorrectionAdmin(ReadOnly):
    list_display = ("kind", "title", "done_by", "done_at", "undone_at")
    list_filter = ("kind",)
    search_fields = ("title",)
    list_select_related: ClassVar = ["done_by"]
    fields = ("kind", "title", "done_by", "done_at", "undone_at")
    change_form_template = "admin/library/correction.html"

    def get_urls(self) -> list[URLPattern]:
        undo = self.admin_site.admin_view(require_POST(self.undo))
        return [path("<int:correction_id>/undo/", undo, name="library_correction_undo"), *super().get_urls()]

    def undo(self, request: HttpRequest, correction_id: int) -> HttpResponse:
        try:
            correction = undo_correction(correction_id=correction_id)
        except SoniqueBayError as error:
            said(request, error)
        else:
            self.message_user(request, _("Taken back: %(title)s") % {"title": correction.title})
        return HttpResponseRedirect(reverse("admin:library_correction_changelist"))


@admin.register(ArtistSplit)
class ArtistSplitAdmin(ReadOnly):
    list_display = ("name", "parts", "date_modified")
    search_fields = ("name",)


@admin.register(ScanError)
class ScanErrorAdmin(ReadOnly):
    list_display = ("path", "reason", "root", "seen_at")
    list_filter = ("root",)
    search_fields = ("path", "reason")
    list_select_related: ClassVar = ["root"]


@admin.register(LibraryRoot)
class LibraryRootAdmin(ReadOnly):
    list_display = ("name", "path", "enabled", "watched", "track_count", "last_scan_at")


@admin.register(Genre)
class GenreAdmin(AnyAdmin):
    """Looked up by the forms of tracks, albums and artists."""

    list_display = ("name",)
    search_fields = ("name", "name_key")
    ordering = ("name",)
    fields = ("name",)
    readonly_fields = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

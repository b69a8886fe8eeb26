"""What the pages of artists, albums and tracks have in common: edits go through the services, nothing is deleted."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.admin import AnyAdmin
from core.errors import SoniqueBayError
from library.services.curation.edits import edit_tags


class CurationAdmin(AnyAdmin):
    """A form whose changes are corrections: locked against scans, and taken back at will."""

    actions_on_bottom = True
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        if changes:
            edit_tags(model=self.model, ids=[obj.pk], changes=changes, user_id=request.user.pk)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Genres are written with the rest."""

    def page(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        """A page of ours in the admin's frame."""
        common = self.admin_site.each_context(request)
        given = {**common, "opts": self.model._meta, "title": title, **context}
        return TemplateResponse(request, f"admin/library/{template}.html", given)


def said(request: HttpRequest, error: SoniqueBayError) -> None:
    messages.error(request, f"{_(error.message)} {_(error.hint) if error.hint else ''}".strip())


def done(request: HttpRequest, text: str) -> None:
    taken_back = _("It can be taken back under “Corrections”.")
    messages.success(request, f"{text} {taken_back}")


def ids_in(text: str) -> list[int]:
    """Numbers in an address, the first hundred and one."""
    return [int(part) for part in text.split(",")[:101] if part.isascii() and part.isdecimal() and len(part) < 19]

"""Albums: merging what is one, taking apart what is two, choosing the picture."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import NotFound, SoniqueBayError
from library.admin.editing import CurationAdmin, done, ids_in, said
from library.models import Album, Cover, Track
from library.selectors import curation
from library.services.curation.albums import merge_albums, split_album
from library.services.curation.pictures import choose_cover


@admin.register(Album)
class AlbumAdmin(CurationAdmin):
    list_display = ("title", "artist_credit", "version", "year", "support", "tracks_total", "locked_fields")
    list_filter = ("support", "compilation")
    search_fields = ("title", "artist_credit", "musicbrainz_albumid")
    fields = (
        "title", "artist_credit", "version", "year", "original_year", "release_year", "compilation", "support",
        "release_type", "label", "catalog_number", "barcode", "musicbrainz_albumid", "genres", "locked_fields",
    )  # fmt: skip
    readonly_fields = ("locked_fields",)
    autocomplete_fields = ("genres",)
    actions = ("merge_chosen",)
    change_form_template = "admin/library/album_form.html"
    ordering = ("sort_title", "id")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(tracks_count=Count("tracks"))

    @admin.display(description=gettext_lazy("tracks"))
    def tracks_total(self, row: Any) -> int:
        return int(row.tracks_count)

    @admin.action(description=gettext_lazy("Merge into one…"))
    def merge_chosen(self, request: HttpRequest, chosen: "QuerySet[Album]") -> HttpResponse:
        ids = ",".join(str(pk) for pk in chosen.values_list("pk", flat=True)[:101])
        return HttpResponseRedirect(f"{reverse('admin:library_album_merge')}?{urlencode({'ids': ids})}")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("merge/", view(self.merge), name="library_album_merge"),
            path("<int:album_id>/split/", view(self.split), name="library_album_split"),
            path("<int:album_id>/covers/", view(self.covers), name="library_album_covers"),
            *super().get_urls(),
        ]

    def merge(self, request: HttpRequest) -> HttpResponse:
        ids = ids_in(request.GET.get("ids", ""))
        if request.method == "POST" and (kept := ids_in(request.POST.get("kept", ""))):
            try:
                album = merge_albums(kept_id=kept[0], gone_ids=ids, user_id=request.user.pk)
            except SoniqueBayError as error:
                said(request, error)
            else:
                done(request, _("They are all %(name)s now.") % {"name": album.title})
                return HttpResponseRedirect(reverse("admin:library_album_change", args=[album.pk]))
        return self.page(request, "merge_albums", _("Merge albums"), albums=curation.albums_to_merge(ids))

    def split(self, request: HttpRequest, album_id: int) -> HttpResponse:
        album = _album(album_id)
        if request.method == "POST":
            given = {"title": request.POST.get("title", ""), "version": request.POST.get("version", "")}
            chosen = ids_in(",".join(request.POST.getlist("track")[:1000]))
            try:
                fresh = split_album(album_id=album_id, track_ids=chosen, user_id=request.user.pk, **given)
            except SoniqueBayError as error:
                said(request, error)
            else:
                done(request, _("%(name)s is an album of its own now.") % {"name": fresh.title})
                return HttpResponseRedirect(reverse("admin:library_album_change", args=[fresh.pk]))
        tracks = Track.objects.filter(album=album).order_by("folder", "disc_position", "track_position", "pk")
        return self.page(request, "split_album", _("Split an album"), album=album, tracks=tracks)

    def covers(self, request: HttpRequest, album_id: int) -> HttpResponse:
        """Every picture that is known of it and of its tracks."""
        album = _album(album_id)
        if request.method == "POST":
            try:
                choose_cover(cover_id=(ids_in(request.POST.get("cover", "")) or [0])[0], user_id=request.user.pk)
            except SoniqueBayError as error:
                said(request, error)
            else:
                done(request, _("The picture is chosen."))
            return HttpResponseRedirect(request.get_full_path())
        rows = Cover.objects.filter(entity_type=Cover.Entity.ALBUM, entity_id=album_id, image__isnull=False)
        pictures = rows.select_related("image").order_by("-shown", "source")
        return self.page(request, "covers", _("Choose the picture"), album=album, covers=pictures)


def _album(album_id: int) -> Album:
    album = Album.objects.filter(pk=album_id).first()
    if album is None:
        raise NotFound("This album is not there any more.")
    return album

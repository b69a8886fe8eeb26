"""Artists: merging namesakes, taking names apart, and the workbench that tries a rule before it is applied."""

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
from library.models import Artist
from library.selectors import curation
from library.services.curation.artists import Part, keep_whole, merge_artists, split_artist

SHOWN = 50


@admin.register(Artist)
class ArtistAdmin(CurationAdmin):
    list_display = ("name", "tracks_total", "albums_total", "musicbrainz_artistid", "locked_fields")
    search_fields = ("name", "sort_name", "musicbrainz_artistid")
    fields = ("name", "sort_name", "musicbrainz_artistid", "genres", "locked_fields")
    readonly_fields = ("locked_fields",)
    autocomplete_fields = ("genres",)
    actions = ("merge_chosen",)
    change_form_template = "admin/library/artist_form.html"
    change_list_template = "admin/library/artist_list.html"
    ordering = ("sort_name", "id")

    def get_queryset(self, request: HttpRequest) -> Any:
        counts: dict[str, Any] = {
            "tracks_count": Count("track_credits__track", distinct=True),
            "albums_count": Count("album_credits", distinct=True),
        }
        return super().get_queryset(request).annotate(**counts)

    @admin.display(description=gettext_lazy("tracks"))
    def tracks_total(self, row: Any) -> int:
        return int(row.tracks_count)

    @admin.display(description=gettext_lazy("albums"))
    def albums_total(self, row: Any) -> int:
        return int(row.albums_count)

    @admin.action(description=gettext_lazy("Merge into one…"))
    def merge_chosen(self, request: HttpRequest, chosen: "QuerySet[Artist]") -> HttpResponse:
        ids = ",".join(str(pk) for pk in chosen.values_list("pk", flat=True)[:101])
        return HttpResponseRedirect(f"{reverse('admin:library_artist_merge')}?{urlencode({'ids': ids})}")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("merge/", self.admin_site.admin_view(self.merge), name="library_artist_merge"),
            path("workbench/", self.admin_site.admin_view(self.workbench), name="library_artist_workbench"),
            path("namesakes/", self.admin_site.admin_view(self.namesakes), name="library_artist_namesakes"),
            path("<int:artist_id>/split/", self.admin_site.admin_view(self.split), name="library_artist_split"),
        ]
        return [*own, *super().get_urls()]

    def merge(self, request: HttpRequest) -> HttpResponse:
        """What each of them has, and which one stays."""
        ids = ids_in(request.GET.get("ids", ""))
        if request.method == "POST" and (kept := ids_in(request.POST.get("kept", ""))):
            try:
                artist = merge_artists(kept_id=kept[0], gone_ids=ids, user_id=request.user.pk)
            except SoniqueBayError as error:
                said(request, error)
            else:
                done(request, _("They are all %(name)s now.") % {"name": artist.name})
                return HttpResponseRedirect(reverse("admin:library_artist_change", args=[artist.pk]))
        found = curation.artists_to_merge(ids)
        return self.page(request, "merge_artists", _("Merge artists"), artists=found)

    def split(self, request: HttpRequest, artist_id: int) -> HttpResponse:
        """Which tracks it would touch, and whose they would be."""
        artist = Artist.objects.filter(pk=artist_id).first()
        if artist is None:
            raise NotFound("This artist is not there any more.")
        if request.method == "POST":
            names, joins = request.POST.getlist("name"), request.POST.getlist("join")
            parts = [Part(name, join) for name, join in zip(names, joins, strict=False)]
            try:
                people = split_artist(artist_id=artist_id, parts=parts, user_id=request.user.pk)
            except SoniqueBayError as error:
                said(request, error)
            else:
                done(request, _("%(name)s is several artists now.") % {"name": artist.name})
                return HttpResponseRedirect(reverse("admin:library_artist_change", args=[people[0].pk]))
        tracks = curation.tracks_credited_to(artist_id)
        parts_shown = [*curation.parts_of(artist.name, curation.SEPARATORS), ("", ""), ("", "")]
        context = {"artist": artist, "tracks": tracks[:SHOWN], "total": tracks.count(), "parts": parts_shown}
        return self.page(request, "split_artist", _("Split an artist"), **context)

    def workbench(self, request: HttpRequest) -> HttpResponse:
        """A rule, the names that it would take apart, and the word of a person on each."""
        chosen = [text for text in request.GET.getlist("at") if text in curation.SEPARATORS]
        if request.method == "POST":
            self._apply(request, chosen)
            return HttpResponseRedirect(request.get_full_path())
        found = curation.splittings(chosen)
        touched = sum(splitting.tracks for splitting in found)
        context = {"separators": curation.SEPARATORS, "chosen": chosen, "found": found, "touched": touched}
        return self.page(request, "workbench", _("Names that may be several artists"), **context)

    def _apply(self, request: HttpRequest, separators: list[str]) -> None:
        """What stands in the forms is looked at anew: names may have changed since the page was made."""
        apart, whole = set(request.POST.getlist("apart")), set(request.POST.getlist("whole"))
        number = 0
        for splitting in curation.splittings(separators):
            key = str(splitting.artist.pk)
            try:
                if key in apart:
                    parts = [Part(name, join) for name, join in splitting.parts]
                    split_artist(artist_id=splitting.artist.pk, parts=parts, user_id=request.user.pk)
                elif key in whole:
                    keep_whole(name=splitting.artist.name, user_id=request.user.pk)
                else:
                    continue
                number += 1
            except SoniqueBayError as error:
                said(request, error)
        done(request, _("%(number)s names are settled.") % {"number": number})

    def namesakes(self, request: HttpRequest) -> HttpResponse:
        """Names that differ in case, accents or punctuation alone."""
        return self.page(request, "namesakes", _("Nearly the same name"), groups=curation.namesakes())

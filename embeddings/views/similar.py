"""Similar tracks with reasons and sliders, on a track's page and on a page of their own; similar artists."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.views.listener import listener_of
from embeddings.engine.recommending.facts import Weights
from embeddings.selectors.artists import similar_artists
from embeddings.selectors.recommending import similar_tracks
from embeddings.selectors.words import sentence
from embeddings.views.addresses import sliders_of, weights_asked
from embeddings.views.rows import rows_of, thing_of
from library.models import Artist, Track
from library.selectors.artists import artist_rows
from library.selectors.pictures import give_covers
from library.selectors.tracks import track_by_id

FRAGMENT = "similar"
ON_PAGE, ALONE = 6, 24
ARTISTS = 8


def similar_panel(request: HttpRequest, track: Track) -> Mapping[str, Any] | None:
    """For the page of a track; nothing while nothing can be compared with it."""
    context = _context(request, track, Weights(), ON_PAGE)
    return context if context["rows"] else None


@require_safe
def similar(request: HttpRequest, track_id: int) -> HttpResponse:
    """The list alone for the page that shows it, else a page of its own."""
    track = track_by_id(track_id)
    weights = weights_asked(request, Weights())
    if request.headers.get("HX-Target") == FRAGMENT:
        return render(request, "embeddings/_similar.html", _context(request, track, weights, ON_PAGE))
    return render(request, "embeddings/similar.html", {**_context(request, track, weights, ALONE), "is_alone": True})


def _context(request: HttpRequest, track: Track, weights: Weights, limit: int) -> dict[str, Any]:
    user = listener_of(request)
    rows = rows_of(similar_tracks(user_id=user.pk, track_id=track.pk, weights=weights, limit=limit))
    return {"track": track, "rows": rows, "thing": thing_of(rows), "sliders": sliders_of(weights)}


def artists_panel(request: HttpRequest, artist: Artist) -> Mapping[str, Any] | None:
    """Similar artists here, for the page of one."""
    found = similar_artists(artist_id=artist.pk, limit=ARTISTS)
    if not found:
        return None
    rows = {row.pk: row for row in artist_rows().filter(pk__in=[one.track_id for one in found])}
    give_covers("artists", list(rows.values()))
    return {"artists": [(rows[one.track_id], sentence(one.reasons)) for one in found if one.track_id in rows]}

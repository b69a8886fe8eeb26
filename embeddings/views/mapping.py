"""The map's page: a sea chart drawn by a script, with a table of its regions for whoever does not see it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import Conflict
from core.views.listener import identity_of_page, listener_of
from embeddings.selectors.mapping import map_points, map_regions, mapped_count
from embeddings.selectors.recommending import Recommended
from embeddings.services.mapping import draw_map
from embeddings.views.rows import rows_of
from embeddings.views.ways import MOOD_NAMES


@require_safe
def chart(request: HttpRequest) -> HttpResponse:
    points = map_points()
    context = {
        "count": points.count,
        "possible": mapped_count() if not points.count else 0,
        "regions": map_regions(),
        "moods": [MOOD_NAMES[name] for name in points.legend.moods],
        "may_draw": identity_of_page(request).allows("write"),
    }
    return render(request, "embeddings/map.html", context)


@require_safe
def card(request: HttpRequest, track_id: int) -> HttpResponse:
    """What is shown of the point under the hand."""
    found = rows_of([Recommended(track_id, None)])
    return render(request, "embeddings/_card.html", {"row": found[0] if found else None})


@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Anew, at a person's wish."""
    identity_of_page(request).require("write")
    try:
        draw_map(anew=True, requested_by=listener_of(request))
    except Conflict:
        messages.info(request, _("It is being drawn already."))
    else:
        messages.success(request, _("The map is being drawn anew; what is shown stays until then."))
    return redirect("map")

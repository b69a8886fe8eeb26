"""Search: results while typing, grouped, with facets; each group has a page of its own that goes on."""

from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from pydantic import ValidationError

from core.errors import InvalidInput
from library.models import Album
from library.schemas.search import FacetValue, Group, SearchFilters
from library.selectors.offers import OFFERS, named
from library.selectors.search.results import search as found_by
from library.selectors.search.results import search_group
from library.views.listing import Choice

FACETS = ("artist", "genre", "decade", "support")
LONGEST = 200
FIRST = 12
PAGE = 40
MOST_VALUES = 8
Facet = tuple[str, list[tuple[Choice, int]]]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST]
    asked = {name: value for name in FACETS if (value := request.GET.get(name))}
    group = request.GET.get("in", "")
    context: dict[str, Any] = {"query": query, "asked": asked, "all_url": _url(query, {}), "lyrics_only": ["lyrics"]}
    if group in get_args(Group):
        return _one_group(request, query, asked, group, context)  # type: ignore[arg-type]
    found = found_by(query, _filters(asked), FIRST)
    sought = bool(found.artists.count or found.albums.count or found.tracks.count or found.genres.count)
    context |= {
        "found": found,
        "has_found": sought,
        "groups": {name: _url(query, {**asked, "in": name}) for name in get_args(Group)},
        "facets": _facets(query, asked, found.facets.model_dump()),
        "on": [Choice(_label(name, value), _url(query, _without(asked, name)), True) for name, value in asked.items()],
        "offers": [] if query.strip() else OFFERS["genre"]()[:24],
    }
    fragment = request.headers.get("HX-Target") == "results"
    return render(request, "library/_results.html" if fragment else "library/search.html", context)


def _one_group(
    request: HttpRequest, query: str, asked: dict[str, str], group: Group, context: dict[str, Any]
) -> HttpResponse:
    page = search_group(query, group, _filters(asked), request.GET.get("cursor"), PAGE)
    following = _url(query, {**asked, "in": group, "cursor": page.next_cursor}) if page.next_cursor else ""
    context |= {
        "group": group,
        "items": page.items,
        "next": following,
        "count": page.count,
        "back_url": _url(query, asked),
    }
    fragment = request.headers.get("HX-Target") == "more"
    return render(request, "library/_group_rows.html" if fragment else "library/search_group.html", context)


def _filters(asked: dict[str, str]) -> SearchFilters:
    try:
        return SearchFilters.model_validate(asked)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise InvalidInput(_("This cannot narrow a search."), hint=_("Search without it."), field=name) from None


def _url(query: str, more: Mapping[str, str | None]) -> str:
    return "?" + urlencode({"q": query, **{name: value for name, value in more.items() if value}})


def _without(asked: Mapping[str, str], name: str) -> dict[str, str]:
    return {other: value for other, value in asked.items() if other != name}


def _facets(query: str, asked: dict[str, str], found: dict[str, list[dict[str, Any]]]) -> list[Facet]:
    """Where it can be narrowed further; a facet that is chosen already stands above."""
    titles = {"genre": _("Genres"), "artist": _("Artists"), "decade": _("Decades"), "support": _("Supports")}
    shown: list[Facet] = []
    for name, title in titles.items():
        values = [FacetValue.model_validate(value) for value in found[name][:MOST_VALUES]]
        if name in asked or len(values) < 2:
            continue
        chosen = [(Choice(_label(name, v.key, v.label), _url(query, {**asked, name: v.key})), v.count) for v in values]
        shown.append((title, chosen))
    return shown


def _label(name: str, key: str, label: str = "") -> str:
    if name == "decade":
        return _("%(decade)ss") % {"decade": key}
    if name == "support":
        return str(dict(Album.Support.choices).get(key, key))
    return label or named(name, key) or key

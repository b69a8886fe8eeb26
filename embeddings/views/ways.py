"""Ways through music: a radio, a path from one track to another, the harmonic mixer."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, get_args

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_safe

from analysis.views.drawings.wheel import wheel_of_way
from core.errors import InvalidInput, NotFound
from core.templatetags.readings import number
from core.views.listener import listener_of
from embeddings.engine.recommending.harmony import steps_between, tempo_apart
from embeddings.engine.recommending.orders import MOST, Arc
from embeddings.selectors.radio import Seed, moods_on_offer, radio, seed_name
from embeddings.selectors.recommending import LEAST_STEPS, MOST_STEPS, Recommended, ordered, path_between
from embeddings.views.addresses import address, found_tracks, number_asked, numbers_asked
from embeddings.views.drawings import energy_curve
from embeddings.views.rows import Row, length_of, rows_of, thing_of
from library.models import Track

A_TURN = 20
MOST_HEARD = 200
STEPS = 8
MOOD_NAMES = {
    "happy": gettext_lazy("happy"),
    "aggressive": gettext_lazy("aggressive"),
    "party": gettext_lazy("for a party"),
    "relaxed": gettext_lazy("relaxed"),
    "calm": gettext_lazy("calm"),
    "energetic": gettext_lazy("energetic"),
    "sad": gettext_lazy("sad"),
    "dancing": gettext_lazy("for dancing"),
}
ORDERS = {
    "harmonic": gettext_lazy("From key to key"),
    "rise": gettext_lazy("Rising"),
    "fall": gettext_lazy("Falling"),
    "wave": gettext_lazy("In waves"),
    "level": gettext_lazy("Level"),
    "given": gettext_lazy("As it is"),
}


# --- radio ------------------------------------------------------------------------------------------------------------


@require_safe
def radio_page(request: HttpRequest) -> HttpResponse:
    """Without a beginning it offers some."""
    asked = request.GET.get("from", "")
    moods = [(MOOD_NAMES[name], address(reverse("radio"), **{"from": f"mood:{name}"})) for name in moods_on_offer()]
    if not asked:
        return render(request, "embeddings/radio.html", {"moods": moods})
    seed = Seed.parsed(asked)
    heard = numbers_asked(request, "after", MOST_HEARD)
    rows = rows_of(radio(user_id=listener_of(request).pk, seed=seed, heard=heard, limit=A_TURN))
    context = {
        "moods": moods,
        "seed": seed,
        "name": _named(seed),
        "rows": rows,
        "thing": thing_of(rows),
        "length_ms": length_of(rows),
        "onwards": address(reverse("radio"), **{"from": seed, "after": (heard + [row.track.pk for row in rows])[-60:]}),
    }
    return render(request, "embeddings/radio.html", context)


def _named(seed: Seed) -> str:
    if seed.kind == "mood":
        return str(MOOD_NAMES.get(seed.value, seed.value))
    return seed_name(seed) or pgettext("a track", "Untitled")


# --- from one to another ----------------------------------------------------------------------------------------------


@require_safe
def path_page(request: HttpRequest) -> HttpResponse:
    """Two ends are chosen, one after the other; then the way between them is shown."""
    ends = {name: number_asked(request, name) for name in ("from", "to")}
    steps = _steps(request)
    found: list[Recommended] = []
    if ends["from"] and ends["to"]:
        found = path_between(user_id=listener_of(request).pk, start=ends["from"], end=ends["to"], steps=steps)
    query = request.GET.get("q", "")
    missing = next((name for name, one in ends.items() if one is None), "")
    context = {
        "ends": {name: _track(one) for name, one in ends.items()},
        "steps": steps,
        "least": LEAST_STEPS,
        "most": MOST_STEPS,
        "query": query,
        "missing": missing,
        "kept": [*ends.items(), ("steps", steps)],
        "hits": _offers(query, lambda pk: address(request.path, **{**ends, missing: pk, "steps": steps})),
        "clear": {name: address(request.path, **{**ends, name: None, "steps": steps}) for name in ends},
        "mixer_url": address(reverse("mixer"), tracks=[one.track_id for one in found]) if found else "",
        **_line(found),
    }
    return render(request, "embeddings/path.html", context)


@require_safe
def path_on_map(request: HttpRequest) -> HttpResponse:
    """For the margin of the map."""
    start, end = number_asked(request, "from"), number_asked(request, "to")
    if start is None or end is None:
        raise InvalidInput("A path leads from one track to another.", field="to")
    found = path_between(user_id=listener_of(request).pk, start=start, end=end, steps=_steps(request))
    return render(request, "embeddings/_route.html", _line(found))


def _steps(request: HttpRequest) -> int:
    steps = number_asked(request, "steps") or STEPS
    return max(LEAST_STEPS, min(MOST_STEPS, steps))


def _track(track_id: int | None) -> Track | None:
    if track_id is None:
        return None
    found = Track.objects.filter(pk=track_id).first()
    if found is None:
        raise NotFound("There is no such track.")
    return found


def _offers(query: str, url: Any) -> list[tuple[Any, str]]:
    return [(hit, url(hit.id)) for hit in found_tracks(query)]


# --- the mixer --------------------------------------------------------------------------------------------------------


@require_safe
def mixer(request: HttpRequest) -> HttpResponse:
    """A handful of tracks, or an album, in an order that can be listened to."""
    tracks = numbers_asked(request, "tracks", MOST)
    album = number_asked(request, "album")
    if album and not tracks:
        rows = Track.objects.filter(album=album, available=True).order_by("disc_position", "track_position", "pk")
        tracks = list(rows.values_list("pk", flat=True)[:MOST])
    order = request.GET.get("order", "harmonic")
    if order not in ORDERS:
        raise InvalidInput("This is no order.", field="order")
    ends = {name: one if (one := number_asked(request, name)) in tracks else None for name in ("start", "end")}
    found = _ordered(listener_of(request).pk, tracks, order, ends)
    kept = {"order": order, **ends}
    query = request.GET.get("q", "")
    context = {
        "tracks": tracks,
        "order": order,
        "orders": [(name, label, name == order) for name, label in ORDERS.items()],
        "ends": ends,
        "query": query,
        "kept": [("tracks", ",".join(map(str, tracks))), *kept.items()],
        "hits": _offers(query, lambda pk: address(request.path, tracks=[*tracks, pk], **kept)),
        "without": {pk: address(request.path, tracks=[one for one in tracks if one != pk], **kept) for pk in tracks},
        **_line(found),
    }
    return render(request, "embeddings/mixer.html", context)


def _ordered(user_id: int, tracks: Sequence[int], order: str, ends: Mapping[str, int | None]) -> list[Recommended]:
    if not tracks:
        return []
    if order == "given":
        return [Recommended(pk, None) for pk in tracks]
    start, end = ends["start"], ends["end"]
    end = None if end == start else end
    if order == "harmonic":
        return ordered(user_id=user_id, track_ids=tracks, start=start, end=end)
    arc: Arc = next(one for one in get_args(Arc) if one == order)
    return ordered(user_id=user_id, track_ids=tracks, order="energy", arc=arc, start=start, end=end)


# --- what both show ---------------------------------------------------------------------------------------------------


def _line(found: Sequence[Recommended]) -> dict[str, Any]:
    """The list with its way round the wheel and its curve of energy."""
    rows = rows_of(found)
    energies = _energies([row.track.pk for row in rows])
    keys = [row.camelot for row in rows if row.camelot]
    return {
        "rows": rows,
        "last": rows[-1] if rows else None,
        "thing": thing_of(rows),
        "length_ms": length_of(rows),
        "wheel": _wheel(keys),
        "curve": energy_curve(
            [energies.get(row.track.pk) for row in rows], _("How energy goes from the first to the last")
        ),
        "smooth": _smoothness(rows),
    }


def _energies(track_ids: Sequence[int]) -> dict[int, float | None]:
    rows = Track.objects.filter(pk__in=track_ids).values_list("pk", "audio_features__energy")
    return dict(rows)


def _wheel(keys: Sequence[str]) -> SafeString:
    if len(keys) < 2:
        return SafeString("")
    label = _("Way round the Camelot wheel: %(keys)s") % {"keys": ", ".join(keys)}
    places = len(set(keys))
    return wheel_of_way(keys, label=label, middle=(number(places), ngettext("key", "keys", places)))


def _smoothness(rows: Sequence[Row]) -> str:
    """What can be said of the whole: how far it moves in tempo and key from each to the next."""
    pairs = list(pairwise(rows))
    tempi = [abs(apart[0]) for one, other in pairs if (apart := tempo_apart(one.bpm, other.bpm))]
    keys = [steps for one, other in pairs if (steps := steps_between(one.camelot, other.camelot)) is not None]
    said = []
    if tempi:
        percent = number(round(sum(tempi) / len(tempi), 1))
        said.append(_("changes tempo by %(percent)s %% a step") % {"percent": percent})
    if keys:
        near = sum(steps <= 1 for steps in keys)
        said.append(
            _("changes key only to a neighbour")
            if near == len(keys)
            else _("%(near)s of %(all)s changes of key are to a neighbour")
            % {"near": number(near), "all": number(len(keys))}
        )
    text = ", ".join(said)
    return text[:1].upper() + text[1:] + ("." if text else "")

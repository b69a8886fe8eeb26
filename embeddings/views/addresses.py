"""What an address asks of recommending: weights, numbers of tracks, a search for one more."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from embeddings.engine.recommending.facts import WEIGHTS, Weights
from library.schemas.search import TrackHit, TrackHits
from library.selectors.search.results import search_group

FULL = 100
NAMES: dict[str, str | Promise] = {
    "sound": _("Sound"),
    "meaning": _("Meaning"),
    "harmony": _("Harmony"),
    "tempo": _("Tempo"),
    "novelty": _("Novelty"),
    "familiarity": _("Familiarity"),
}
FOUND = 8


@dataclass(frozen=True)
class Slider:
    """One weight as it stands."""

    name: str
    label: str | Promise
    value: int


def weights_asked(request: HttpRequest, usual: Weights) -> Weights:
    """Given in percent."""
    given = {name: number for name in WEIGHTS if (number := _percent(request.GET.get(name, ""), name)) is not None}
    return Weights(**{**{name: getattr(usual, name) for name in WEIGHTS}, **given})


def _percent(text: str, name: str) -> float | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= FULL):
        raise InvalidInput("A weight is a whole number from 0 to 100.", field=name)
    return int(text) / FULL


def sliders_of(weights: Weights) -> list[Slider]:
    return [Slider(name, NAMES[name], round(FULL * getattr(weights, name))) for name in NAMES]


def numbers_asked(request: HttpRequest, name: str, most: int) -> list[int]:
    """Of tracks, with commas between them or given several times; each once."""
    parts = [part.strip() for text in request.GET.getlist(name) for part in text.split(",") if part.strip()]
    return [_number(part, name) for part in dict.fromkeys(parts)][:most]


def number_asked(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "").strip()
    return _number(text, name) if text else None


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidInput("This is no number of a track.", field=name)
    return int(text)


def found_tracks(query: str) -> list[TrackHit]:
    """What somebody who looks for a track may mean."""
    if not query.strip():
        return []
    found = search_group(query[:200], "tracks", size=FOUND)
    return list(found.items) if isinstance(found, TrackHits) else []


def address(path: str, **given: object) -> str:
    """Without what is empty."""
    kept = {name: _said(value) for name, value in given.items() if value not in (None, "", [])}
    return f"{path}?{urlencode(kept, safe=':,')}" if kept else path


def _said(value: object) -> str:
    return (
        ",".join(str(one) for one in value)
        if isinstance(value, Sequence) and not isinstance(value, str)
        else str(value)
    )

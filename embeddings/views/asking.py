"""The page of questions: what was understood as chips to be taken away, and the tracks that answer, with why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe
from pydantic import ValidationError

from core.errors import InvalidInput
from core.views.listener import listener_of
from embeddings.schemas.asking import LONGEST, AskOut, ChipOut
from library.schemas.search import SearchFilters

PAGE = 50
MOST_TAKEN_AWAY = 40
# What a chip is about, where its words alone do not say it.
KINDS = {
    "genre": pgettext_lazy("kind of wish", "genre"),
    "mood": pgettext_lazy("kind of wish", "mood"),
    "instrument": pgettext_lazy("kind of wish", "instrument"),
    "vocals": pgettext_lazy("kind of wish", "voice"),
    "decade": pgettext_lazy("kind of wish", "time"),
    "years": pgettext_lazy("kind of wish", "time"),
    "tempo": pgettext_lazy("kind of wish", "speed"),
    "energy": pgettext_lazy("kind of wish", "strength"),
    "key": pgettext_lazy("kind of wish", "key"),
    "language": pgettext_lazy("kind of wish", "language"),
    "region": pgettext_lazy("kind of wish", "place"),
    "use": pgettext_lazy("kind of wish", "for"),
    "length": pgettext_lazy("kind of wish", "length"),
    "artist_like": pgettext_lazy("kind of wish", "like"),
    "track_like": pgettext_lazy("kind of wish", "like"),
    "than": pgettext_lazy("kind of wish", "compared"),
}
FACETS = {"genre": _("Genre"), "decade": _("Decade"), "artist": _("Artist")}
EXAMPLES = (
    _("calm piano for the evening"),
    _("energetic eighties rock, without keyboards"),
    _("like Miles Davis but calmer"),
    _("slow songs in French by women"),
)


@require_safe
def asking(request: HttpRequest) -> HttpResponse:
    # What knows music and words is large, and loaded with the first question.
    from embeddings.selectors.asking import ask

    user = listener_of(request)
    text = request.GET.get("q", "")[:LONGEST]
    without = request.GET.getlist("without")[:MOST_TAKEN_AWAY]
    narrowed = {name: value for name in FACETS if (value := request.GET.get(name))}
    context: dict[str, Any] = {"query": text, "found": None, "examples": [_example(str(one)) for one in EXAMPLES]}
    if text.strip():
        filters = _filters(narrowed)
        cursor = request.GET.get("cursor")
        found = ask(user, text, without=without, filters=filters, limit=PAGE, cursor=cursor)
        context |= {"found": found, **_shown(Address(found.query, tuple(found.without), narrowed), found)}
    fragment = request.headers.get("HX-Target") == "answers"
    return render(request, "embeddings/_answers.html" if fragment else "embeddings/ask.html", context)


def _filters(narrowed: dict[str, str]) -> SearchFilters:
    try:
        return SearchFilters.model_validate(narrowed)
    except ValidationError:
        raise InvalidInput(str(_("This filter is not one of ours."))) from None


@dataclass(frozen=True)
class Address:
    """Where a question stands, and where each of its chips leads."""

    query: str
    without: tuple[str, ...]
    narrowed: Mapping[str, str]

    def __str__(self) -> str:
        asked = [("q", self.query), *(("without", one) for one in self.without), *self.narrowed.items()]
        return f"{reverse('ask')}?{urlencode(asked)}"

    def less(self, chip: str) -> str:
        return str(replace(self, without=(*self.without, chip)))

    def more(self, chip: str) -> str:
        return str(replace(self, without=tuple(one for one in self.without if one != chip)))

    def narrower(self, name: str, value: str) -> str:
        return str(replace(self, narrowed={**self.narrowed, name: value}))

    def wider(self, name: str) -> str:
        return str(replace(self, narrowed={one: value for one, value in self.narrowed.items() if one != name}))


def _shown(here: Address, found: AskOut) -> dict[str, Any]:
    known = {name: getattr(found.facets, name) for name in FACETS}
    labels = {name: {value.key: value.label for value in values} for name, values in known.items()}
    return {
        "chips": [_chip(chip, here) for chip in found.chips],
        "back": [(one.partition(":")[2], here.more(one)) for one in found.without],
        "on": [(labels[name].get(value, value), here.wider(name)) for name, value in here.narrowed.items()],
        "next": f"{here}&{urlencode({'cursor': found.next_cursor})}" if found.next_cursor else "",
        "facets": [
            (title, [(value.label, value.count, here.narrower(name, value.key)) for value in known[name]])
            for name, title in FACETS.items()
            if known[name] and name not in here.narrowed
        ],
    }


def _chip(chip: ChipOut, here: Address) -> dict[str, Any]:
    return {
        "label": f"− {chip.text}" if chip.negated else chip.text,
        "kind": KINDS.get(chip.kind, chip.kind),
        "value": "" if chip.value.casefold() == chip.text.casefold() else chip.value,
        "proposed": chip.proposed,
        "url": here.less(chip.id),
    }


def _example(text: str) -> tuple[str, str]:
    return text, f"{reverse('ask')}?{urlencode({'q': text})}"

"""Which track of the library a request names, as in "like Jolene but happier"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from embeddings.engine.facts import read_facts
from embeddings.engine.grammar.asked import Liked
from embeddings.engine.grammar.profile import profile_of
from embeddings.engine.ontology.songs import title_key
from embeddings.engine.ontology.spelling import phrase
from embeddings.selectors.facts import facts_of
from library.engine.asked import understood
from library.engine.words import name_of
from library.models import SearchDocument
from library.selectors.search.ranking import LAST_LETTER
from library.selectors.search.vocabulary import what_was_meant

MOST_TRACKS = 60
# "Zombie by Fela", "Zombie de Fela".
BY = re.compile(r"\s+(?:by|from|de|du|par|d[’'])\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Title:
    """What may be one: some words of a phrase, and those that may say whose it is."""

    place: int
    """of the phrase"""
    said: str
    by: str = ""

    @property
    def size(self) -> int:
        return len(phrase(self.said)) + len(phrase(self.by))


def named_track(phrases: Sequence[str]) -> tuple[int, Liked] | None:
    """Of some phrases the one that names a track here with most of its words; misspelt, if none else does."""
    titles = [title for place, one in enumerate(phrases) for title in _titles(place, one)]
    return _best(titles) or _best(_corrected(titles))


def _titles(place: int, said: str) -> Iterator[Title]:
    yield Title(place, said)
    yield from (Title(place, said[: by.start()], said[by.end() :]) for by in BY.finditer(said))
    words = said.split()
    for at in range(1, len(words)):
        first, last = " ".join(words[:at]), " ".join(words[at:])
        yield from (Title(place, first, last), Title(place, last, first))


def _best(titles: Sequence[Title]) -> tuple[int, Liked] | None:
    found = _tracks({name for title in titles if (name := name_of(title.said))})
    fitting = [
        (title.size, -pk, title.place)
        for title in titles
        for pk, facts in found.items()
        if phrase(title.said) == title_key(facts["title"])
        and set(phrase(title.by)) <= set(phrase(facts["artist"] or ""))
    ]
    if not fitting:
        return None
    _size, number, place = max(fitting)
    facts = read_facts(found[-number])
    return place, Liked(f"{facts.artist} – {facts.title}", -number, facts, profile_of(facts))


def _tracks(names: set[str]) -> dict[int, dict[str, Any]]:
    """That bear one of the names, or one of several words and what a version adds to it."""
    named = Q(title__in=names)
    for name in names:
        if " " in name:
            named |= Q(title__gt=f"{name} ", title__lt=f"{name} {LAST_LETTER}")
    numbers = SearchDocument.objects.filter(named).order_by("title", "track_id").values_list("track_id", flat=True)
    return facts_of(list(numbers[:MOST_TRACKS])) if names else {}


def _corrected(titles: Iterable[Title]) -> list[Title]:
    """The same in words of the library that lie a slip away."""
    whole = max((title for title in titles if not title.by), key=lambda title: len(title.said), default=None)
    asked = understood(whole.said) if whole else None
    meant = what_was_meant(asked) if asked else None
    if asked is None or meant is None:
        return []
    instead = {asked.wanted[place].word: " ".join(ways[0]) for place, ways in meant.others.items()}

    def put(text: str) -> str:
        return " ".join(instead.get(word, word) for word in phrase(text))

    return [replace(title, said=put(title.said), by=put(title.by)) for title in titles]

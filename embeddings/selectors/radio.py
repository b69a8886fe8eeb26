"""Radio without an end: it begins with something, follows what was heard, and never plays what was just heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from django.db.models import F, Func, QuerySet, TextField
from django.db.models.functions import Cast

from analysis.models import TrackAudioFeatures
from core.errors import InvalidInput, NotFound
from embeddings.engine.recommending import orders
from embeddings.engine.recommending.choosing import choose
from embeddings.engine.recommending.facts import RADIO, Facts, Ranked, Weights
from embeddings.engine.recommending.harmony import transition_costs
from embeddings.engine.recommending.reasons import reasons_between
from embeddings.engine.recommending.scoring import Pool, Wish, score
from embeddings.engine.recommending.vectors import Direction, Floats, Vectors, mixed
from embeddings.engine.recommending.wandering import PULL, drifted
from embeddings.schemas.encoder import TEXT
from embeddings.schemas.recommending import MOST_HEARD, SeedKind
from embeddings.selectors.neighbours import near
from embeddings.selectors.pools import pool_of
from embeddings.selectors.recommending import CANDIDATES, SIDES, Recommended
from embeddings.selectors.requests import request_vector
from embeddings.selectors.searching import nearest
from library.engine.names import folded
from library.models import Album, Artist, Genre, Track

SEEDS = 40
# What was heard so lately never comes again, even where nothing else is left.
JUST_HEARD = 50
# From here on, or up to here, a measured value is a mood.
MUCH, LITTLE = 0.55, 0.4
# As near to words as this, as a share of the nearest, is meant by them too.
NEARLY = 0.75
# How a mood is asked for, and what it means of what was measured.
MOODS = {
    "happy": ("mood_happy", 1),
    "aggressive": ("mood_aggressive", 1),
    "party": ("mood_party", 1),
    "relaxed": ("mood_relaxed", 1),
    "calm": ("energy", -1),
    "energetic": ("energy", 1),
    "sad": ("valence", -1),
    "dancing": ("danceability", 1),
}


@dataclass(frozen=True)
class Seed:
    """What a radio begins with, as an address says it: track:12, artist:3, mood:calm."""

    kind: SeedKind
    value: str

    @classmethod
    def parsed(cls, text: str) -> "Seed":
        kind, _colon, value = text.partition(":")
        for known in get_args(SeedKind):
            if kind == known and value.strip():
                return cls(known, value.strip()[:200])
        raise InvalidInput(
            "A radio begins with a track, an artist, an album, a genre or a mood.",
            hint="Such as track:12, artist:3 or mood:calm.",
            field="from",
        )

    @property
    def number(self) -> int:
        if self.value.isascii() and self.value.isdigit() and len(self.value) < 19:
            return int(self.value)
        raise InvalidInput(f"A {self.kind} is named by its number.", field="from")

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


def radio(
    *,
    user_id: int | None,
    seed: Seed,
    heard: Sequence[int] = (),
    limit: int = 10,
    weights: Weights | None = None,
) -> list[Recommended]:
    """The next tracks; `heard` ends with what was heard last. Asked the same again, it answers the same."""
    weights = weights or RADIO
    heard = list(dict.fromkeys(reversed(heard)))[:MOST_HEARD][::-1]
    seeds = seed_tracks(seed)
    before = pool_of(user_id, [*heard[-len(PULL) :], *seeds])
    tail, beginning = _parted(before, heard)
    wish = _wish(seed, before, tail, beginning)
    candidates = [*_near(wish, heard, limit), *(one for one in seeds if one not in set(heard))]
    pool = pool_of(user_id, candidates, playable=True)
    past = [*before.facts, *pool_of(user_id, heard).facts] if seed.kind == "track" else pool_of(user_id, heard).facts
    chosen = choose(pool, score(pool, wish, weights), limit, never=past)
    if len(chosen) < limit:
        pool, chosen = _again(user_id, pool, chosen, past, wish, weights, limit)
    return _in_order(pool, chosen, before.facts[tail[-1]] if tail else None)


def seed_tracks(seed: Seed) -> list[int]:
    """Of an artist, a genre, a mood a handful by chance, and by the same chance each time."""
    found = list(_seed_rows(seed).values_list("pk", flat=True)[:SEEDS])
    if not found and seed.kind == "mood":
        found = _meant(seed.value)
    if not found:
        raise NotFound("There is nothing to begin this radio with.", hint="Begin with something that has tracks here.")
    return found


def _seed_rows(seed: Seed) -> QuerySet[Track]:
    if seed.kind == "mood":
        return _of_mood(seed.value)
    rows = Track.objects.filter(available=True)
    if seed.kind == "track":
        return rows.filter(pk=seed.number)
    if seed.kind == "album":
        return rows.filter(album=seed.number).order_by("pk")
    if seed.kind == "artist":
        return _shuffled(rows.filter(track_artist=seed.number))
    return _shuffled(rows.filter(genres=seed.number))


def _of_mood(name: str) -> QuerySet[Track]:
    """By what was measured where the word means something of that, else by the mood that it is tagged with."""
    rows = Track.objects.filter(available=True)
    if name in MOODS:
        column, sign = MOODS[name]
        reach = {f"audio_features__{column}__gte": MUCH} if sign > 0 else {f"audio_features__{column}__lte": LITTLE}
        value = F(f"audio_features__{column}")
        return rows.filter(**reach).order_by(value.desc() if sign > 0 else value.asc(), "pk")
    return _shuffled(rows.filter(mood_tags__name__iexact=name))


def _meant(words: str) -> list[int]:
    """A mood in words of one's own: the tracks whose meaning is nearest to it."""
    vector = request_vector(words).vector
    found = [] if vector is None else nearest(vector, kind=TEXT, limit=SEEDS // 2)
    return [track for track, nearness in found if nearness >= NEARLY * found[0][1]]


def _shuffled(rows: QuerySet[Track]) -> QuerySet[Track]:
    return rows.order_by(Func(Cast("pk", TextField()), function="md5"), "pk")


def seed_name(seed: Seed) -> str:
    """What it is called; empty where it is not there."""
    if seed.kind == "mood":
        return seed.value
    if seed.kind == "track":
        return Track.objects.filter(pk=seed.number).values_list("title", flat=True).first() or ""
    if seed.kind == "album":
        return Album.objects.filter(pk=seed.number).values_list("title", flat=True).first() or ""
    kind: type[Artist | Genre] = Artist if seed.kind == "artist" else Genre
    return kind.objects.filter(pk=seed.number).values_list("name", flat=True).first() or ""


def moods_on_offer() -> list[str]:
    """Those that something in the library can answer."""
    measured = TrackAudioFeatures.objects.filter(track__available=True, energy__isnull=False).exists()
    return sorted(MOODS, key=folded) if measured else []


def _parted(before: Pool, heard: Sequence[int]) -> tuple[list[int], list[int]]:
    """Places of what was heard last, in its order, and of what it began with."""
    last = set(heard[-len(PULL) :])
    tail = [place for place, one in enumerate(before.facts) if one.track_id in last]
    beginning = [place for place, one in enumerate(before.facts) if one.track_id not in last]
    return tail, beginning or tail


def _wish(seed: Seed, before: Pool, tail: list[int], beginning: list[int]) -> Wish:
    follows = before.facts[tail[-1]] if tail else before.facts[beginning[0]] if seed.kind == "track" else None
    return Wish(
        sound=_drift(before.sound, tail, beginning),
        meaning=_drift(before.meaning, tail, beginning),
        follows=follows,
        like=[before.facts[place] for place in tail] or ([follows] if follows else []),
    )


def _drift(vectors: Vectors, tail: list[int], beginning: list[int]) -> Direction | None:
    seed = mixed([(1.0, vectors.rows[place]) for place in beginning if vectors.known[place]])
    heard: list[Floats] = [vectors.rows[place] for place in tail if vectors.known[place]]
    return drifted(seed, heard)


def _near(wish: Wish, heard: Sequence[int], limit: int) -> list[int]:
    found: list[int] = []
    for side in SIDES:
        towards: Direction | None = getattr(wish, side)
        if towards is not None:
            found += near(side, [towards.vector], limit=CANDIDATES + limit, but=heard)[0]
    return found


def _again(
    user_id: int | None,
    pool: Pool,
    chosen: list[Ranked],
    past: Sequence[Facts],
    wish: Wish,
    weights: Weights,
    limit: int,
) -> tuple[Pool, list[Ranked]]:
    """Where all that is near was heard: what was heard longest ago comes again."""
    old = [one.track_id for one in past[: -JUST_HEARD or None]]
    if not old:
        return pool, chosen
    fresh = [pool.facts[one.place] for one in chosen]
    more = pool_of(user_id, [one.track_id for one in fresh] + old, playable=True)
    scores = score(more, wish, weights)
    again = choose(more, scores, limit - len(chosen), never=[*fresh, *past[-JUST_HEARD:]])
    kept = [Ranked(place, one.score, one.parts) for place, one in enumerate(chosen)]
    return more, kept + again


def _in_order(pool: Pool, chosen: Sequence[Ranked], last: Facts | None) -> list[Recommended]:
    """So that each follows the one before, beginning with what was heard last."""
    facts = [pool.facts[one.place] for one in chosen]
    if not facts:
        return []
    line = facts if last is None else [last, *facts]
    order = orders.shortest(transition_costs(line), first=0)
    places = [place - (len(line) - len(facts)) for place in order if place >= len(line) - len(facts)]
    found, before = [], last
    for place in places:
        one, other = chosen[place], facts[place]
        reasons = reasons_between(before, other, one.parts)
        found.append(Recommended(other.track_id, one.score, one.parts, reasons))
        before = other
    return found

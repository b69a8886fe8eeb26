"""Tracks found by how they sound: by tempo, key and mood, and those that go well with another."""

import re
from dataclasses import dataclass, field

from django.db.models import F, QuerySet

from analysis.engine.keys import Key, parsed_key
from analysis.models import TrackAudioFeatures
from analysis.schemas.features import FoundTrack
from analysis.schemas.fields import MOODS, SCORES
from analysis.selectors.features import flat, get_by_track_id
from analysis.selectors.harmony import CAMELOT, compatible_keys, distance
from core.errors import InvalidInput

Rows = QuerySet[TrackAudioFeatures]
# A note without a word about major or minor.
BARE = re.compile(r"[A-Ha-h][#♯b♭]?")
# As far as most pitch controls reach.
TOLERANCE_PERCENT = 6.0
MOST = 1_000
FASTEST = 1_000.0


def sounding_rows() -> Rows:
    """With their tracks; of tracks whose file is away there is nothing to be played."""
    return TrackAudioFeatures.objects.filter(track__available=True).select_related("track")


def search_by_bpm_range(min_bpm: float, max_bpm: float) -> Rows:
    """Both included, the slowest first."""
    if min_bpm > max_bpm:
        raise InvalidInput("The slowest tempo is faster than the fastest.", field="min_bpm")
    return sounding_rows().filter(bpm__range=(min_bpm, max_bpm)).order_by("bpm", "track")


def search_by_key(key: str, scale: str | None = None) -> Rows:
    """However the key is written; without a scale, A means A major and A minor."""
    return sounding_rows().filter(camelot_key__in=keys_meant(key, scale)).order_by("camelot_place", "track")


def keys_meant(key: str, scale: str | None = None) -> list[str]:
    """Places on the wheel."""
    found = read_key(key)
    if scale is not None:
        if scale not in {"major", "minor"}:
            raise InvalidInput("A scale is major or minor.", field="scale")
        return [read_key(f"{found.key}m" if scale == "minor" else found.key).camelot]
    if BARE.fullmatch(key.strip()):
        return [read_key(found.key).camelot, read_key(f"{found.key}m").camelot]
    return [found.camelot]


def read_key(text: str) -> Key:
    found = parsed_key(text)
    if found is None:
        raise InvalidInput("This is no key.", hint="Such as C, F#m, A minor or 8A.", field="key")
    return found


def search_by_camelot_key(camelot_key: str, *, compatible: bool = False) -> Rows:
    """On the wheel; with `compatible` also the keys that go with it."""
    keys = places_meant(camelot_key, compatible=compatible)
    return sounding_rows().filter(camelot_key__in=keys).order_by("camelot_place", "track")


def places_meant(camelot_key: str, *, compatible: bool = False) -> list[str]:
    place = camelot_key.strip().upper()
    if place not in CAMELOT:
        raise InvalidInput("Camelot's keys are 1A to 12B.", field="camelot_key")
    return compatible_keys(place) if compatible else [place]


def search_by_mood(
    *,
    happy: float | None = None,
    aggressive: float | None = None,
    party: float | None = None,
    relaxed: float | None = None,
    **scores: float | None,
) -> Rows:
    """At least so much of each that is named; energy, valence, danceability and the others may be named too."""
    moods = dict(zip(MOODS, (happy, aggressive, party, relaxed), strict=True))
    asked = {f"mood_{name}": value for name, value in moods.items()} | scores
    rows = sounding_rows()
    wanted = [(name, value) for name, value in asked.items() if value is not None]
    for name, value in wanted:
        if name not in SCORES or not 0 <= value <= 1:
            raise InvalidInput(f"{name} is asked for by a number between 0 and 1.", field=name)
        rows = rows.filter(**{f"{name}__gte": value})
    return rows.order_by(*[F(name).desc() for name, _value in wanted], "track")


@dataclass(frozen=True)
class Sought:
    """Everything that a search by sound may name; all that is given must hold."""

    bpm_min: float | None = None
    bpm_max: float | None = None
    key: str | None = None
    scale: str | None = None
    camelot_key: str | None = None
    compatible: bool = False
    happy: float | None = None
    aggressive: float | None = None
    party: float | None = None
    relaxed: float | None = None
    energy: float | None = None
    valence: float | None = None
    danceability: float | None = None
    acoustic: float | None = None


ORDERS: dict[str, tuple[str, ...]] = {
    "bpm": ("bpm", "track_id"),
    "camelot": ("camelot_place", "track_id"),
    "energy": ("-energy", "-track_id"),
    "loudness": ("-loudness", "-track_id"),
}


def search_by_sound(sought: Sought) -> Rows:
    rows = search_by_mood(
        happy=sought.happy,
        aggressive=sought.aggressive,
        party=sought.party,
        relaxed=sought.relaxed,
        energy=sought.energy,
        valence=sought.valence,
        danceability=sought.danceability,
        acoustic=sought.acoustic,
    )
    if sought.bpm_min is not None or sought.bpm_max is not None:
        least, most = sought.bpm_min or 0.0, FASTEST if sought.bpm_max is None else sought.bpm_max
        if least > most:
            raise InvalidInput("The slowest tempo is faster than the fastest.", field="bpm_min")
        rows = rows.filter(bpm__range=(least, most))
    if sought.key is not None:
        rows = rows.filter(camelot_key__in=keys_meant(sought.key, sought.scale))
    elif sought.scale is not None:
        rows = rows.filter(scale=sought.scale)
    if sought.camelot_key is not None:
        rows = rows.filter(camelot_key__in=places_meant(sought.camelot_key, compatible=sought.compatible))
    return rows.order_by()


@dataclass(frozen=True)
class Alike:
    """A track that goes with another, how well, and why."""

    row: TrackAudioFeatures
    score: float
    reasons: list[str] = field(default_factory=list)


def get_similar_by_bpm_and_key(
    track_id: int, *, bpm_tolerance: float = TOLERANCE_PERCENT, limit: int = 20, half_and_double: bool = True
) -> list[Alike]:
    """Of nearly the same tempo (in percent; half and double count too) in a key that goes with it; the best first."""
    base = get_by_track_id(track_id)
    if base.bpm is None and base.camelot_key is None:
        raise InvalidInput("This track has neither a tempo nor a key to compare.", hint="Have it analysed first.")
    rows = sounding_rows().exclude(track=track_id)
    if base.camelot_key is not None:
        rows = rows.filter(camelot_key__in=compatible_keys(base.camelot_key))
    if base.bpm is not None:
        rows = _of_tempo(rows, base.bpm, bpm_tolerance, (0.5, 1.0, 2.0) if half_and_double else (1.0,))
    found = [_compared(base, row, bpm_tolerance) for row in rows.order_by("track")[:MOST]]
    return sorted(found, key=lambda one: (-one.score, one.row.track_id))[:limit]


def _of_tempo(rows: Rows, bpm: float, percent: float, factors: tuple[float, ...]) -> Rows:
    found = rows.none()
    reach = percent / 100
    for factor in factors:
        found = found | rows.filter(bpm__range=(bpm * factor * (1 - reach), bpm * factor * (1 + reach)))
    return found


def _compared(base: TrackAudioFeatures, row: TrackAudioFeatures, percent: float) -> Alike:
    parts: list[float] = []
    reasons: list[str] = []
    if base.bpm and row.bpm:
        factor = min((1.0, 2.0, 0.5), key=lambda times: abs(row.bpm / (base.bpm * times) - 1))  # type: ignore[operator]
        away = abs(row.bpm / (base.bpm * factor) - 1) * 100
        parts.append(max(0.0, 1 - away / max(percent, 0.01)) * (1 if factor == 1 else 0.9))
        reasons.append("tempo" if factor == 1 else "double_tempo" if factor == 2 else "half_tempo")
    if base.camelot_key and row.camelot_key:
        steps = distance(base.camelot_key, row.camelot_key)
        parts.append(1.0 if not steps else 0.85)
        reasons.append("same_key" if not steps else "compatible_key")
    if base.energy is not None and row.energy is not None:
        parts.append(1 - abs(base.energy - row.energy))
        if parts[-1] >= 0.85:
            reasons.append("energy")
    return Alike(row, round(sum(parts) / len(parts), 4) if parts else 0.0, reasons)


def found_track(row: TrackAudioFeatures, *, score: float | None = None, reasons: list[str] | None = None) -> FoundTrack:
    return FoundTrack(
        **flat(row),
        track_id=row.track_id,
        title=row.track.title,
        artist_credit=row.track.artist_credit,
        album_id=row.track.album_id,
        score=score,
        reasons=reasons or [],
    )

"""Why a track was chosen, as data: kinds and values, the strongest first. Words are made elsewhere, by language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from embeddings.engine.recommending.facts import Facts
from embeddings.engine.recommending.harmony import steps_between, tempo_apart

Kind = Literal[
    "key", "tempo", "sound", "meaning", "genres", "moods", "acoustic", "instrumental", "energy", "mood_of_sound",
    "decade", "artist", "new", "often", "loved", "forgotten",
]  # fmt: skip
Value = str | int | float | list[str]
MOST_NAMES = 2
# From here on nearness is worth a word.
CLOSE, VERY_CLOSE = 0.45, 0.7
MUCH, LITTLE = 0.65, 0.25
ALIKE = 0.12
NEAR_PERCENT = 6.5
OFTEN_PLAYS = 8
FORGOTTEN_DAYS = 180.0


@dataclass(frozen=True)
class Reason:
    """One of them; `weight` orders them and says how much it is to be heard."""

    kind: Kind
    values: Mapping[str, Value] = field(default_factory=dict)
    weight: float = 0.5


def reasons_between(one: Facts | None, other: Facts, parts: Mapping[str, float | None]) -> list[Reason]:
    """Why `other` goes with `one`; without `one`, why it goes with a direction."""
    found = [*_nearness(parts), *_of_listener(other)]
    if one is not None:
        found += [*_key(one, other), *_tempo(one, other), *_shared(one, other), *_traits(one, other)]
        found += _origin(one, other)
    return sorted(found, key=lambda reason: -reason.weight)


def _nearness(parts: Mapping[str, float | None]) -> list[Reason]:
    found = []
    for kind, weight in (("sound", 0.8), ("meaning", 0.55)):
        near = parts.get(kind)
        if near is not None and near >= CLOSE:
            degree = "very" if near >= VERY_CLOSE else "quite"
            values: dict[str, Value] = {"similarity": round(near, 3), "degree": degree}
            found.append(Reason("sound" if kind == "sound" else "meaning", values, weight * min(1.0, 0.4 + near)))
    return found


def _key(one: Facts, other: Facts) -> list[Reason]:
    steps = steps_between(one.camelot, other.camelot)
    if steps is None or one.camelot is None or other.camelot is None or steps > 1:
        return []
    same_letter = one.camelot[-1] == other.camelot[-1]
    relation = "same" if steps == 0 else "neighbour" if same_letter else "relative"
    values: dict[str, Value] = {"from": one.camelot, "to": other.camelot, "relation": relation, "steps": steps}
    return [Reason("key", values, 0.75 if steps == 0 else 0.7)]


def _tempo(one: Facts, other: Facts) -> list[Reason]:
    found = tempo_apart(one.bpm, other.bpm)
    if found is None or one.bpm is None or other.bpm is None or abs(found[0]) > NEAR_PERCENT:
        return []
    percent, octaves = found
    apart = round(abs(other.bpm / 2**octaves - one.bpm), 1)
    values: dict[str, Value] = {
        "from": round(one.bpm, 1),
        "to": round(other.bpm, 1),
        "apart": apart,
        "percent": round(percent, 1),
        "octaves": octaves,
    }
    return [Reason("tempo", values, 0.72 - abs(percent) / 40)]


def _shared(one: Facts, other: Facts) -> list[Reason]:
    found = []
    for kind, mine, theirs, weight in (
        ("genres", one.genres, other.genres, 0.6),
        ("moods", one.moods, other.moods, 0.65),
    ):
        names = [name for name in mine if name in set(theirs)]
        if names:
            values: dict[str, Value] = {"names": names[:MOST_NAMES], "count": len(names)}
            found.append(Reason("genres" if kind == "genres" else "moods", values, weight))
    return found


def _traits(one: Facts, other: Facts) -> list[Reason]:
    found = []
    for kind in ("acoustic", "instrumental"):
        mine, theirs = getattr(one, kind), getattr(other, kind)
        if mine is not None and theirs is not None and min(mine, theirs) >= MUCH:
            found.append(Reason("acoustic" if kind == "acoustic" else "instrumental", {}, 0.5))
    if one.energy is not None and other.energy is not None and abs(one.energy - other.energy) <= ALIKE:
        mean = (one.energy + other.energy) / 2
        level = "high" if mean >= MUCH else "low" if mean <= LITTLE + 0.1 else "even"
        found.append(Reason("energy", {"level": level}, 0.5 if level != "even" else 0.3))
    if one.valence is not None and other.valence is not None and abs(one.valence - other.valence) <= ALIKE:
        mean = (one.valence + other.valence) / 2
        if mean >= MUCH or mean <= LITTLE + 0.1:
            found.append(Reason("mood_of_sound", {"tone": "bright" if mean >= MUCH else "dark"}, 0.45))
    return found


def _origin(one: Facts, other: Facts) -> list[Reason]:
    found = []
    if one.artist_id and one.artist_id == other.artist_id:
        found.append(Reason("artist", {}, 0.4))
    elif one.year and other.year and one.year // 10 == other.year // 10:
        found.append(Reason("decade", {"decade": other.year // 10 * 10}, 0.2))
    return found


def _of_listener(track: Facts) -> list[Reason]:
    if track.loved:
        return [Reason("loved", {}, 0.58)]
    if not track.plays and track.days_since is None:
        return [Reason("new", {}, 0.15)]
    if track.plays >= 3 and track.days_since is not None and track.days_since >= FORGOTTEN_DAYS:
        return [Reason("forgotten", {"days": round(track.days_since), "plays": track.plays}, 0.62)]
    if track.plays >= OFTEN_PLAYS:
        return [Reason("often", {"plays": track.plays}, 0.42)]
    return []


def shown(reasons: Sequence[Reason], most: int = 3) -> list[Reason]:
    """The few that make a sentence; likeness of meaning goes without saying where shared names say it."""
    kinds = {reason.kind for reason in reasons}
    quiet = {"meaning"} if kinds & {"genres", "moods"} else set()
    return [reason for reason in reasons if reason.kind not in quiet][:most]

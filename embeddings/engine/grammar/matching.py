"""How well a track satisfies what was asked, from 0 to 1: every wish counts, and what is unwanted weighs as much."""

import math
from collections.abc import Callable, Iterable, Mapping

from embeddings.engine.grammar.asked import Asked, Chip
from embeddings.engine.grammar.profile import Profile
from embeddings.engine.ontology.artists import load_artists
from embeddings.engine.ontology.concepts import load_ontology
from embeddings.engine.ontology.expansion import expand
from embeddings.engine.ontology.genres import Range, load_genres

# A wish that fails does not undo the others, but comes near it.
FLOOR = 0.2
UNKNOWN = 0.3
WIDER = 0.4
SIBLING = 0.2
# Nobody means 1979 and 1990 to the day when they say "the eighties".
YEARS_OF_GRACE = 6
LIKE_WEIGHT = 1.0


def score(asked: Asked, track: Profile) -> float:
    """The weighted geometric mean of its wishes; a request without a chip says nothing about anything."""
    if not asked.chips:
        return 0.0
    total = sum(chip.weight for chip in asked.chips)
    summed = sum(chip.weight * math.log(FLOOR + (1 - FLOOR) * satisfied(chip, track, asked)) for chip in asked.chips)
    return math.exp(summed / total)


def scores(asked: Asked, tracks: Iterable[Profile]) -> list[float]:
    return [score(asked, track) for track in tracks]


def satisfied(chip: Chip, track: Profile, asked: Asked) -> float:
    """Of one wish; of what is unwanted, how far it is away."""
    if chip.kind == "than":
        return _than(chip, track, asked)
    if chip.kind == "track_like":
        found = max((_alike(one.profile, track) for one in asked.liked if one.value == chip.value), default=UNKNOWN)
    elif chip.kind == "use" and chip.negated:
        # Sad songs are not unwanted because somebody wants none about a parting: what merely serves is left out of it.
        found = track.uses.get(chip.value, 0.0)
    else:
        found = _MEASURES[chip.kind](chip.value, track)
    return 1 - found if chip.negated else found


def _genre(wanted: str, track: Profile) -> float:
    """The genre or a kind of it; a wider one may be it; one of the same parents is a little like it."""
    if not track.genres:
        return UNKNOWN / 2
    genres = load_genres()
    direct = track.genres.get(wanted, 0.0)
    above = genres.ancestors(wanted)
    wider = max((WIDER * above[name] for name in track.own_genres if name in above and name != wanted), default=0.0)
    kin = max(
        (
            SIBLING * share
            for name, share in track.genres.items()
            if above.get(name, 0) * share > 0.4 and name != wanted
        ),
        default=0.0,
    )
    return max(min(1.0, direct * 1.3), wider, kin)


def _mood(wanted: str, track: Profile) -> float:
    if not track.moods:
        return UNKNOWN
    ontology = load_ontology()
    return max(weight * ontology.likeness(wanted, mood) for mood, weight in track.moods.items())


def _instrument(wanted: str, track: Profile) -> float:
    ontology = load_ontology()
    wider = ontology.kind_of(wanted)
    exact = max((weight for name, weight in track.instruments.items() if wanted in ontology.kind_of(name)), default=0.0)
    loose = max((0.4 * weight for name, weight in track.instruments.items() if name in wider), default=0.0)
    return max(exact, loose)


def _vocals(wanted: str, track: Profile) -> float:
    silent = track.instrumental
    if wanted == "instrumental":
        return UNKNOWN if silent is None else silent
    if wanted == "sung":
        return 1 - UNKNOWN if silent is None else 1 - silent
    singing = 1 - (0.3 if silent is None else silent)
    return max(track.vocals.get(wanted, 0.0), _unsaid(wanted, track) * singing)


def _unsaid(wanted: str, track: Profile) -> float:
    """Where nobody says who sings: men more often; whoever is said to be a man is no woman."""
    if wanted not in {"female", "male"}:
        return 0.0
    other = track.vocals.get("male" if wanted == "female" else "female", 0.0)
    return max(0.0, (0.3 if wanted == "female" else 0.45) - other)


def _use(wanted: str, track: Profile) -> float:
    """Said, or usual of its genre; else as far as its moods, strength and speed serve."""
    use = load_ontology().uses[wanted]
    fitting = [_mood_of(use.moods, track)]
    if use.energy and track.energy is not None:
        fitting.append(_in(use.energy, track.energy, 0.25))
    if use.tempo and track.tempo is not None:
        fitting.append(max(_overlap(use.tempo, track.tempo, 25.0), 0.4))
    if use.instrumental is not None and track.instrumental is not None:
        fitting.append(1 - abs(use.instrumental - track.instrumental))
    made_for = max((track.genres.get(name, 0.0) for name in use.like), default=0.0)
    served = math.prod(fitting) ** (1 / len(fitting))
    return max(track.uses.get(wanted, 0.0), 0.75 * served, 0.5 * served + 0.4 * made_for)


def _mood_of(moods: Iterable[str], track: Profile) -> float:
    found = sorted((_mood(mood, track) for mood in moods), reverse=True)
    return sum(found[:2]) / len(found[:2]) if found else UNKNOWN


def _language(wanted: str, track: Profile) -> float:
    place = load_ontology().languages[wanted]
    return max(track.languages.get(wanted, 0.0), 0.9 * _region(place, track))


def _region(wanted: str, track: Profile) -> float:
    ontology = load_ontology()
    inside = max((weight for place, weight in track.places.items() if wanted in ontology.within(place)), default=0.0)
    around = max(
        (0.35 * weight for place, weight in track.places.items() if place in ontology.within(wanted)), default=0.0
    )
    language = ontology.spoken.get(wanted)
    spoken = 0.9 * track.languages.get(language, 0.0) if language and language != "english" else 0.0
    return max(inside, around, spoken)


def _years(wanted: str, track: Profile) -> float:
    first, _dash, last = wanted.partition("-")
    return _timed((float(first or 0), float(last or 9999)), track)


def _decade(wanted: str, track: Profile) -> float:
    start = float(wanted[:4])
    return _timed((start, start + 9), track)


def _timed(wanted: Range, track: Profile) -> float:
    if track.years is None:
        return UNKNOWN
    low, high = track.years
    return (
        _overlap(wanted, track.years, YEARS_OF_GRACE)
        if low == high
        else 0.6 * min(1.0, _overlap(wanted, track.years, YEARS_OF_GRACE))
    )


def _tempo(wanted: str, track: Profile) -> float:
    """Half and double the speed are nearly the same to who dances."""
    if track.tempo is None:
        return UNKNOWN
    tempo = load_ontology().tempos.get(wanted)
    low, _dash, high = wanted.partition("-")
    asked = tempo or (float(low), float(high))
    found = _overlap(asked, track.tempo, 12.0)
    if tempo:
        return _mixed(found, {"slow": 0.2, "fast": 0.85}.get(wanted), track.energy)
    low_t, high_t = track.tempo
    folded = (_overlap(asked, (low_t * by, high_t * by), 8.0) for by in (0.5, 2.0))
    return max(found, 0.85 * max(folded))


def _mixed(found: float, energy: float | None, of_track: float | None) -> float:
    """A slow piece that storms is not slow to many ears."""
    if energy is None or of_track is None:
        return found
    return 0.6 * found + 0.4 * max(0.0, 1 - abs(energy - of_track) / 0.5)


def _energy(wanted: str, track: Profile) -> float:
    if track.energy is None:
        return UNKNOWN
    return _in(load_ontology().energies[wanted], track.energy, 0.3)


def _length(wanted: str, track: Profile) -> float:
    if track.duration_s is None:
        return UNKNOWN
    low, _dash, high = wanted.partition("-")
    asked = load_ontology().lengths.get(wanted) or (float(low or 0), float(high or 1e9))
    return _in(asked, track.duration_s, max(asked[0], 60.0) * 0.3)


def _key(wanted: str, track: Profile) -> float:
    if not track.camelot:
        return UNKNOWN
    if wanted in {"minor", "major"}:
        return float(track.camelot.endswith("A" if wanted == "minor" else "B"))
    return float(track.camelot.upper() == wanted)


def _artist(wanted: str, track: Profile) -> float:
    """Like them is of their genres, with their moods; they themselves are it, too."""
    known = load_artists().meant(wanted)
    if known is None:
        return UNKNOWN
    if load_artists().credited(track.artist) is known:
        return 1.0
    narrow = load_genres().narrowest(known.genres)
    near = sorted((_genre(name, track) for name in narrow), reverse=True)[:2]
    usual = expand(known.genres)
    moods = [_mood(mood, track) for mood in [*known.moods, *usual.moods][:4]]
    parts = [sum(near) / len(near) if near else UNKNOWN, sum(moods) / len(moods) if moods else UNKNOWN]
    return 0.7 * parts[0] + 0.3 * parts[1]


def _alike(wanted: Profile, track: Profile) -> float:
    """Of its genres above all; then of its moods and as strong; sung as it is sung; of its time."""
    parts = [
        (0.45, _of_genres(wanted, track)),
        (0.25, _of_moods(wanted, track)),
        (0.12, _as_near(wanted.energy, track.energy, 0.5)),
        (0.1, _as_near(wanted.instrumental, track.instrumental, 1.0)),
        (0.08, _as_near(_middle(wanted.years), _middle(track.years), 30.0)),
    ]
    return sum(share * found for share, found in parts)


def _of_genres(wanted: Profile, track: Profile) -> float:
    near = sorted((_genre(name, track) for name in load_genres().narrowest(wanted.own_genres)), reverse=True)[:2]
    return sum(near) / len(near) if near else UNKNOWN


def _of_moods(wanted: Profile, track: Profile) -> float:
    first = sorted(wanted.moods, key=lambda mood: (-wanted.moods[mood], mood))[:4]
    return sum(_mood(mood, track) for mood in first) / len(first) if first else UNKNOWN


def _as_near(wanted: float | None, found: float | None, apart: float) -> float:
    return UNKNOWN if wanted is None or found is None else max(0.0, 1 - abs(wanted - found) / apart)


def _middle(years: Range | None) -> float | None:
    return None if years is None else sum(years) / 2


def _than(chip: Chip, track: Profile, asked: Asked) -> float:
    """More or less of it than who it should be like; with nobody to compare, simply much or little of it."""
    own = _of_kind(chip.value, track)
    there = _reference(chip.value, asked)
    if there is None:
        return 1 - own if chip.negated else own
    more = (own - there) if not chip.negated else (there - own)
    return min(1.0, max(0.0, 0.5 + more))


def _of_kind(value: str, track: Profile) -> float:
    ontology = load_ontology()
    if value in ontology.tempos:
        return _tempo(value, track)
    if value in ontology.energies and value not in {"energetic"}:
        return _energy(value, track)
    return _energy(value, track) if value == "energetic" else _mood(value, track)


def _reference(value: str, asked: Asked) -> float | None:
    if asked.liked:
        return _of_kind(value, asked.liked[0].profile)
    known = load_artists().meant(asked.liking) if asked.liking else None
    if known is None:
        return None
    usual = expand(known.genres)
    like = Profile(
        genres=usual.genres,
        moods={**usual.moods, **dict.fromkeys(known.moods, 0.85)},
        instruments={},
        vocals={},
        uses={},
        languages={},
        places={},
        instrumental=usual.instrumental,
        energy=usual.energy,
        tempo=usual.tempo,
        years=None,
        duration_s=None,
        camelot="",
        artist="",
    )
    return _of_kind(value, like)


def _in(wanted: Range, value: float, grace: float) -> float:
    """1 within, fading to 0 over the grace outside."""
    low, high = wanted
    away = max(low - value, value - high, 0.0)
    return max(0.0, 1 - away / grace)


def _overlap(wanted: Range, found: Range, grace: float) -> float:
    """How much of what was found lies in what is wanted."""
    low, high = max(wanted[0], found[0]), min(wanted[1], found[1])
    if low > high:
        return max(0.0, 1 - (low - high) / grace) * (0.7 if found[0] == found[1] else 0.4)
    width = found[1] - found[0]
    return 1.0 if width == 0 else max(0.3, min(1.0, (high - low) / width))


_MEASURES: Mapping[str, Callable[[str, Profile], float]] = {
    "genre": _genre,
    "mood": _mood,
    "instrument": _instrument,
    "vocals": _vocals,
    "use": _use,
    "language": _language,
    "region": _region,
    "years": _years,
    "decade": _decade,
    "tempo": _tempo,
    "energy": _energy,
    "length": _length,
    "key": _key,
    "artist_like": _artist,
}

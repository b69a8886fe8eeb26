"""What lists of tracks can be narrowed and ordered by once they were analysed.

A range is written 118-126, 118-, -126 or 120; where numbers may be negative, two dots divide it: -14..-8.
"""

import re
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from analysis.engine.keys import parsed_key
from analysis.models import TrackAudioFeatures
from analysis.schemas.fields import MOODS
from library.filters import Filter, Sort
from library.filters.values import yes_or_no
from library.models import Track

Tracks = QuerySet[Track]
NUMBER = r"-?[0-9]{1,6}(?:\.[0-9]{1,6})?"
DOTTED = re.compile(rf"({NUMBER})?\.\.({NUMBER})?")
DASHED = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)?-([0-9]{1,6}(?:\.[0-9]{1,6})?)?")
BARE_NOTE = re.compile(r"[A-Ha-h][#♯b♭]?")
MUCH = 0.6
"""from here on a mood is one"""
OF_ONE = 0.5
"""a tempo that is named alone is meant within half a beat"""


class Reach(NamedTuple):
    """Both included; None is without end."""

    least: float | None
    most: float | None


def reach(text: str) -> Reach:
    text = text.strip().replace("–", "-")
    found = DOTTED.fullmatch(text) or DASHED.fullmatch(text)
    if found is None:
        if not re.fullmatch(NUMBER, text):
            raise ValueError
        return Reach(float(text), float(text))
    if found[1] is None and found[2] is None:
        raise ValueError
    return Reach(None if found[1] is None else float(found[1]), None if found[2] is None else float(found[2]))


def _tempo(text: str) -> Reach:
    found = reach(text)
    if found.least is not None and found.least == found.most:
        return Reach(found.least - OF_ONE, found.least + OF_ONE)
    return found


def _score(text: str) -> Reach:
    """A number alone is the least."""
    found = reach(text)
    return Reach(found.least, None) if found.least == found.most else found


def _sounding(rows: Tracks, **conditions: Any) -> Tracks:
    """Joined once, however many conditions there are: several look-ups side by side mislead the planner."""
    return rows.filter(**{f"audio_features__{name}": value for name, value in conditions.items()})


def _within(column: str, rows: Tracks, span: Reach) -> Tracks:
    ends = {f"{column}__gte": span.least, f"{column}__lte": span.most}
    return _sounding(rows, **{name: value for name, value in ends.items() if value is not None})


def keys(text: str) -> list[str]:
    """Places on Camelot's wheel: Am, A minor, 8A; A is both, several with commas."""
    found: list[str] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        key = parsed_key(part)
        if key is None:
            raise ValueError
        found.append(key.camelot)
        if BARE_NOTE.fullmatch(part) and (minor := parsed_key(f"{key.key}m")):
            found.append(minor.camelot)
    if not found:
        raise ValueError
    return found


def camelot(text: str) -> list[str]:
    found = [part.strip().upper() for part in text.split(",") if part.strip()]
    if not found or not all(re.fullmatch(r"(1[0-2]|[1-9])[AB]", part) for part in found):
        raise ValueError
    return found


def compatible(text: str) -> list[str]:
    """All that go with one of these."""
    return [other for place in camelot(text) for other in compatible_keys(place)]


def compatible_keys(place: str) -> list[str]:
    """The key itself, its two neighbours on the wheel (12 is beside 1), and the relative major or minor."""
    hour, letter = int(place[:-1]), place[-1]
    other = "B" if letter == "A" else "A"
    return [place, f"{hour % 12 + 1}{letter}", f"{(hour - 2) % 12 + 1}{letter}", f"{hour}{other}"]


def _mood(text: str) -> list[str]:
    found = [part.strip().lower() for part in text.split(",") if part.strip()]
    if not found or not set(found) <= set(MOODS):
        raise ValueError
    return found


def _of_mood(rows: Tracks, moods: list[str]) -> Tracks:
    return _sounding(rows, **{f"mood_{mood}__gte": MUCH for mood in moods})


def _without(rows: Tracks, wanted: bool) -> Tracks:
    analysed = Exists(TrackAudioFeatures.objects.filter(track=OuterRef("pk"), analyzer_version__isnull=False))
    return rows.filter(~analysed if wanted else analysed)


def _in_keys(rows: Tracks, places: list[str]) -> Tracks:
    return _sounding(rows, camelot_key__in=places)


FILTERS = [
    Filter("bpm", _("Tempo"), _tempo, lambda rows, span: _within("bpm", rows, span)),
    Filter("key", _("Key"), keys, _in_keys),
    Filter("camelot", _("Camelot key"), camelot, _in_keys),
    Filter("compatible", _("Goes with the key"), compatible, _in_keys),
    Filter("mood", _("Mood"), _mood, _of_mood),
    Filter("energy", _("Energy"), _score, lambda rows, span: _within("energy", rows, span)),
    Filter("valence", _("Valence"), _score, lambda rows, span: _within("valence", rows, span)),
    Filter("danceability", _("Danceability"), _score, lambda rows, span: _within("danceability", rows, span)),
    Filter("loudness", _("Loudness"), reach, lambda rows, span: _within("loudness", rows, span)),
    Filter("without_features", _("Not analysed"), yes_or_no, _without),
]

SORTS = [
    Sort("bpm", _("Tempo, slowest first"), ("audio_features__bpm", "id")),
    Sort("bpm_desc", _("Tempo, fastest first"), ("-audio_features__bpm", "-id")),
    Sort("camelot", _("Key, round the wheel"), ("audio_features__camelot_place", "id")),
    Sort("energy", _("Energy, calmest first"), ("audio_features__energy", "id")),
    Sort("energy_desc", _("Energy, liveliest first"), ("-audio_features__energy", "-id")),
]

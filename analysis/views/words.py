"""Features in the reader's words: what they are called, how their values are written, who says them."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from analysis.engine.keys import parsed_key
from analysis.schemas.fields import SPANS, TEXTS

NBSP = "\u00a0"


@dataclass(frozen=True)
class Facet:
    """A feature as it stands on a page."""

    field: str
    label: str | Promise
    unit: str = ""
    places: int = 1
    """after the point"""

    @property
    def step(self) -> str:
        return "any" if self.field in TEXTS else f"{10**-self.places:g}"


def _score(field: str, label: Any) -> Facet:
    return Facet(field, label, places=2)


TEMPO = Facet("bpm", gettext_lazy("Tempo"), "BPM")
KEY = Facet("key", gettext_lazy("Key"))
LOUDNESS = Facet("loudness", gettext_lazy("Loudness"), "LUFS")
MAIN = (
    TEMPO,
    KEY,
    LOUDNESS,
    _score("energy", gettext_lazy("Energy")),
    _score("valence", gettext_lazy("Valence")),
    _score("danceability", gettext_lazy("Danceability")),
    _score("mood_happy", pgettext_lazy("mood", "Happy")),
    _score("mood_relaxed", pgettext_lazy("mood", "Relaxed")),
    _score("mood_party", pgettext_lazy("mood", "Party")),
    _score("mood_aggressive", pgettext_lazy("mood", "Aggressive")),
    _score("acoustic", pgettext_lazy("sound", "Acoustic")),
    _score("tonal", pgettext_lazy("sound", "Tonal")),
)
"""each a small picture"""
LEVELS = (
    Facet("true_peak", gettext_lazy("True peak"), "dBTP"),
    Facet("loudness_range", gettext_lazy("Loudness range"), "LU"),
    Facet("replaygain_track_gain", gettext_lazy("Gain of the track"), "dB", 2),
    Facet("replaygain_track_peak", gettext_lazy("Peak of the track"), places=3),
    Facet("replaygain_album_gain", gettext_lazy("Gain of the album"), "dB", 2),
    Facet("replaygain_album_peak", gettext_lazy("Peak of the album"), places=3),
    Facet("leading_silence_ms", gettext_lazy("Silence before"), "ms", 0),
    Facet("trailing_silence_ms", gettext_lazy("Silence after"), "ms", 0),
    Facet("tuning_cents", gettext_lazy("Tuning"), "cents", 0),
    _score("instrumental", pgettext_lazy("sound", "Instrumental")),
    Facet("genre_main", gettext_lazy("Genre of the sound")),
)
"""each a line"""
FACETS = {facet.field: facet for facet in (*MAIN, *LEVELS)}
SOURCES = {
    "manual": gettext_lazy("by hand"),
    "tags": gettext_lazy("tags"),
    "acoustid": "AcoustID",
    "librosa": "librosa",
    "imported": gettext_lazy("brought along"),
}
SIGNED = {"replaygain_track_gain", "replaygain_album_gain", "tuning_cents"}


def decimal(value: float, places: int) -> str:
    """−13.4 with a real minus, in the reader's digits."""
    text = str(number_format(round(value, places) + 0.0, decimal_pos=places, use_l10n=True, force_grouping=True))
    return text.replace("-", "−").replace(NBSP, "\u202f")


def written(field: str, value: Any) -> str:
    """Without its unit; nothing for what is not known."""
    if value is None:
        return ""
    if field in ("key", "camelot_key"):
        return key_name(str(value))
    if field not in SPANS:
        return str(value)
    facet = FACETS.get(field)
    text = decimal(float(value), facet.places if facet else 2)
    return f"+{text}" if field in SIGNED and value > 0 else text


def with_unit(field: str, value: Any) -> str:
    facet = FACETS.get(field)
    text = written(field, value)
    return f"{text}{NBSP}{facet.unit}" if text and facet and facet.unit else text


def plain(field: str, value: Any) -> str:
    """As a number field of a form reads it, in no language."""
    if value is None or field not in SPANS:
        return "" if value is None else str(value)
    facet = FACETS.get(field)
    return f"{float(value):.{facet.places if facet else 2}f}"


def source_name(source: str | None) -> str:
    return str(SOURCES.get(source or "", source or ""))


NOTES = {
    "C": pgettext_lazy("note", "C"),
    "Db": pgettext_lazy("note", "D♭"),
    "D": pgettext_lazy("note", "D"),
    "Eb": pgettext_lazy("note", "E♭"),
    "E": pgettext_lazy("note", "E"),
    "F": pgettext_lazy("note", "F"),
    "F#": pgettext_lazy("note", "F♯"),
    "G": pgettext_lazy("note", "G"),
    "Ab": pgettext_lazy("note", "A♭"),
    "A": pgettext_lazy("note", "A"),
    "Bb": pgettext_lazy("note", "B♭"),
    "B": pgettext_lazy("note", "B"),
}


def key_name(text: str) -> str:
    """A minor, from however the key is written."""
    key = parsed_key(text)
    if key is None:
        return text
    note = NOTES.get(key.key, key.key)
    if key.scale == "minor":
        return _("%(note)s minor") % {"note": note}
    return _("%(note)s major") % {"note": note}


def ratio_name(ratio: str) -> str:
    """½, ⅔ …: how a candidate stands to the tempo that was found."""
    return {"1/2": "½", "2/3": "⅔", "3/4": "¾", "1": "1", "4/3": "4⁄3", "3/2": "3⁄2", "2": "2"}.get(ratio, ratio)


def field_name(field: str) -> str:
    facet = FACETS.get(field)
    return str(facet.label) if facet else field.replace("_", " ")

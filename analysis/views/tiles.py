"""What stands in each field of a track's page: value, source, sureness, what others say, what else it could be."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analysis.models import TrackAudioFeatures
from analysis.schemas.features import FeatureOut
from analysis.schemas.fields import SPANS
from analysis.selectors.features import FeaturesView, feature_out, sounds_same
from analysis.selectors.harmony import CAMELOT
from analysis.selectors.spreads import SCALES, Spreads
from analysis.views.drawings.spread import hill, steps
from analysis.views.words import LEVELS, MAIN, Facet, decimal, key_name, plain, ratio_name, source_name, written

SURENESS = 5
FACTORS = {"1/2": 0.5, "2": 2.0}


@dataclass(frozen=True)
class Other:
    """What another source says of the same, or what the analysis found plausible too."""

    words: str
    note: str
    """whose word it is, or how it stands to what is shown"""
    value: str
    """as the form would send it"""
    differs: bool = True
    place: int | None = None
    """in the list of candidates"""


@dataclass(frozen=True)
class Tile:
    facet: Facet
    said: FeatureOut
    words: str
    value: str
    """as a form shows it"""
    picture: SafeString
    others: list[Other] = field(default_factory=list)
    candidates: list[Other] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.facet.field

    @property
    def source(self) -> str:
        """Whose word it is, with those who say the same."""
        agree = [other.note for other in self.others if not other.differs]
        return " · ".join(filter(None, (source_name(self.said.source), *agree)))

    @property
    def sureness(self) -> int | None:
        """Of five; a person is sure."""
        if self.said.source == "manual":
            return SURENESS
        sure = self.said.confidence
        return None if sure is None else min(SURENESS, max(1, round(sure * SURENESS + 0.3)))

    @property
    def dots(self) -> list[bool]:
        return [place < (self.sureness or 0) for place in range(SURENESS)]

    @property
    def against(self) -> list[Other]:
        """Those who say something else."""
        return [other for other in self.others if other.differs]

    @property
    def also(self) -> list[Other]:
        """The next best key, for the line beside the value."""
        return [one for one in self.candidates if one.differs][:1] if self.name == "key" else []

    @property
    def factors(self) -> list[Other]:
        """Half and double the tempo: what is mistaken most, one tap away."""
        bpm = self.said.value if self.name == "bpm" else None
        if not isinstance(bpm, int | float):
            return []
        span = SPANS["bpm"]
        there = [(factor, bpm * times) for factor, times in FACTORS.items() if span.least <= bpm * times <= span.most]
        return [Other(_tempo(value), ratio_name(factor), factor) for factor, value in there]

    @property
    def keys(self) -> list[tuple[str, str]]:
        """To choose from."""
        return [(place, f"{place} · {key_name(place)}") for place in CAMELOT] if self.name == "key" else []

    @property
    def least(self) -> str:
        return f"{SPANS[self.name].least:g}" if self.name in SPANS else ""

    @property
    def most(self) -> str:
        return f"{SPANS[self.name].most:g}" if self.name in SPANS else ""


def main_tiles(known: FeaturesView, spread: Spreads) -> list[Tile]:
    return [_tile(facet, known, spread) for facet in MAIN]


def level_tiles(known: FeaturesView, spread: Spreads) -> list[Tile]:
    return [_tile(facet, known, spread) for facet in LEVELS]


NOTHING = FeatureOut(
    value=None, source=None, confidence=None, version=None, at=None, locked=False, others=[], contradicted=False
)


def _tile(facet: Facet, known: FeaturesView, spread: Spreads) -> Tile:
    row = known.row
    # Of a key everything is said on Camelot's wheel, where A is not mistaken for A minor.
    name = "camelot_key" if facet.field == "key" else facet.field
    said = feature_out(row, name) if row else NOTHING
    candidates = _candidates(facet, row) if row else []
    return Tile(
        facet=facet,
        said=said,
        words=written(name, said.value),
        value=plain(name, said.value),
        picture=_picture(name, said.value, spread),
        others=[_other(name, one.source, one.value, said.value) for one in said.others if one.value is not None],
        candidates=candidates,
    )


def _other(name: str, source: str, value: Any, shown: Any) -> Other:
    return Other(written(name, value), source_name(source), plain(name, value), not sounds_same(name, value, shown))


def _candidates(facet: Facet, row: TrackAudioFeatures) -> list[Other]:
    if facet.field == "bpm":
        found = enumerate(row.candidates.get("bpm", []))
        return [
            Other(_tempo(one["bpm"]), ratio_name(str(one["ratio"])), "", _is_other(one["bpm"], row), place)
            for place, one in found
        ]
    if facet.field == "key":
        return [
            Other(key_name(one["camelot"]), one["camelot"], "", one["camelot"] != row.camelot_key, place)
            for place, one in enumerate(row.candidates.get("key", []))
        ]
    return []


def _is_other(bpm: float, row: TrackAudioFeatures) -> bool:
    return not sounds_same("bpm", bpm, row.bpm)


def _tempo(bpm: float) -> str:
    return decimal(bpm, 0 if abs(bpm - round(bpm)) < 0.05 else 1)


def _picture(name: str, value: Any, spread: Spreads) -> SafeString:
    """Where it stands in the library."""
    if name == "camelot_key":
        letter = str(value)[-1] if value else "A"
        counts = [spread.keys.get(f"{hour}{letter}", 0) for hour in range(1, 13)]
        return steps(counts, int(str(value)[:-1]) - 1 if value else None)
    if name not in SCALES:
        return SafeString("")
    return hill(spread.of(name), None if value is None else SCALES[name].share(value))


def sureness_words(sureness: int) -> str:
    return _("Confidence %(sure)s of %(of)s") % {"sure": sureness, "of": SURENESS}

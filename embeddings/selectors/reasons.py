"""Why a track answers a question, in the listener's language: what of it is said, what its genre lets expect."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from embeddings.engine.answering import Evidence
from embeddings.engine.documents import expected
from embeddings.engine.grammar import Asked, Chip
from embeddings.engine.grammar.matching import satisfied
from embeddings.schemas.asking import WhyOut

FULFILLED, MOST = 0.55, 5
NEAR = 0.55


def whys(asked: Asked, track: Evidence) -> list[WhyOut]:
    """Of each wish that it fulfils; then what else has led to it."""
    return [*_wishes(asked, track), *_rest(track)][:MOST]


def _wishes(asked: Asked, track: Evidence) -> Iterator[WhyOut]:
    guessed = {str(reason.value): reason.genre for reason in expected(track.facts).because}
    said = {word.casefold() for word in (*track.facts.moods, *track.facts.tags, *track.facts.genres)}
    for chip in asked.chips:
        if satisfied(chip, track.profile, asked) >= FULFILLED:
            yield WhyOut(kind=chip.kind, value=chip.value, text=_text(chip, track, guessed, said))


def _text(chip: Chip, track: Evidence, guessed: dict[str, str], said: set[str]) -> str:
    if chip.negated and chip.kind != "than":
        return _("not %(what)s") % {"what": chip.text}
    if chip.kind in {"decade", "years"} and track.facts.year:
        return _("from %(year)s") % {"year": track.facts.year}
    if chip.kind == "tempo" and track.facts.bpm:
        return _("%(bpm)s beats a minute") % {"bpm": round(track.facts.bpm)}
    if chip.kind == "key" and track.facts.camelot:
        return track.facts.camelot
    if chip.kind in {"artist_like", "track_like"}:
        return _("like %(artist)s") % {"artist": chip.value}
    if chip.value.casefold() not in said and chip.value in guessed:
        return _("%(what)s, as %(genre)s usually is") % {"what": chip.text, "genre": guessed[chip.value]}
    return chip.text


def _rest(track: Evidence) -> Iterator[WhyOut]:
    if track.said is not None:
        yield WhyOut(kind="words", value="", text=_("its words"))
    if track.near is not None and track.near >= NEAR:
        yield WhyOut(kind="meaning", value=f"{track.near:.2f}", text=_("means much the same"))

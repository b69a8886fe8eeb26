"""Columns of other pages' tables: waveform, tempo, key and loudness of each track."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from analysis.selectors.sound import SoundOfRow, sounds_of_album, sounds_of_list
from analysis.views.drawings.waves import wave
from analysis.views.words import decimal, key_name
from core.panels import Column, ColumnSet
from library.models import Track


def album_columns(request: HttpRequest, tracks: Sequence[Track]) -> list[Column]:
    """None for an album of which nothing is known."""
    found = sounds_of_album([track.pk for track in tracks])
    waves = {pk: _miniature(sound.outline) for pk, sound in found.items() if sound.outline}
    levels = {pk: _decimal(sound.loudness, 1) for pk, sound in found.items()}
    columns = [
        Column(_("Waveform"), "opt waves", waves),
        *_tempo_and_key(found),
        Column("LUFS", "num opt muted lufs", levels),
    ]
    return [column for column in columns if any(column.cells.values())]


def list_columns(request: HttpRequest, tracks: Sequence[Track]) -> list[Column]:
    """Always both, so that a list that grows keeps its head."""
    return _tempo_and_key(sounds_of_list([track.pk for track in tracks]))


def _tempo_and_key(found: dict[int, SoundOfRow]) -> list[Column]:
    return [
        Column("BPM", "num opt muted bpm", {pk: _decimal(sound.bpm, 0) for pk, sound in found.items()}),
        Column(_("Key"), "opt in-key", {pk: key_chip(sound.camelot) for pk, sound in found.items() if sound.camelot}),
    ]


def _decimal(value: float | None, places: int) -> str:
    return "" if value is None else decimal(value, places)


def _miniature(outline: Sequence[int]) -> SafeString:
    return format_html('<span class="wave">{}</span>', wave([outline], "row"))


def key_chip(place: str) -> SafeString:
    """8A on its colour."""
    bright = ";--key-c:.125" if place[-1] == "B" else ""
    chip = '<span class="key" style="--k:{}{}" title="{}">{}</span>'
    return format_html(chip, place[:-1], bright, key_name(place), place)


COLUMNS = (
    ColumnSet("analysis.album", "album", album_columns, order=20),
    ColumnSet("analysis.tracks", "tracks", list_columns, order=20),
)

"""How a track sounds, on its page: every value with its source, put right, held fast, let go and taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from analysis.models import FeatureChange
from analysis.schemas.fields import SPANS
from analysis.selectors.features import channels_of
from analysis.selectors.governor import governor_settings, why_paused
from analysis.selectors.harmony import compatible_keys
from analysis.selectors.sound import SoundOfTrack, newest_change, sound_of_track
from analysis.selectors.spreads import ROUGHLY_S, Spreads, spreads
from analysis.services import correcting
from analysis.services.starting import analyze_tracks
from analysis.views.drawings.waves import wave
from analysis.views.drawings.wheel import wheel_of_key
from analysis.views.tiles import FACTORS, level_tiles, main_tiles
from analysis.views.words import FACETS, field_name, key_name, with_unit
from core.errors import InvalidInput, NotFound, SoniqueBayError
from core.models import User
from core.views.listener import identity_of_page, listener_of
from library.models import Track
from library.selectors.tracks import track_by_id

FRAGMENT = "sound"
QUARTERS = 4
Act = Callable[..., Any]


# --- what is shown ----------------------------------------------------------------------------------------------------


def sound_panel(request: HttpRequest, track: Track) -> Mapping[str, Any] | None:
    """For the page of a track; nothing for one of which there is neither a file nor a word."""
    sound = sound_of_track(track.pk)
    if not track.available and sound.row is None:
        return None
    return _context(request, track, sound)


@require_safe
def sound(request: HttpRequest, track_id: int) -> HttpResponse:
    """The panel alone, for the page that shows it."""
    if request.headers.get("HX-Target") != FRAGMENT:
        return redirect(_page_of(track_id))
    return _fragment(request, track_id)


def _fragment(request: HttpRequest, track_id: int) -> HttpResponse:
    track = track_by_id(track_id)
    context = {**_context(request, track, sound_of_track(track_id)), "is_fragment": True}
    return render(request, "analysis/_sound.html", context)


def _context(request: HttpRequest, track: Track, sound: SoundOfTrack) -> dict[str, Any]:
    spread = spreads(anew_after_s=ROUGHLY_S)
    key = sound.row.camelot_key if sound.row else None
    duration_ms = track.duration_ms or (sound.row.duration_ms if sound.row else None)
    return {
        "track": track,
        "sound": sound,
        "row": sound.row,
        "tiles": main_tiles(sound.known, spread) if sound.row else [],
        "levels": level_tiles(sound.known, spread) if sound.row else [],
        "waves": _waves(sound),
        "times": [duration_ms * part // QUARTERS for part in range(QUARTERS + 1)] if duration_ms else [],
        "wheel": _wheel(key) if key else "",
        "neighbours": _neighbours(key, spread) if key else [],
        "together": sum(spread.keys.get(place, 0) for place in compatible_keys(key)) if key else 0,
        "together_url": f"{reverse('library_tracks')}?compatible={key}",
        "changes": _lines(sound.changes),
        "may_change": identity_of_page(request).allows("write"),
    }


def _waves(sound: SoundOfTrack) -> list[tuple[str, SafeString]]:
    """Wide and narrow: the style sheet shows one of them."""
    if sound.waveform is None or not sound.waveform.peaks:
        return []
    channels = channels_of(sound.waveform)
    return [("desk-only", wave(channels, "page")), ("phone-only", wave(channels, "phone"))]


def _wheel(key: str) -> SafeString:
    said = {"key": key, "name": key_name(key), "others": ", ".join(compatible_keys(key)[1:])}
    label = _("Camelot wheel: this track is in %(key)s, %(name)s; %(others)s go with it") % said
    return wheel_of_key(key, name=key_name(key), label=label)


@dataclass(frozen=True)
class Neighbour:
    """A key that goes with that of the track."""

    key: str
    words: str
    count: int

    @property
    def hour(self) -> str:
        return self.key[:-1]

    @property
    def is_major(self) -> bool:
        return self.key[-1] == "B"

    @property
    def url(self) -> str:
        return f"{reverse('library_tracks')}?camelot={self.key}"


def _neighbours(key: str, spread: Spreads) -> list[Neighbour]:
    _same, up, down, relative = compatible_keys(key)
    words = {
        key: _("The same key"),
        up: _("One step up, brighter"),
        down: _("One step down, darker"),
        relative: _("Relative major") if relative[-1] == "B" else _("Relative minor"),
    }
    return [Neighbour(place, said, spread.keys.get(place, 0)) for place, said in words.items()]


@dataclass(frozen=True)
class Line:
    """A change as it is told."""

    change: FeatureChange
    what: str
    words: str
    can_be_taken_back: bool


def _lines(changes: list[FeatureChange]) -> list[Line]:
    open_fields: set[str] = set()
    lines = []
    for change in changes:
        is_last = change.taken_back_at is None and change.field not in open_fields
        if change.taken_back_at is None:
            open_fields.add(change.field)
        lines.append(Line(change, field_name(change.field), _told(change), is_last))
    return lines


def _told(change: FeatureChange) -> str:
    if change.action == FeatureChange.Action.LOCK:
        return _("locked")
    old, new = (_value(change.field, said) for said in (change.old, change.new))
    if change.action == FeatureChange.Action.UNLOCK:
        return _("unlocked") if old == new else _("unlocked: %(old)s → %(new)s") % {"old": old, "new": new}
    return f"{old} → {new}"


def _value(field: str, said: Any) -> str:
    """Of a key its place on the wheel says all."""
    values = said if isinstance(said, Mapping) else {}
    name = "camelot_key" if field == "key" else field
    return with_unit(name, values.get(name)) or "–"


# --- what is done -----------------------------------------------------------------------------------------------------


@require_POST
def change(request: HttpRequest, track_id: int, field: str, do: str) -> HttpResponse:
    """One value put right, held fast, let go, doubled, or replaced by one of its candidates."""
    act = ACTS.get(do)
    if act is None or field not in FACETS:
        raise NotFound("There is nothing at this address.")
    name = "camelot_key" if field == "key" else field
    return _done(request, track_id, lambda user: act(request, track_id, name, user), field)


def _set(request: HttpRequest, track_id: int, field: str, user: User) -> str:
    value = _typed(field, request.POST.get("value", ""))
    correcting.correct_feature(track_id=track_id, field=field, value=value, user=user)
    if value is None:
        return _("%(field)s: none. It stays so.") % {"field": field_name(_shown(field))}
    said = {"field": field_name(_shown(field)), "value": with_unit(field, value)}
    return _("%(field)s: %(value)s. It stays so.") % said


def _typed(field: str, text: str) -> str | float | None:
    text = text.strip().replace("−", "-")
    if not text or field not in SPANS:
        return text or None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise InvalidInput(_("This is no number."), field=field) from None


def _lock(request: HttpRequest, track_id: int, field: str, user: User) -> str:
    correcting.lock_feature(track_id=track_id, field=field, user=user)
    return _("%(field)s is locked: no analysis and no tag changes it.") % {"field": field_name(_shown(field))}


def _unlock(request: HttpRequest, track_id: int, field: str, user: User) -> str:
    correcting.unlock_feature(track_id=track_id, field=field, user=user)
    return _("%(field)s is unlocked: the best source is shown.") % {"field": field_name(_shown(field))}


def _scale(request: HttpRequest, track_id: int, field: str, user: User) -> str:
    factor = request.POST.get("factor", "")
    if field != "bpm" or factor not in FACTORS:
        raise InvalidInput(_("A tempo is doubled or halved."), field="factor")
    found = correcting.scale_tempo(track_id=track_id, factor=factor, user=user)
    return _picked(field, found)


def _pick(request: HttpRequest, track_id: int, field: str, user: User) -> str:
    place = request.POST.get("place", "")
    number = int(place) if place.isascii() and place.isdigit() and len(place) < 3 else -1
    return _picked(field, correcting.pick_candidate(track_id=track_id, field=_shown(field), place=number, user=user))


def _picked(field: str, found: FeatureChange) -> str:
    said = {"field": field_name(found.field), "value": _value(_shown(field), found.new)}
    return _("%(field)s: %(value)s. It stays so.") % said


def _shown(field: str) -> str:
    """The three columns of a key are one field on the page."""
    return "key" if field == "camelot_key" else field


ACTS: dict[str, Act] = {"set": _set, "lock": _lock, "unlock": _unlock, "scale": _scale, "pick": _pick}


@require_POST
def take_back(request: HttpRequest, track_id: int, change_id: int) -> HttpResponse:
    """As it stood before that change."""

    def act(user: User) -> str:
        if not FeatureChange.objects.filter(track=track_id, pk=change_id).exists():
            raise NotFound("There is no such change of this track.")
        found = correcting.take_back_change(change_id=change_id, user=user)
        return _("%(field)s is as it was before.") % {"field": field_name(found.field)}

    return _done(request, track_id, act)


@require_POST
def analyse(request: HttpRequest, track_id: int) -> HttpResponse:
    """Once more, or for the first time; what is known stays until then."""

    def act(user: User) -> str:
        analyze_tracks(track_ids=[track_id], requested_by=user)
        if why_paused(governor_settings()):
            return _("It waits until the analysis goes on; what is known of it stays until then.")
        return _("It is being analysed; what is known of it stays until then.")

    return _done(request, track_id, act)


def _done(request: HttpRequest, track_id: int, act: Callable[[User], str], field: str = "") -> HttpResponse:
    """The panel again with what happened; a change of a value may be undone."""
    identity_of_page(request).require("write")
    before = newest_change(track_id)
    try:
        words = act(listener_of(request))
    except NotFound:
        raise
    except SoniqueBayError as error:
        messages.error(request, " ".join(filter(None, (_(error.message), _(error.hint) if error.hint else ""))))
    else:
        latest = newest_change(track_id)
        is_new = latest is not None and (before is None or latest.pk != before.pk)
        undo = reverse("take_back_sound", args=[track_id, latest.pk]) if field and latest and is_new else ""
        messages.success(request, words, extra_tags=undo)
    if request.headers.get("HX-Target") == FRAGMENT:
        return _fragment(request, track_id)
    return redirect(_page_of(track_id))


def _page_of(track_id: int) -> str:
    return f"{reverse('track', args=[track_id])}#{FRAGMENT}"

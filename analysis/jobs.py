"""What the analysis asks of workers and of control."""

import hashlib
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from analysis.schemas.work import ANALYZE_KIND, AnalyzeParams
from core.errors import InvalidInput
from core.jobs import JobKind, Queue, no_params


def check_analyze(params: dict[str, Any]) -> dict[str, Any]:
    """Whoever asks for some tracks names them; who asks for all, or for some, means from now on."""
    try:
        checked = AnalyzeParams.model_validate(params)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        message = f"An analysis' {place or 'parameters'}: {first['msg']}."
        raise InvalidInput(message, field=f"params.{place}") from None
    if (checked.what == "some") != bool(checked.track_ids):
        raise InvalidInput("track_ids and what = some belong together.", field="params.track_ids")
    if checked.what in {"all", "some"}:
        checked.since = _moment(checked.since)
    return checked.model_dump()


def _moment(text: str) -> str:
    if not text:
        return timezone.now().isoformat()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput("since is no moment.", field="params.since") from None
    return (found if found.tzinfo else timezone.make_aware(found)).isoformat()


def subject_of(params: dict[str, Any]) -> str:
    """Two parts of one number never run together; a chosen handful of tracks stands beside them."""
    if params["what"] == "some":
        text = ",".join(str(number) for number in sorted(params["track_ids"]))
        return f"some:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    part = f"part {params['part']}"
    return f"all, {part}" if params["what"] == "all" else part


ANALYZE = JobKind(
    name=ANALYZE_KIND,
    queue=Queue.COMPUTE,
    title=_("Analysing how tracks sound"),
    icon="wave",
    unit=_("tracks"),
    steps={
        "Asking": _("Asking what to do"),
        "Listening": _("Listening"),
        "Paused": _("Paused"),
        "Too old": _("Waiting for a worker whose analyser is not too old"),
        "Outside its hours": _("Waiting for its hours"),
        "Somebody listens": _("Waiting while somebody listens"),
        "Cooling down": _("Waiting for the machine to cool down"),
    },
    figures={
        "analysed": _("Analysed"),
        "errors": _("Failed"),
        "partial": _("In part"),
        "tracks_per_min": _("Tracks a minute"),
        "music_s": _("Music"),
        "speed": _("Seconds of music a second"),
        "processes": _("Processes"),
        "temperature_c": _("Temperature (°C)"),
        "left": _("Left in all"),
    },
    check_params=check_analyze,
    subject=subject_of,
    counters={"analysed": "audio_analysis_tracks_total", "errors": "audio_analysis_errors_total"},
)
FIND_MISSING = JobKind(
    name="analysis.find_missing",
    queue=Queue.CONTROL,
    title=_("Looking for tracks that were not analysed"),
    icon="search",
    unit=_("tracks"),
    steps={"Looking": _("Looking")},
    figures={"missing": _("Missing"), "stale": _("Of an older version")},
    check_params=no_params,
)

KINDS = [ANALYZE]

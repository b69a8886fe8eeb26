"""REST of a track's features: read, written, corrected, held fast, taken back; its waveform."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from analysis.schemas.features import (
    AnalyzeIn,
    AudioFeaturesOut,
    ChangeOut,
    FeaturesIn,
    PickIn,
    ScaleIn,
    WaveformOut,
)
from analysis.schemas.work import Started
from analysis.selectors.features import (
    change_out,
    feature_changes,
    features_out,
    get_by_track_id,
    waveform_of,
    waveform_out,
)
from analysis.services import correcting, features
from analysis.services.starting import start_asked
from core.api import FAULTS
from core.doors import Needs, identity_of_request
from core.errors import NotFound
from core.models import User
from core.selectors import job_out
from library.api.asking import Number, dated

tracks = Router(tags=["analysis"])
MOST_CHANGES = 200
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@tracks.post("/analyze-audio", response={202: Started, **FAULTS}, auth=Needs("write"))
def analyze_audio(request: HttpRequest, data: AnalyzeIn) -> Status[Started]:
    """Queues the analysis of some tracks, or of all that lack features (are of an older version, or all there are)."""
    jobs, count = start_asked(asked=data, requested_by=_user(request))
    return Status(202, Started(jobs=[job_out(job) for job in jobs], tracks=count))


@tracks.get("/{int:track_id}/audio-features", response={200: AudioFeaturesOut, **FAULTS}, auth=Needs("read"))
def get_features(request: HttpRequest, response: HttpResponse, track_id: Number) -> AudioFeaturesOut:
    """Every value with its source, its confidence and what other sources say."""
    return dated(response, features_out(get_by_track_id(track_id)))


@tracks.post("/{int:track_id}/audio-features", response={201: AudioFeaturesOut, **FAULTS}, auth=Needs("write"))
def post_features(request: HttpRequest, track_id: Number, data: FeaturesIn) -> Status[AudioFeaturesOut]:
    """The first word about a track; 409 if there are features already."""
    return Status(201, _written(request, track_id, data, "create"))


@tracks.put("/{int:track_id}/audio-features", response={200: AudioFeaturesOut, **FAULTS}, auth=Needs("write"))
def put_features(request: HttpRequest, track_id: Number, data: FeaturesIn) -> AudioFeaturesOut:
    """Creates or updates; what is left out stays. A person's word (`manual`) is locked at once."""
    return _written(request, track_id, data, "create_or_update")


@tracks.patch("/{int:track_id}/audio-features", response={200: AudioFeaturesOut, **FAULTS}, auth=Needs("write"))
def patch_features(request: HttpRequest, track_id: Number, data: FeaturesIn) -> AudioFeaturesOut:
    """Changes what is given; 404 where there is nothing yet."""
    return _written(request, track_id, data, "update")


@tracks.delete("/{int:track_id}/audio-features", response={204: None, **FAULTS}, auth=Needs("write"))
def delete_features(request: HttpRequest, track_id: Number) -> Status[None]:
    """Forgets all of it, locks included."""
    features.delete(track_id=track_id)
    return Status(204, None)


@tracks.put("/{int:track_id}/features", response={200: AudioFeaturesOut, **FAULTS}, auth=Needs("write"))
def put_track_features(request: HttpRequest, track_id: Number, data: FeaturesIn) -> AudioFeaturesOut:
    """The same as PUT of its audio-features, under the name of the older documents."""
    return _written(request, track_id, data, "create_or_update")


@tracks.post("/{int:track_id}/audio-features/tempo", response={200: AudioFeaturesOut, **FAULTS}, auth=Needs("write"))
def post_tempo(request: HttpRequest, track_id: Number, data: ScaleIn) -> AudioFeaturesOut:
    """×2, ÷2 and the like, locked."""
    correcting.scale_tempo(track_id=track_id, factor=data.factor, user=_user(request))
    return features_out(get_by_track_id(track_id))


@tracks.post("/{int:track_id}/audio-features/pick", response={200: AudioFeaturesOut, **FAULTS}, auth=Needs("write"))
def post_pick(request: HttpRequest, track_id: Number, data: PickIn) -> AudioFeaturesOut:
    """One of the candidates, locked."""
    correcting.pick_candidate(track_id=track_id, field=data.field, place=data.place, user=_user(request))
    return features_out(get_by_track_id(track_id))


@tracks.get("/{int:track_id}/audio-features/changes", response={200: list[ChangeOut], **FAULTS}, auth=Needs("read"))
def get_changes(request: HttpRequest, track_id: Number) -> list[ChangeOut]:
    """What has changed, the last first."""
    return [change_out(change) for change in feature_changes(track_id)[:MOST_CHANGES]]


@tracks.post(
    "/{int:track_id}/audio-features/changes/{int:change_id}/take-back",
    response={200: ChangeOut, **FAULTS},
    auth=Needs("write"),
)
def post_take_back(request: HttpRequest, track_id: Number, change_id: Number) -> ChangeOut:
    """As it stood before that change."""
    change = feature_changes(track_id).filter(pk=change_id).first()
    if change is None:
        raise NotFound("There is no such change of this track.")
    return change_out(correcting.take_back_change(change_id=change.pk, user=_user(request)))


@tracks.get(
    "/{int:track_id}/waveform",
    response={200: WaveformOut, **FAULTS},
    auth=Needs("read"),
    openapi_extra={"responses": {200: {"description": "The peaks", "content": BYTES}}},
)
def get_waveform(request: HttpRequest, track_id: Number) -> Any:
    """Peaks of each channel, 0 to 255; as bytes (left, then right) to whoever accepts application/octet-stream."""
    waveform = waveform_of(track_id)
    if request.get_preferred_type(["application/json", "application/octet-stream"]) != "application/octet-stream":
        return _varying(HttpResponse(waveform_out(waveform).model_dump_json(), content_type="application/json"))
    answer = HttpResponse(bytes(waveform.peaks), content_type="application/octet-stream")
    answer["X-Channels"] = str(waveform.channels)
    return _varying(answer)


def _varying(answer: HttpResponse) -> HttpResponse:
    """Its ETag is that of its content; a browser asks whether it is still the same."""
    answer["Vary"] = "Accept"
    answer["Cache-Control"] = "private, max-age=60"
    return answer


def _written(request: HttpRequest, track_id: int, data: FeaturesIn, how: features.How) -> AudioFeaturesOut:
    return features_out(features.write(track_id=track_id, data=data, how=how, user=_user(request)))


def _user(request: HttpRequest) -> User | None:
    return identity_of_request(request).user

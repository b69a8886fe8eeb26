"""What the embeddings ask of workers and of control."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from core.errors import InvalidInput
from core.jobs import JobKind, Queue
from embeddings.schemas.mapping import MAP_KIND
from embeddings.schemas.work import TEND_KIND, VECTORIZE_KIND, VectorizeParams


def check_vectorize(params: dict[str, Any]) -> dict[str, Any]:
    try:
        return VectorizeParams.model_validate(params).model_dump()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{place or 'params'}: {first['msg']}.", field=f"params.{place}") from None


def check_tend(params: dict[str, Any]) -> dict[str, Any]:
    if params not in ({}, {"start": True}, {"start": False}):
        raise InvalidInput("This job may be told whether to start what is missing, and nothing else.", field="params")
    return params


def check_map(params: dict[str, Any]) -> dict[str, Any]:
    if set(params) - {"anew"} or not isinstance(params.get("anew", False), bool):
        raise InvalidInput("The map is drawn anew or not, and nothing else can be said.", field="params")
    return {"anew": bool(params.get("anew", False))}


VECTORIZE = JobKind(
    name=VECTORIZE_KIND,
    queue=Queue.COMPUTE,
    title=_("Learning what tracks mean"),
    icon="map",
    unit=_("tracks"),
    steps={
        "Asking": _("Asking what to do"),
        "Words": _("Reading their words"),
        "Sound": _("Reading their sound"),
        "Waiting for Ollama": _("Waiting for Ollama"),
        "Standing in for Ollama": _("Ollama is away: the built-in encoder stands in"),
    },
    figures={
        "vectors": _("Vectors made"),
        "unchanged": _("Unchanged"),
        "without": _("Nothing to go by"),
        "refused": _("Refused"),
        "model": _("Model"),
    },
    check_params=check_vectorize,
    duration="vectorization_duration_seconds",
)
TEND = JobKind(
    name=TEND_KIND,
    queue=Queue.CONTROL,
    title=_("Keeping what tracks mean in order"),
    icon="map",
    unit=_("steps"),
    steps={
        "Comparing": _("Looking for what has changed"),
        "Artists": _("Averaging artists"),
        "Index": _("Building the index"),
        "Models": _("Changing the model"),
    },
    figures={"changed": _("Changed"), "artists": _("Artists"), "indexes": _("Indexes built")},
    check_params=check_tend,
)
MAP = JobKind(
    name=MAP_KIND,
    queue=Queue.COMPUTE,
    title=_("Drawing the map of the library"),
    icon="map",
    unit=_("tracks"),
    steps={
        "Looking": _("Looking"),
        "Laying out": _("Laying out landmarks"),
        "Placing": _("Placing tracks"),
        "Naming": _("Naming regions"),
    },
    figures={"landmarks": _("Landmarks"), "regions": _("Regions")},
    check_params=check_map,
)
KINDS = [VECTORIZE, MAP]

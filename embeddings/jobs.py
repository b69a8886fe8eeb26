"""What the embeddings ask of workers and of control."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.jobs import JobKind, Queue, no_params
from embeddings.schemas.mapping import MAP_KIND


def check_map(params: dict[str, Any]) -> dict[str, Any]:
    if set(params) - {"anew"} or not isinstance(params.get("anew", False), bool):
        raise InvalidInput("The map is drawn anew or not, and nothing else can be said.", field="params")
    return {"anew": bool(params.get("anew", False))}


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
FIND_UNMAPPED = JobKind(
    name="embeddings.find_unmapped",
    queue=Queue.CONTROL,
    title=_("Looking for tracks that are not on the map"),
    icon="search",
    unit=_("tracks"),
    steps={"Looking": _("Looking")},
    check_params=no_params,
)
KINDS = [MAP]

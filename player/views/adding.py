"""What buttons of pages do where there are no scripts: put something into the queue, and say so."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from core.errors import InvalidInput
from core.models import User
from core.templatetags.readings import number
from player.schemas.queue import CommandIn
from player.services.queue import apply_command

PLACES = ("now", "next", "last", "shuffled")


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """`now`, `next`, `last` or `shuffled`, with what is meant: album:12, tracks:3,1,2."""
    place = next((name for name in PLACES if name in request.POST), None)
    if place is None:
        raise InvalidInput("Nothing was chosen.", hint="Choose something to play, and where it goes.")
    done = apply_command(user=cast(User, request.user), asked=_command(place, request.POST[place]))
    count = len(done.entries)
    said = ngettext("%(count)s track is in the queue.", "%(count)s tracks are in the queue.", count)
    messages.success(request, said % {"count": number(count)})
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe and back.startswith("/") else reverse("home"))


def _command(place: str, thing: str) -> Any:
    kind, _colon, numbers = thing.partition(":")
    source: dict[str, Any] = (
        {"tracks": numbers.split(",")} if kind == "tracks" else {"from": {"kind": kind, "id": numbers}}
    )
    asked: dict[str, dict[str, Any]] = {
        "now": {"command": "add", "where": "now"},
        "shuffled": {"command": "replace", "shuffled": True},
    }
    how = asked.get(place, {"command": "add", "where": place})
    try:
        return CommandIn.model_validate({**how, **source}).root
    except ValidationError:
        raise InvalidInput("This is nothing that could be played.") from None

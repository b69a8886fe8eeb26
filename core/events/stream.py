"""The door /api/events: server-sent events for browsers, and for programs with a token."""

from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET
from django_eventstream.utils import add_default_headers, sse_encode_event

from core.auth import authenticate_request
from core.errors import InvalidInput
from core.events.access import credential_of, require_reading
from core.events.channels import format_position, requested_channels, requested_position
from core.events.subscription import Batch, Subscription
from core.schemas import ErrorOut
from core.streams import give_back

RETRY_MS = 1000
# Daphne keeps for a reader that does not read whatever we write, without telling: a stream ends after so much, and a
# reader that is alive comes back at once, with the id of its last event, and has missed nothing.
MOST_BYTES = 1024 * 1024


@login_not_required
@require_GET
async def events(request: HttpRequest) -> HttpResponseBase:
    """Asks who listens by itself: a redirect to the sign-in page would tell a stream nothing."""
    require_reading(await sync_to_async(authenticate_request)(request))
    try:
        channels = requested_channels(request.GET.getlist("channel"))
        brought = requested_position(request.headers, reversed(request.GET.getlist("lastEventId")))
    except InvalidInput as error:
        # What cannot be read here is the address itself, not a form that somebody filled in.
        said = ErrorOut(code=error.code, message=error.message, hint=error.hint, field=error.field)
        return JsonResponse(said.model_dump(), status=400)
    subscription = Subscription(channels, credential_of(request.headers), brought)
    await subscription.stand()
    response = StreamingHttpResponse(_body(subscription), content_type="text/event-stream")
    add_default_headers(response, request=request)
    return response


async def _body(subscription: Subscription) -> AsyncIterator[str]:
    await give_back()
    written = 0
    async for batch in subscription.batches():
        opening = "" if written else _opening(batch)
        text = opening + _encode(batch) or "event: keep-alive\ndata:\n\n"
        yield text
        written += len(text)
        if written > MOST_BYTES:
            return


def _opening(batch: Batch) -> str:
    """The id lets a reader that has heard nothing yet resume as well."""
    opening: str = sse_encode_event("stream-open", "", event_id=format_position(batch.start))
    return f"retry: {RETRY_MS}\n\n{opening}"


def _encode(batch: Batch) -> str:
    position = dict(batch.start)
    parts = []
    if batch.away:
        parts.append(sse_encode_event("stream-away", ""))
    if batch.reset:
        names = {"channels": [str(channel) for channel in batch.reset]}
        parts.append(sse_encode_event("stream-reset", names, event_id=format_position(position), json_encode=True))
    for event in batch.events:
        position[event.channel] = event.id
        parts.append(sse_encode_event(event.type, event.data, event_id=format_position(position)))
    return "".join(parts)

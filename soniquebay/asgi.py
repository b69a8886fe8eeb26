"""The ASGI application: HTTP by Django, sockets by Channels."""

import os
import sys
from typing import Any

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soniquebay.settings")
django.setup(set_prefix=False)

from soniquebay.handler import Handler  # noqa: E402

http = Handler()

paced = None
if "daphne.server" in sys.modules:
    # Imported nowhere else, for it brings Twisted along.
    from soniquebay import pacing

    pacing.install()
    paced = pacing.paced

# Consumers need the apps, which exist from here on.
from core import routing as core_routing  # noqa: E402
from core.collector import spare_what_is_loaded  # noqa: E402
from player import routing as player_routing  # noqa: E402

# Loads every door now, and not with somebody's first request.
get_resolver().url_patterns  # noqa: B018
spare_what_is_loaded()

sockets = URLRouter([*core_routing.websocket_urlpatterns, *player_routing.websocket_urlpatterns])
router = ProtocolTypeRouter({"http": http, "websocket": sockets})


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Daphne lets anybody's header `Daphne-Root-Path` say where we are mounted; we stand at the root, always."""
    await router({**scope, "root_path": ""}, receive, paced(send) if paced else send)

"""What the embeddings add to the pages of the apps below; what stands on numpy is loaded with the first of them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.panels import Fill, Panel
from library.models import Album, Artist, Genre, Track

BUTTONS = "embeddings/_ways.html"


def _similar(request: HttpRequest, track: Track) -> Mapping[str, Any] | None:
    from embeddings.views.similar import similar_panel

    return similar_panel(request, track)


def _artists(request: HttpRequest, artist: Artist) -> Mapping[str, Any] | None:
    from embeddings.views.similar import artists_panel

    return artists_panel(request, artist)


def _ways(kind: str) -> Fill:
    """Buttons of an album, an artist, a genre, a track: a radio, a path, a mix."""

    def fill(request: HttpRequest, subject: Any) -> Mapping[str, Any] | None:
        thing = subject if isinstance(subject, Album | Artist | Genre | Track) else getattr(subject, kind, None)
        if thing is None or (isinstance(thing, Track) and not thing.available):
            return None
        ways = {"radio_url": f"{reverse('radio')}?from={kind}:{thing.pk}"}
        if kind == "track":
            ways["path_url"] = f"{reverse('path')}?from={thing.pk}"
        if kind == "album":
            ways["mix_url"] = f"{reverse('mixer')}?album={thing.pk}"
        return ways

    return fill


PANELS = (
    Panel("embeddings.similar", "track", "embeddings/_similar.html", _similar, order=30),
    Panel("embeddings.artists", "artist", "embeddings/_artists.html", _artists, order=30),
    *(
        Panel(f"embeddings.ways.{kind}", f"{kind}-actions", BUTTONS, _ways(kind), order=50)
        for kind in ("album", "artist", "genre", "track")
    ),
)

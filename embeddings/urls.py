"""Addresses of the embeddings' pages."""

from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.urls.resolvers import URLPattern

from embeddings.views import asking, settings


def late(name: str) -> Any:
    """A view of a module that stands on numpy, loaded when it is first asked for: an idle server stays small."""
    module, _dot, view = name.partition(".")

    def ask(request: HttpRequest, **given: Any) -> HttpResponse:
        found: HttpResponse = getattr(import_module(f"embeddings.views.{module}"), view)(request, **given)
        return found

    return ask


urlpatterns: list[URLPattern] = [
    path("map/", late("mapping.chart"), name="map"),
    path("map/draw/", late("mapping.draw"), name="draw_map"),
    path("map/path/", late("ways.path_on_map"), name="path_on_map"),
    path("map/tracks/<int:track_id>/", late("mapping.card"), name="map_card"),
    path("tracks/<int:track_id>/similar/", late("similar.similar"), name="similar"),
    path("radio/", late("ways.radio_page"), name="radio"),
    path("path/", late("ways.path_page"), name="path"),
    path("mixer/", late("ways.mixer"), name="mixer"),
    path("ask/", asking.asking, name="ask"),
    path("settings/meaning/", settings.meaning, name="meaning"),
    path("settings/meaning/start/", settings.start, name="start_vectorizing"),
]

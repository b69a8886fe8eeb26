"""Addresses of the embeddings' pages."""

from django.urls import path

from embeddings.views import mapping, settings, similar, ways

urlpatterns = [
    path("map/", mapping.chart, name="map"),
    path("map/draw/", mapping.draw, name="draw_map"),
    path("map/path/", ways.path_on_map, name="path_on_map"),
    path("map/tracks/<int:track_id>/", mapping.card, name="map_card"),
    path("tracks/<int:track_id>/similar/", similar.similar, name="similar"),
    path("radio/", ways.radio_page, name="radio"),
    path("path/", ways.path_page, name="path"),
    path("mixer/", ways.mixer, name="mixer"),
    path("settings/meaning/", settings.meaning, name="meaning"),
    path("settings/meaning/start/", settings.start, name="start_vectorizing"),
]

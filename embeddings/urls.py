"""Addresses of the embeddings' pages."""

from django.urls import path

from embeddings.views import asking, settings

urlpatterns = [
    path("ask/", asking.asking, name="ask"),
    path("settings/meaning/", settings.meaning, name="meaning"),
    path("settings/meaning/start/", settings.start, name="start_vectorizing"),
]

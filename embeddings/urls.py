"""Addresses of the embeddings' pages."""

from django.urls import path

from embeddings.views import settings

urlpatterns = [
    path("settings/meaning/", settings.meaning, name="meaning"),
    path("settings/meaning/start/", settings.start, name="start_vectorizing"),
]

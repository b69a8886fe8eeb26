"""Addresses of the library's pages and pictures."""

from django.urls import path

from library.views import covers

urlpatterns = [
    path("covers/<str:digest>/<int:size>.webp", covers.cover, name="cover"),
    path("covers/<str:digest>/original", covers.original, name="cover_original"),
]

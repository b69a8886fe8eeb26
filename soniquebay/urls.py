"""Every address of the house, in one place."""

from django.contrib import admin
from django.urls import include, path

from core.events.stream import events
from soniquebay import views
from soniquebay.api import api

handler400 = "soniquebay.views.bad_request"
handler403 = "soniquebay.views.forbidden"
handler404 = "soniquebay.views.not_found"
handler500 = "soniquebay.views.server_error"

# Not in every process that knows the models: control shows nobody a form.
admin.autodiscover()
urlpatterns = [
    path("", include("core.urls")),
    path("", include("library.urls")),
    path("", include("analysis.urls")),
    path("", include("embeddings.urls")),
    path("", include("player.urls")),
    path("api/events", events, name="events"),
    path("api/graphql", views.graphql, name="graphql"),
    path("api/openapi.json", views.openapi, name="openapi"),
    path("api/", api.urls),
    path("admin/login/", views.admin_entrance),
    path("admin/", admin.site.urls),
    path("health", views.health, name="health"),
    path("metrics", views.metrics, name="metrics"),
]

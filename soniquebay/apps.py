"""The composition as a Django app, for its management commands."""

from django.apps import AppConfig


class SoniqueBayConfig(AppConfig):
    name = "soniquebay"
    verbose_name = "SoniqueBay"

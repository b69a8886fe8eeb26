"""Where somebody listens: tabs, phones, programs, under the ids that they made for themselves."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Device(models.Model):
    """One that plays, or drives another."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    key = models.CharField(max_length=64)
    """made by the device, so that it is the same after a restart"""
    name = models.CharField(max_length=200, blank=True, default="")
    kind = models.CharField(max_length=40, blank=True, default="")
    """web, phone, program …, as it calls itself"""
    socket = models.CharField(max_length=32, blank=True, default="")
    """which of its connections was opened last; empty: none is open"""
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "devices"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="uq_devices")]

    def __str__(self) -> str:
        return self.name or self.key

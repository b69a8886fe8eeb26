"""What somebody has heard, when, where and for how long."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from library.models import Track
from player.models.devices import Device


class Listen(models.Model):
    """Kept whether it counts or not; a track that was listened to cannot be deleted."""

    class Ended(models.TextChoices):
        FINISHED = "finished"
        SKIPPED = "skipped"
        STOPPED = "stopped"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="listening_history")
    key = models.CharField(max_length=64)
    """made by whoever tells of it, so that telling it twice makes one listen"""
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="listening_history")
    started_at = models.DateTimeField()
    played_ms = models.BigIntegerField()
    duration_ms = models.BigIntegerField()
    """of the whole track, as it was known then"""
    counted = models.BooleanField()
    """whether it is a play by the usual rule"""
    ended = models.CharField(max_length=8, choices=Ended)
    source = models.CharField(max_length=40, default="local")
    device = models.ForeignKey(Device, null=True, blank=True, on_delete=models.SET_NULL, related_name="listens")
    origin = models.JSONField(null=True, blank=True)
    """what it was played from: {kind, id, label}"""
    date_added = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "listening_history"
        indexes: ClassVar = [
            models.Index(fields=["user", "-started_at", "-id"], name="idx_listens_started_at"),
            models.Index(fields=["track", "user"], name="idx_listens_track"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="uq_listens"),
            models.CheckConstraint(condition=Q(played_ms__gte=0) & Q(duration_ms__gte=0), name="listens_times"),
            models.CheckConstraint(condition=Q(ended__in=["finished", "skipped", "stopped"]), name="listens_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.track_id}, {self.started_at}"

"""Who changed a feature from what to what, and how to take that back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from library.models import Track


class FeatureChange(models.Model):
    """One change of a value that was known, or that a person made."""

    class Action(models.TextChoices):
        VALUE = "value"
        LOCK = "lock"
        UNLOCK = "unlock"

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="feature_changes")
    field = models.TextField()
    action = models.TextField(choices=Action, default=Action.VALUE)
    old = models.JSONField(null=True, blank=True)
    new = models.JSONField(null=True, blank=True)
    source = models.TextField()
    """of the new value"""
    before = models.JSONField(default=dict, blank=True)
    """{columns, provenance, manual, locked}: what is put back when it is taken back"""
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "feature_changes"
        indexes: ClassVar = [models.Index(fields=["track", "-id"], name="idx_feature_changes_track")]

    def __str__(self) -> str:
        return f"{self.track_id} {self.field}: {self.old} → {self.new}"

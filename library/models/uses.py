"""The one thing that everybody above must know of a listener: what a person did with a track. Written by player."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from library.models.tracks import Track


class TrackUse(models.Model):
    """A track that somebody has used cannot be deleted: it can only become missing."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="track_uses", db_index=False
    )
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="uses")
    plays = models.IntegerField(default=0)
    last_played = models.DateTimeField(null=True, blank=True)
    loved = models.BooleanField(default=False)
    rating = models.SmallIntegerField(null=True, blank=True)
    """1 to 10, shown as half stars"""

    class Meta:
        db_table = "track_uses"
        indexes: ClassVar = [
            models.Index(fields=["user", "-last_played"], name="idx_track_uses_last_played"),
            models.Index(fields=["user", "track"], name="idx_track_uses_loved", condition=Q(loved=True)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "track"], name="uq_track_uses"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 10)), name="track_uses_rating"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.track_id}"

"""What others know of tracks and albums, each word with its source."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from core.models import TimestampedModel
from library.models import Album, Track


class TrackMetadata(TimestampedModel):
    """One thing that one source says of a track."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="metadata")
    metadata_key = models.TextField()
    metadata_value = models.TextField(null=True, blank=True)
    metadata_source = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "track_metadata"
        indexes: ClassVar = [
            models.Index(fields=["track"], name="idx_track_metadata_track_id"),
            models.Index(fields=["metadata_key"], name="idx_track_metadata_key"),
            models.Index(fields=["metadata_source"], name="idx_track_metadata_source"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["track", "metadata_key", "metadata_source"], name="uq_track_metadata")
        ]

    def __str__(self) -> str:
        return f"{self.metadata_key} of {self.track_id}"


class AlbumMetadata(TimestampedModel):
    """Texts and facts about an album that no tag holds."""

    album = models.OneToOneField(Album, on_delete=models.CASCADE, related_name="metadata")
    ai_info = models.TextField(null=True, blank=True)
    resume = models.TextField(null=True, blank=True)
    haiku = models.TextField(null=True, blank=True)
    labels = ArrayField(models.TextField(), default=list, blank=True)
    film_title = models.TextField(null=True, blank=True)
    film_year = models.SmallIntegerField(null=True, blank=True)
    film_director = models.TextField(null=True, blank=True)

    class Meta:
        db_table = "album_metadata"

    def __str__(self) -> str:
        return f"metadata of {self.album_id}"

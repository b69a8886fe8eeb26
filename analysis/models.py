"""What a track sounds like: tempo, key, mood; one row a track, apart from what its file says."""

from typing import ClassVar

from django.db import models

from core.models import TimestampedModel
from library.models import Track


class TrackAudioFeatures(TimestampedModel):
    """Empty is unknown; every value has the source that `analysis_source` names."""

    class Source(models.TextChoices):
        LIBROSA = "librosa"
        TAGS = "tags"
        ACOUSTID = "acoustid"
        MANUAL = "manual"

    track = models.OneToOneField(Track, on_delete=models.CASCADE, related_name="audio_features")
    bpm = models.FloatField(null=True, blank=True)
    key = models.TextField(null=True, blank=True)
    scale = models.TextField(null=True, blank=True)
    danceability = models.FloatField(null=True, blank=True)
    mood_happy = models.FloatField(null=True, blank=True)
    mood_aggressive = models.FloatField(null=True, blank=True)
    mood_party = models.FloatField(null=True, blank=True)
    mood_relaxed = models.FloatField(null=True, blank=True)
    instrumental = models.FloatField(null=True, blank=True)
    acoustic = models.FloatField(null=True, blank=True)
    tonal = models.FloatField(null=True, blank=True)
    genre_main = models.TextField(null=True, blank=True)
    camelot_key = models.TextField(null=True, blank=True)
    analysis_source = models.TextField(blank=True, default="")
    analyzed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "track_audio_features"
        indexes: ClassVar = [
            models.Index(fields=["bpm"], name="idx_track_audio_features_bpm"),
            models.Index(fields=["key"], name="idx_track_audio_features_key"),
            models.Index(fields=["camelot_key"], name="idx_track_features_camelot_key"),
        ]

    def __str__(self) -> str:
        return f"features of {self.track_id}"

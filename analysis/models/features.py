"""What a track sounds like: one row a track, apart from what its file says of itself."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Value, When

from core.models import TimestampedModel
from library.models import Track

HOURS = [(f"{hour}{letter}", 2 * hour + place) for hour in range(1, 13) for place, letter in enumerate("AB")]
"""Camelot's keys with their place on the wheel: 1A, 1B, 2A …"""


class TrackAudioFeatures(TimestampedModel):
    """Empty is unknown. A column holds what is shown; `claims` holds what every source says of it."""

    class Source(models.TextChoices):
        """The higher one is believed; a value of an older installation that named none comes last."""

        MANUAL = "manual"
        TAGS = "tags"
        ACOUSTID = "acoustid"
        LIBROSA = "librosa"
        IMPORTED = "imported"

    track = models.OneToOneField(Track, on_delete=models.CASCADE, related_name="audio_features")
    bpm = models.FloatField(null=True, blank=True)
    key = models.TextField(null=True, blank=True)
    scale = models.TextField(null=True, blank=True)
    camelot_key = models.TextField(null=True, blank=True)
    danceability = models.FloatField(null=True, blank=True)
    mood_happy = models.FloatField(null=True, blank=True)
    mood_aggressive = models.FloatField(null=True, blank=True)
    mood_party = models.FloatField(null=True, blank=True)
    mood_relaxed = models.FloatField(null=True, blank=True)
    instrumental = models.FloatField(null=True, blank=True)
    acoustic = models.FloatField(null=True, blank=True)
    tonal = models.FloatField(null=True, blank=True)
    genre_main = models.TextField(null=True, blank=True)
    energy = models.FloatField(null=True, blank=True)
    valence = models.FloatField(null=True, blank=True)
    loudness = models.FloatField(null=True, blank=True)
    """integrated, LUFS"""
    loudness_range = models.FloatField(null=True, blank=True)
    """LU"""
    true_peak = models.FloatField(null=True, blank=True)
    """decibels of full scale"""
    sample_peak = models.FloatField(null=True, blank=True)
    """1.0 is full scale"""
    replaygain_track_gain = models.FloatField(null=True, blank=True)
    """decibels"""
    replaygain_track_peak = models.FloatField(null=True, blank=True)
    replaygain_album_gain = models.FloatField(null=True, blank=True)
    replaygain_album_peak = models.FloatField(null=True, blank=True)
    leading_silence_ms = models.IntegerField(null=True, blank=True)
    trailing_silence_ms = models.IntegerField(null=True, blank=True)
    tuning_cents = models.FloatField(null=True, blank=True)
    beat_offset_ms = models.FloatField(null=True, blank=True)
    """beats fall at this + n × 60,000/bpm"""

    analysis_source = models.TextField(blank=True, default="")
    """of the row as a whole: librosa once it was analysed; a single value's source is its `provenance`"""
    analyzed_at = models.DateTimeField(null=True, blank=True)
    analyzer_version = models.IntegerField(null=True, blank=True)
    """none: never analysed; 0: of a recording that has been replaced since"""
    duration_ms = models.IntegerField(null=True, blank=True)
    """what could be decoded"""
    partial = models.TextField(blank=True, default="", db_default="")
    """why the file could not be decoded to its end"""
    provenance = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    """{field: {source, confidence, version, at}} of what is shown"""
    claims = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    """{field: {source: {value, confidence, version, at}}}"""
    candidates = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    """{"bpm": [{bpm, ratio, confidence}], "key": [{key, scale, camelot, confidence}]}"""
    locked_fields = ArrayField(models.TextField(), default=list, db_default=[], blank=True)
    """what a person holds fast: no job, scan or import changes it"""
    camelot_place = models.GeneratedField(
        expression=Case(
            *[When(camelot_key=key, then=Value(place)) for key, place in HOURS],
            output_field=models.SmallIntegerField(),
        ),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
    )

    class Meta:
        db_table = "track_audio_features"
        indexes: ClassVar = [
            models.Index(fields=["bpm"], name="idx_track_audio_features_bpm"),
            models.Index(fields=["key"], name="idx_track_audio_features_key"),
            models.Index(fields=["camelot_key"], name="idx_track_features_camelot_key"),
            models.Index(fields=["camelot_place", "track"], name="idx_track_features_wheel"),
            models.Index(fields=["energy", "track"], name="idx_track_features_energy"),
            models.Index(fields=["analyzer_version"], name="idx_track_features_version"),
        ]

    def __str__(self) -> str:
        return f"features of {self.track_id}"

"""Vectors of tracks and artists: near in direction is near in meaning or sound."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from pgvector.django import VectorField

from core.models import TimestampedModel
from library.models import Artist, Track

DIMENSIONS = 512


class TrackEmbeddings(TimestampedModel):
    """One vector of a track; absent is absent, never zeros."""

    class Type(models.TextChoices):
        SEMANTIC = "semantic"
        AUDIO = "audio"
        TEXT = "text"

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="embeddings")
    embedding_type = models.TextField(default=Type.SEMANTIC)
    vector = VectorField(dimensions=DIMENSIONS)
    embedding_source = models.TextField(blank=True, default="")
    embedding_model = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "track_embeddings"
        indexes: ClassVar = [
            models.Index(fields=["track"], name="idx_track_embeddings_track_id"),
            models.Index(fields=["embedding_type"], name="idx_track_embeddings_type"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["track", "embedding_type", "embedding_model"], name="uq_track_embeddings")
        ]

    def __str__(self) -> str:
        return f"{self.embedding_type} of {self.track_id}"


class ArtistEmbedding(TimestampedModel):
    """Where an artist's music lies on the whole."""

    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, related_name="embeddings")
    embedding_type = models.TextField(default=TrackEmbeddings.Type.SEMANTIC)
    vector = VectorField(dimensions=DIMENSIONS)
    embedding_source = models.TextField(blank=True, default="")
    embedding_model = models.TextField(blank=True, default="")

    class Meta:
        db_table = "artist_embeddings"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["artist", "embedding_type", "embedding_model"], name="uq_artist_embeddings")
        ]

    def __str__(self) -> str:
        return f"{self.embedding_type} of artist {self.artist_id}"


class MapLayout(models.Model):
    """One drawing of the library's map: what it was drawn from. Points are added to it; only a new one moves them."""

    landmarks = ArrayField(models.BigIntegerField(), default=list)
    """the tracks that were laid out; all others lie beside their neighbours among them"""
    models_used = models.JSONField(default=dict)
    """{sound: [type, model], meaning: [type, model]}"""
    drawn_count = models.IntegerField(default=0)
    """how many points it had when it was finished first"""
    shown = models.BooleanField(default=False)
    version = models.IntegerField(default=0)
    """counts up with every change of its points"""
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "map_layouts"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shown"], condition=models.Q(shown=True), name="uq_map_layouts_shown")
        ]

    def __str__(self) -> str:
        return f"map {self.pk}"


class MapPoint(models.Model):
    """Where a track lies, and how near it usually is to others: what hubs are measured against."""

    layout = models.ForeignKey(MapLayout, on_delete=models.CASCADE, related_name="points")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="map_points")
    x = models.SmallIntegerField()
    y = models.SmallIntegerField()
    sound_usual = models.FloatField(null=True)
    sound_spread = models.FloatField(null=True)
    meaning_usual = models.FloatField(null=True)
    meaning_spread = models.FloatField(null=True)

    class Meta:
        db_table = "map_points"
        constraints: ClassVar = [models.UniqueConstraint(fields=["track", "layout"], name="uq_map_points")]

    def __str__(self) -> str:
        return f"{self.track_id} at {self.x}, {self.y}"


class MapRegion(models.Model):
    """A place of the map that has a name."""

    layout = models.ForeignKey(MapLayout, on_delete=models.CASCADE, related_name="regions")
    name = models.TextField()
    also = ArrayField(models.TextField(), default=list)
    x = models.SmallIntegerField()
    y = models.SmallIntegerField()
    reach = models.IntegerField()
    tracks = models.IntegerField()

    class Meta:
        db_table = "map_regions"
        constraints: ClassVar = [models.UniqueConstraint(fields=["layout", "name"], name="uq_map_regions")]

    def __str__(self) -> str:
        return self.name

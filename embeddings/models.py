"""Vectors of tracks and artists: near in direction is near in meaning or sound."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Abs
from django.db.models.lookups import GreaterThan, LessThan
from django.utils import timezone
from pgvector.django import VectorField

from core.models import TimestampedModel
from library.models import Artist, Track

DIMENSIONS = 512
UNIT_TYPES = ("text", "audio")
"""what our own encoders make: vectors of length one, so that an inner product says how near they are"""


def _honest(table: str) -> models.CheckConstraint:
    """A failure is no row, and never a vector of zeros; pgvector itself refuses what is no number."""
    norm = models.Func("vector", function="vector_norm", output_field=models.FloatField())
    is_unit = ~Q(embedding_type__in=UNIT_TYPES) | Q(LessThan(Abs(norm - 1.0), 0.001))
    return models.CheckConstraint(condition=Q(GreaterThan(norm, 0.0)) & is_unit, name=f"{table}_honest")


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
            models.UniqueConstraint(fields=["track", "embedding_type", "embedding_model"], name="uq_track_embeddings"),
            _honest("track_embeddings"),
        ]

    def __str__(self) -> str:
        return f"{self.embedding_type} of {self.track_id}"


class ArtistEmbedding(TimestampedModel):
    """Where an artist's music lies on the whole: the mean direction of the tracks, by model."""

    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, related_name="embeddings")
    embedding_type = models.TextField(default=TrackEmbeddings.Type.SEMANTIC)
    vector = VectorField(dimensions=DIMENSIONS)
    embedding_source = models.TextField(blank=True, default="")
    embedding_model = models.TextField(blank=True, default="")
    tracks = models.IntegerField(default=0, db_default=0)
    """of how many"""

    class Meta:
        db_table = "artist_embeddings"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["artist", "embedding_type", "embedding_model"], name="uq_artist_embeddings"
            ),
            _honest("artist_embeddings"),
        ]

    def __str__(self) -> str:
        return f"{self.embedding_type} of artist {self.artist_id}"


class EmbeddingModel(models.Model):
    """A model that has made vectors here; of each type one is asked, until another has caught up with the library."""

    embedding_type = models.TextField()
    name = models.TextField()
    source = models.TextField(blank=True, default="")
    serving = models.BooleanField(default=False)
    index_name = models.TextField(blank=True, default="")
    """of its HNSW index; empty: it is searched row by row, which few rows do not notice"""
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "embedding_models"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["embedding_type", "name"], name="uq_embedding_models"),
            models.UniqueConstraint(
                fields=["embedding_type"], condition=Q(serving=True), name="embedding_models_one_serves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.embedding_type}"


class EmbeddingState(models.Model):
    """What a vector was made from, apart from it: a vector that stays the same is never written again."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="embedding_states")
    embedding_type = models.TextField()
    embedding_model = models.TextField()
    digest = models.TextField(blank=True, default="")
    """of the words, or of the descriptors"""
    at = models.DateTimeField(default=timezone.now)
    due = models.BooleanField(default=False)
    """something about the track has changed since; whether its words have, a worker finds out"""
    problem = models.TextField(blank=True, default="")
    """why there is no vector"""

    class Meta:
        db_table = "embedding_states"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["track", "embedding_type", "embedding_model"], name="uq_embedding_states")
        ]
        indexes: ClassVar = [
            models.Index(fields=["embedding_type", "track"], name="idx_embedding_states_due", condition=Q(due=True))
        ]

    def __str__(self) -> str:
        return f"{self.embedding_type} of {self.track_id}: {self.digest or self.problem}"


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

    def __str__(self) -> str:
        return self.name

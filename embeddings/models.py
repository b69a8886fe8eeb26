"""Vectors of tracks and artists: near in direction is near in meaning or sound."""

from typing import ClassVar

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

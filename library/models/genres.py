"""Genres of tracks, albums and artists; tags of genre and mood that other services give to tracks."""

from typing import ClassVar

from django.db import models

from core.models import TimestampedModel


class Genre(TimestampedModel):
    """One spelling each: `name_key` is the name without case, accents and punctuation."""

    name = models.TextField(unique=True)
    name_key = models.TextField(unique=True, db_collation="C")

    class Meta:
        db_table = "genres"

    def __str__(self) -> str:
        return self.name


class GenreTag(models.Model):
    name = models.TextField(unique=True)

    class Meta:
        db_table = "genre_tags"

    def __str__(self) -> str:
        return self.name


class MoodTag(models.Model):
    name = models.TextField(unique=True)

    class Meta:
        db_table = "mood_tags"

    def __str__(self) -> str:
        return self.name


class TrackGenreTag(models.Model):
    track = models.ForeignKey("library.Track", on_delete=models.CASCADE, db_index=False)
    tag = models.ForeignKey(GenreTag, on_delete=models.CASCADE)

    class Meta:
        db_table = "track_genre_tags"
        constraints: ClassVar = [models.UniqueConstraint(fields=["track", "tag"], name="uq_track_genre_tags")]

    def __str__(self) -> str:
        return f"{self.track_id}: {self.tag_id}"


class TrackMoodTag(models.Model):
    track = models.ForeignKey("library.Track", on_delete=models.CASCADE, db_index=False)
    tag = models.ForeignKey(MoodTag, on_delete=models.CASCADE)

    class Meta:
        db_table = "track_mood_tags"
        constraints: ClassVar = [models.UniqueConstraint(fields=["track", "tag"], name="uq_track_mood_tags")]

    def __str__(self) -> str:
        return f"{self.track_id}: {self.tag_id}"

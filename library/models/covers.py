"""Covers: which picture belongs to what, and the pictures themselves, each kept once as files."""

from typing import ClassVar

from django.db import models

from core.models import TimestampedModel


class CoverImage(models.Model):
    """A picture by its digest; its bytes and its thumbnails are files, see library.cover_files."""

    digest = models.CharField(max_length=64, primary_key=True)
    """SHA-256 of the bytes"""
    mime_type = models.TextField()
    size = models.IntegerField()
    width = models.IntegerField(null=True, blank=True)
    height = models.IntegerField(null=True, blank=True)
    color_1 = models.CharField(max_length=7, blank=True, default="")
    """the two dominant colours, #rrggbb; empty until the thumbnails are made"""
    color_2 = models.CharField(max_length=7, blank=True, default="")
    problem = models.TextField(blank=True, default="")
    """why no thumbnail could be made"""
    thumbnails_at = models.DateTimeField(null=True, blank=True)
    date_added = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "cover_images"
        indexes: ClassVar = [
            models.Index(
                fields=["date_added"],
                name="idx_cover_images_waiting",
                condition=models.Q(thumbnails_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.digest


class Cover(TimestampedModel):
    """A picture of a track, an album or an artist, and where it came from; one of them is shown."""

    class Entity(models.TextChoices):
        TRACK = "track"
        ALBUM = "album"
        ARTIST = "artist"

    class Source(models.TextChoices):
        MANUAL = "manual"
        FOLDER = "folder"
        EMBEDDED = "embedded"
        CAA = "caa"
        DISCOGS = "discogs"
        SPOTIFY = "spotify"
        LASTFM = "lastfm"

    entity_type = models.CharField(max_length=6, choices=Entity)
    entity_id = models.BigIntegerField()
    source = models.CharField(max_length=10, choices=Source)
    image = models.ForeignKey(
        CoverImage, null=True, blank=True, on_delete=models.PROTECT, related_name="covers", db_index=False
    )
    mime_type = models.TextField(null=True, blank=True)
    url = models.TextField(null=True, blank=True)
    shown = models.BooleanField(default=False)

    class Meta:
        db_table = "covers"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_type", "entity_id", "source"], name="uq_entity_cover"),
            models.UniqueConstraint(
                fields=["entity_type", "entity_id"], condition=models.Q(shown=True), name="uq_entity_cover_shown"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["image"], name="idx_covers_image")]

    def __str__(self) -> str:
        return f"{self.entity_type} {self.entity_id}: {self.source}"

"""Albums, their artists in order, and the keys under which scans find them again."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TimestampedModel
from library.models.artists import Artist
from library.models.genres import Genre


class Album(TimestampedModel):
    """One release in one edition."""

    class Support(models.TextChoices):
        VINYL = "Vinyl", _("Vinyl")
        CD = "CD", _("CD")
        DIGITAL = "Digital", _("Digital")
        CASSETTE = "Cassette", _("Cassette")
        UNKNOWN = "Unknown", _("Unknown")

    title = models.TextField()
    sort_title = models.TextField(blank=True, default="", db_collation="C")
    album_artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="albums", db_index=False)
    """the first of them, by whom lists are sorted; all of them in order are `album_artists`"""
    artist_credit = models.TextField(blank=True, default="")
    """as it is shown: names and join phrases"""
    version = models.TextField(blank=True, default="")
    """tells editions of one title apart: Deluxe, 2011 Remaster"""
    release_year = models.TextField(null=True, blank=True)
    """as it was written"""
    year = models.SmallIntegerField(null=True, blank=True)
    original_year = models.SmallIntegerField(null=True, blank=True)
    compilation = models.BooleanField(default=False)
    support = models.CharField(max_length=10, choices=Support, default=Support.UNKNOWN)
    release_type = models.TextField(blank=True, default="")
    label = models.TextField(blank=True, default="")
    catalog_number = models.TextField(blank=True, default="")
    barcode = models.TextField(blank=True, default="")
    musicbrainz_albumid = models.TextField(null=True, blank=True)
    musicbrainz_releasegroupid = models.TextField(null=True, blank=True)
    discogs_id = models.TextField(null=True, blank=True, unique=True)
    spotify_url = models.TextField(null=True, blank=True)
    discogs_url = models.TextField(null=True, blank=True)
    artists = models.ManyToManyField(Artist, through="AlbumArtist", related_name="credited_albums")
    genres = models.ManyToManyField(Genre, db_table="album_genres", related_name="albums")
    locked_fields = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        db_table = "albums"
        indexes: ClassVar = [
            models.Index(fields=["title"], name="idx_album_title"),
            models.Index(fields=["year", "id"], name="idx_album_year"),
            models.Index(fields=["sort_title", "id"], name="idx_album_sort_title"),
            models.Index(fields=["-date_added", "-id"], name="idx_album_date_added"),
            models.Index(fields=["album_artist", "year"], name="idx_album_artist_year"),
            models.Index(fields=["musicbrainz_albumid"], name="idx_album_mb_id"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(support__in=["Vinyl", "CD", "Digital", "Cassette", "Unknown"]), name="albums_known_support"
            )
        ]

    def __str__(self) -> str:
        return self.title


class AlbumArtist(models.Model):
    """One of an album's artists, with its place and what stands between it and the next."""

    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="album_artists", db_index=False)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="album_credits")
    position = models.SmallIntegerField(default=0)
    join_phrase = models.TextField(blank=True, default="")

    class Meta:
        db_table = "album_artist"
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["album", "artist"], name="uq_album_artist"),
        ]

    def __str__(self) -> str:
        return f"{self.album_id}: {self.artist_id}"


class AlbumKey(models.Model):
    """What files say an album is (`mb:UUID`, or artist, title and version folded); merged albums share one row."""

    key = models.TextField(primary_key=True)
    album = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="keys")

    class Meta:
        db_table = "album_keys"

    def __str__(self) -> str:
        return self.key

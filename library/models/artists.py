"""Who makes music; the keys under which scans find them again; names that stand for several people."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.models import TimestampedModel
from library.models.genres import Genre

UNKNOWN_ARTIST = "Unknown Artist"
VARIOUS_ARTISTS = "Various Artists"
VARIOUS_ARTISTS_MBID = "89ad4ac3-39f7-470e-963a-56509c546377"


class Artist(TimestampedModel):
    """Namesakes are told apart by their MusicBrainz id, so that a name is not unique."""

    name = models.TextField()
    sort_name = models.TextField(blank=True, default="", db_collation="C")
    """what lists are sorted by: folded, from the tag or from the name"""
    musicbrainz_artistid = models.TextField(null=True, blank=True)
    spotify_id = models.TextField(null=True, blank=True)
    lastfm_url = models.TextField(null=True, blank=True)
    genres = models.ManyToManyField(Genre, db_table="artist_genres", related_name="artists")
    locked_fields = ArrayField(models.TextField(), default=list, blank=True)
    """what a person has corrected, and no scan may change back"""

    class Meta:
        db_table = "artists"
        indexes: ClassVar = [
            models.Index(fields=["name"], name="idx_artist_name"),
            models.Index(fields=["sort_name", "id"], name="idx_artist_sort_name"),
            models.Index(fields=["musicbrainz_artistid"], name="idx_artist_mb_id"),
            models.Index(fields=["-date_added", "-id"], name="idx_artist_date_added"),
        ]

    def __str__(self) -> str:
        return self.name


class ArtistKey(models.Model):
    """What files call an artist (`mb:UUID` or `name:FOLDED`); after a merge both keys lead to the one that stayed."""

    key = models.TextField(primary_key=True)
    artist = models.ForeignKey(Artist, on_delete=models.CASCADE, related_name="keys")

    class Meta:
        db_table = "artist_keys"

    def __str__(self) -> str:
        return self.key


class ArtistSplit(TimestampedModel):
    """A person's word that one name in files means several artists, or that a name is not to be split."""

    key = models.TextField(unique=True)
    """the folded name, as in `ArtistKey` without its prefix"""
    name = models.TextField()
    parts = models.JSONField(default=list)
    """[{"name": …, "join": " feat. "}, …]; empty: leave it whole"""

    class Meta:
        db_table = "artist_splits"

    def __str__(self) -> str:
        return self.name

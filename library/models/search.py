"""What full-text search looks at: the words of tracks, of names, and all words there are."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func

from library.models.tracks import Track

# What a search has to go through word by word until it is sorted in.
PENDING_KB = 512


class SearchDocument(models.Model):
    """The words of one track, folded: no case, no accents. Written by services, healed by a job."""

    track = models.OneToOneField(Track, primary_key=True, on_delete=models.CASCADE, related_name="search_document")
    title = models.TextField(blank=True, default="", db_collation="C")
    """as names are compared, see library.engine.words.name_of"""
    words = models.JSONField(default=dict)
    """where they come from: {"title": …, "artists": …, "album": …, "genres": …, "tags": …, "lyrics": how many}"""
    document = SearchVectorField(null=True)
    """A title and artists, B album and other people, C genres, tags, year"""
    lyrics = SearchVectorField(null=True)
    """the same and D the lyrics, where there are any: apart, because they hold every common word"""
    date_modified = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "search_documents"
        indexes: ClassVar = [
            GinIndex(fields=["document"], name="idx_search_documents", gin_pending_list_limit=PENDING_KB),
            GinIndex(fields=["lyrics"], name="idx_search_documents_lyrics", gin_pending_list_limit=PENDING_KB),
            models.Index(fields=["title"], name="idx_search_documents_title"),
        ]

    def __str__(self) -> str:
        return f"words of {self.track_id}"


class SearchName(models.Model):
    """A name to be found: of an artist, an album or a genre."""

    class Kind(models.TextChoices):
        ARTIST = "artist"
        ALBUM = "album"
        GENRE = "genre"

    kind = models.CharField(max_length=6, choices=Kind)
    entity_id = models.BigIntegerField()
    """no foreign key: what is gone is left out of answers, and swept away by the job that heals"""
    name = models.TextField(db_collation="C")
    """as names are compared"""
    document = SearchVectorField(null=True)
    """A its own name, B other names of an artist, or the artists of an album"""
    tracks = models.IntegerField(default=0)
    """how many, when they were last counted: among equals the one that has more comes first"""

    class Meta:
        db_table = "search_names"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "entity_id"], name="uq_search_names")]
        indexes: ClassVar = [
            GinIndex(fields=["document"], name="idx_search_names", gin_pending_list_limit=64),
            models.Index(fields=["name", "kind"], name="idx_search_names_name"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.entity_id}: {self.name}"


class SearchWord(models.Model):
    """A word that is in some title or name: what a mistyped one may have meant."""

    word = models.TextField(primary_key=True, db_collation="C")
    of_names = models.BooleanField(default=False)
    """it is in the name of an artist or an album"""
    documents = models.IntegerField(default=1)
    """how many, when they were last counted"""

    class Meta:
        db_table = "search_words"
        indexes: ClassVar = [models.Index(Func(F("word"), function="reverse"), name="idx_search_words_reversed")]

    def __str__(self) -> str:
        return self.word

"""What full-text search looks at: one row a track, its words by where they come from."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from library.models.tracks import Track


class SearchDocument(models.Model):
    """Written by services, healed by a job; the words are folded: no case, no accents."""

    track = models.OneToOneField(Track, primary_key=True, on_delete=models.CASCADE, related_name="search_document")
    words = models.JSONField(default=dict)
    """{"title": …, "artists": …, "album": …, "genres": …, "tags": …, "lyrics": …}"""
    document = SearchVectorField(null=True)
    date_modified = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "search_documents"
        indexes: ClassVar = [GinIndex(fields=["document"], name="idx_search_documents")]

    def __str__(self) -> str:
        return f"words of {self.track_id}"

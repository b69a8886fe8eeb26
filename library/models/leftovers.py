"""What the wide Track held and no table of today has a place for: kept for the way back, and reported."""

from typing import ClassVar

from django.db import models


class SplitLeftover(models.Model):
    """One value that the split (or an import) could not carry over, or a mark of what it added by itself."""

    entity = models.CharField(max_length=10)
    """track, album, artist, genre, tag, cover, embedding"""
    entity_id = models.BigIntegerField()
    field = models.TextField(blank=True, default="")
    kind = models.TextField()
    """zero_vector, broken_cover, merged_genre …; see docs/migrating.md"""
    value = models.TextField(null=True, blank=True)
    """exactly as it was found"""

    class Meta:
        db_table = "split_leftovers"
        indexes: ClassVar = [models.Index(fields=["kind", "entity", "entity_id"], name="idx_split_leftovers")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.entity} {self.entity_id}"

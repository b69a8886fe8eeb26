"""What people have put right by hand, with what is needed to take it back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Correction(models.Model):
    """A merge, a split or an edit of tags; `before` holds every value that it changed."""

    kind = models.CharField(max_length=40)
    title = models.TextField()
    before = models.JSONField(default=dict)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "corrections"
        indexes: ClassVar = [models.Index(fields=["-done_at", "-id"], name="idx_corrections_done_at")]

    def __str__(self) -> str:
        return self.title

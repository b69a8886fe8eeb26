"""Who is at which track, and which tracks could not be analysed."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from core.models import Job
from library.models import Track


class AnalysisLease(models.Model):
    """A track that one attempt at a job has in hand: nobody else gets it before its deadline, or the attempt's end."""

    track = models.OneToOneField(Track, primary_key=True, on_delete=models.CASCADE, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+")
    attempt = models.IntegerField()
    until = models.DateTimeField()

    class Meta:
        db_table = "analysis_leases"

    def __str__(self) -> str:
        return f"{self.track_id} until {self.until}"


class AnalysisError(models.Model):
    """A file that could not be analysed: not tried again until it changes, the analyser does, or somebody asks."""

    track = models.OneToOneField(Track, primary_key=True, on_delete=models.CASCADE, related_name="analysis_error")
    reason = models.TextField()
    file_size = models.BigIntegerField(null=True, blank=True)
    file_mtime_ns = models.BigIntegerField(null=True, blank=True)
    version = models.IntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "analysis_errors"
        indexes: ClassVar = [models.Index(fields=["-at"], name="idx_analysis_errors_at")]

    def __str__(self) -> str:
        return f"{self.track_id}: {self.reason}"

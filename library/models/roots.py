"""Folders of music and what the last scan found in them."""

from typing import ClassVar

from django.db import models

from core.models import Job, TimestampedModel


class LibraryRoot(TimestampedModel):
    """A folder of music; nothing is ever written into it."""

    name = models.TextField()
    path = models.TextField(unique=True)
    """absolute; bytes that are not UTF-8 are escaped, see library.engine.paths"""
    enabled = models.BooleanField(default=True)
    watched = models.BooleanField(default=True)
    watch_problem = models.TextField(blank=True, default="")
    """why its changes are not noticed at once, and only scans find them"""
    follow_symlinks = models.BooleanField(default=True)
    skip_nomedia = models.BooleanField(default=False)
    last_scan_at = models.DateTimeField(null=True, blank=True)
    """when the last scan that came to its end had begun"""
    track_count = models.IntegerField(default=0)
    """how many files were available then: the guard against vanished roots compares with it"""

    class Meta:
        db_table = "library_roots"

    def __str__(self) -> str:
        return self.name


class ScanFolder(models.Model):
    """What a folder held when it was last read: an equal digest means that none of its files need be looked at."""

    root = models.ForeignKey(LibraryRoot, on_delete=models.CASCADE, related_name="folders", db_index=False)
    path = models.TextField(db_collation="C")
    """relative to the root and ending in a slash; empty for the root itself"""
    digest = models.CharField(max_length=32)
    """of names, sizes and times of everything in it that matters to the library"""
    files = models.IntegerField(default=0)
    picture = models.CharField(max_length=64, null=True, blank=True)
    """the digest of the picture in it; empty: there is none; null: not known"""

    class Meta:
        db_table = "scan_folders"
        constraints: ClassVar = [models.UniqueConstraint(fields=["root", "path"], name="uq_scan_folders")]

    def __str__(self) -> str:
        return self.path


class ScanError(models.Model):
    """A file that could not be read, remembered until it changes."""

    root = models.ForeignKey(LibraryRoot, on_delete=models.CASCADE, related_name="errors", db_index=False)
    path = models.TextField()
    size = models.BigIntegerField(default=0)
    mtime_ns = models.BigIntegerField(default=0)
    reason = models.TextField()
    first_seen_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "scan_errors"
        constraints: ClassVar = [models.UniqueConstraint(fields=["root", "path"], name="uq_scan_errors")]

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class ScanAbsence(models.Model):
    """A track whose file a running scan did not find; when the walk has ended it is found elsewhere, or missing."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+", db_index=False)
    track = models.ForeignKey("library.Track", on_delete=models.CASCADE, related_name="absences")

    class Meta:
        db_table = "scan_absences"
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "track"], name="uq_scan_absences")]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.track_id}"

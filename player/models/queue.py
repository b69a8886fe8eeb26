"""One queue a listener: what is in it, in which order, where it stands, and what was done to it last."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, Q
from django.utils import timezone

from library.models import Track
from player.models.devices import Device


class PlayQueue(models.Model):
    """Its row is what commands lock: they are applied one after the other."""

    class State(models.TextChoices):
        PLAYING = "playing"
        PAUSED = "paused"
        STOPPED = "stopped"

    class Repeat(models.TextChoices):
        OFF = "off"
        ALL = "all"
        ONE = "one"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="play_queue"
    )
    version = models.BigIntegerField(default=0)
    """one more with every change"""
    current = models.ForeignKey(
        "player.QueueEntry", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    position_ms = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    """when the position was right"""
    state = models.CharField(max_length=7, choices=State, default=State.STOPPED)
    repeat = models.CharField(max_length=3, choices=Repeat, default=Repeat.OFF)
    shuffled = models.BooleanField(default=False)
    device = models.ForeignKey(
        Device, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    """the one that plays"""
    origin = models.JSONField(null=True, blank=True)
    """what was played last as a whole: {kind, id, label, url}"""
    spacing = models.BigIntegerField(default=0)
    """changes whenever all places are given anew: those from before say nothing any more"""

    class Meta:
        db_table = "play_queues"
        indexes: ClassVar = [models.Index(fields=["at"], name="idx_play_queues_playing", condition=Q(state="playing"))]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=["playing", "paused", "stopped"]), name="play_queues_state"),
            models.CheckConstraint(condition=Q(repeat__in=["off", "all", "one"]), name="play_queues_repeat"),
            models.CheckConstraint(condition=Q(position_ms__gte=0), name="play_queues_position"),
        ]

    def __str__(self) -> str:
        return f"queue of {self.user_id}, version {self.version}"


class QueueEntry(models.Model):
    """A track at a place of a queue; the same track may stand in it many times."""

    queue = models.ForeignKey(PlayQueue, on_delete=models.CASCADE, related_name="entries", db_index=False)
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="queue_entries")
    place = models.BigIntegerField()
    """with room between two of them, so that those behind need not move when one comes between"""
    unshuffled_place = models.BigIntegerField(null=True, blank=True)
    """where it stands in the order to which unshuffling returns, while the queue is shuffled"""
    origin = models.JSONField(null=True, blank=True)
    """what it was added from: {kind, id, label, url}"""

    class Meta:
        db_table = "queue_entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["queue", "place"], name="uq_queue_entries", deferrable=Deferrable.DEFERRED),
        ]

    def __str__(self) -> str:
        return f"{self.track_id} at {self.place}"


class QueueCommand(models.Model):
    """Something that was done: so that it is done once, can be told to who missed it, and be taken back."""

    queue = models.ForeignKey(PlayQueue, on_delete=models.CASCADE, related_name="commands", db_index=False)
    key = models.CharField(max_length=64)
    """made by whoever commands"""
    command = models.CharField(max_length=20)
    version = models.BigIntegerField()
    """of the queue afterwards"""
    gone = models.JSONField(null=True, blank=True)
    """entries that it named and that were there no more"""
    ops = models.JSONField(null=True, blank=True)
    """what it changed; nothing where it changed nothing, or where that was long ago"""
    before = models.JSONField(null=True, blank=True)
    """what it takes to take it back"""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "queue_commands"
        indexes: ClassVar = [models.Index(fields=["queue", "version"], name="idx_queue_commands_version")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["queue", "key"], name="uq_queue_commands")]

    def __str__(self) -> str:
        return f"{self.command}, version {self.version}"

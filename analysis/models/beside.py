"""What is measured beside the features and is larger than they: in tables of their own, so that lists stay light."""

from django.db import models
from django.utils import timezone

from library.models import Track


class TrackWaveform(models.Model):
    """The outline of a track: one byte for each of up to 1,000 stretches, the left channel first."""

    track = models.OneToOneField(Track, primary_key=True, on_delete=models.CASCADE, related_name="waveform")
    channels = models.SmallIntegerField(default=1)
    peaks = models.BinaryField()
    version = models.IntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "track_waveforms"

    def __str__(self) -> str:
        return f"waveform of {self.track_id}"


class TrackDescriptors(models.Model):
    """What the embedding of the sound is computed from: little-endian float16, in the order of the engine's names."""

    track = models.OneToOneField(Track, primary_key=True, on_delete=models.CASCADE, related_name="descriptors")
    vector = models.BinaryField()
    version = models.IntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "track_descriptors"

    def __str__(self) -> str:
        return f"descriptors of {self.track_id}"


class TrackLoudness(models.Model):
    """How often a track is how loud, from which the loudness of its whole album follows."""

    track = models.OneToOneField(Track, primary_key=True, on_delete=models.CASCADE, related_name="loudness_blocks")
    histogram = models.BinaryField()
    version = models.IntegerField()

    class Meta:
        db_table = "track_loudness"

    def __str__(self) -> str:
        return f"loudness of {self.track_id}"

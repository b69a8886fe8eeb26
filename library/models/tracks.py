"""Tracks: what the file is and what its tags say; everything that others know of them lies in tables of their own."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.models import TimestampedModel
from library.models.albums import Album
from library.models.artists import Artist
from library.models.genres import Genre, GenreTag, MoodTag, TrackGenreTag, TrackMoodTag
from library.models.roots import LibraryRoot


class Track(TimestampedModel):
    """A piece of music, with a file or without one (heard elsewhere, or on a record of the collection)."""

    # --- the file ----------------------------------------------------------------------------------------------------
    root = models.ForeignKey(
        LibraryRoot, null=True, blank=True, on_delete=models.SET_NULL, related_name="tracks", db_index=False
    )
    path = models.TextField(null=True, blank=True)
    """absolute, escaped like the root's"""
    folder = models.TextField(blank=True, default="", db_collation="C")
    """relative to the root, as in `ScanFolder`"""
    cue_index = models.SmallIntegerField(default=0)
    """which track of a cue sheet; 0 for a file of its own"""
    cue_start_ms = models.IntegerField(null=True, blank=True)
    cue_end_ms = models.IntegerField(null=True, blank=True)
    file_type = models.TextField(null=True, blank=True)
    """the format in lower case: mp3, flac, m4a …"""
    bitrate = models.IntegerField(null=True, blank=True)
    """bits per second"""
    sample_rate = models.IntegerField(null=True, blank=True)
    bit_depth = models.SmallIntegerField(null=True, blank=True)
    channels = models.SmallIntegerField(null=True, blank=True)
    duration = models.IntegerField(null=True, blank=True)
    """seconds, as the public documents count it"""
    duration_ms = models.IntegerField(null=True, blank=True)
    file_mtime = models.FloatField(null=True, blank=True)
    """for display; file_mtime_ns decides"""
    file_mtime_ns = models.BigIntegerField(null=True, blank=True)
    file_size = models.BigIntegerField(null=True, blank=True)
    audio_hash = models.TextField(blank=True, default="")
    """of the audio alone: the same after retagging and moving"""
    available = models.BooleanField(default=False)
    missing_since = models.DateTimeField(null=True, blank=True)

    # --- what its tags say -------------------------------------------------------------------------------------------
    title = models.TextField(blank=True, default="")
    sort_title = models.TextField(blank=True, default="", db_collation="C")
    track_artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="tracks", db_index=False)
    """the first of them; all in order, with their roles, are `track_artists`"""
    artist_credit = models.TextField(blank=True, default="")
    """as it is shown"""
    featured_artists = models.TextField(null=True, blank=True)
    album = models.ForeignKey(
        Album, null=True, blank=True, on_delete=models.PROTECT, related_name="tracks", db_index=False
    )
    track_number = models.TextField(null=True, blank=True)
    disc_number = models.TextField(null=True, blank=True)
    track_position = models.IntegerField(null=True, blank=True)
    disc_position = models.IntegerField(null=True, blank=True)
    disc_subtitle = models.TextField(blank=True, default="")
    year = models.TextField(null=True, blank=True)
    """as it was written"""
    year_number = models.SmallIntegerField(null=True, blank=True)
    recording_date = models.TextField(blank=True, default="")
    original_date = models.TextField(blank=True, default="")
    release_date = models.TextField(blank=True, default="")
    musicbrainz_id = models.TextField(null=True, blank=True)
    """of the recording"""
    musicbrainz_trackid = models.TextField(null=True, blank=True)
    """of the track on its release"""
    musicbrainz_albumid = models.TextField(null=True, blank=True)
    musicbrainz_artistid = models.TextField(null=True, blank=True)
    musicbrainz_albumartistid = models.TextField(null=True, blank=True)
    acoustid_fingerprint = models.TextField(null=True, blank=True)
    isrc = models.TextField(blank=True, default="")
    language = models.TextField(blank=True, default="")
    comment = models.TextField(blank=True, default="")
    replaygain_track_gain = models.FloatField(null=True, blank=True)
    replaygain_track_peak = models.FloatField(null=True, blank=True)
    replaygain_album_gain = models.FloatField(null=True, blank=True)
    replaygain_album_peak = models.FloatField(null=True, blank=True)
    genres = models.ManyToManyField(Genre, db_table="track_genres", related_name="tracks")
    genre_tags = models.ManyToManyField(GenreTag, through=TrackGenreTag, related_name="tracks")
    mood_tags = models.ManyToManyField(MoodTag, through=TrackMoodTag, related_name="tracks")
    locked_fields = ArrayField(models.TextField(), default=list, blank=True)
    """what a person has corrected, and no scan may change back"""

    class Meta:
        db_table = "tracks"
        indexes: ClassVar = [
            models.Index(fields=["path"], name="idx_tracks_path"),
            models.Index(fields=["root", "folder"], name="idx_tracks_folder"),
            models.Index(fields=["track_artist", "album"], name="idx_tracks_artist_album"),
            models.Index(fields=["musicbrainz_id"], name="idx_tracks_mb_id"),
            models.Index(fields=["date_added", "path"], name="idx_tracks_scan_perf"),
            models.Index(fields=["-date_added", "-id"], name="idx_tracks_date_added"),
            models.Index(fields=["sort_title", "id"], name="idx_tracks_sort_title"),
            models.Index(fields=["year_number", "id"], name="idx_tracks_year"),
            models.Index(fields=["duration_ms", "id"], name="idx_tracks_duration"),
            models.Index(fields=["album", "disc_position", "track_position"], name="idx_track_album"),
            models.Index(fields=["audio_hash"], name="idx_tracks_audio_hash", condition=~Q(audio_hash="")),
            models.Index(fields=["missing_since"], name="idx_tracks_missing", condition=Q(missing_since__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["root", "path", "cue_index"], name="uq_tracks_path"),
            # A path outside every root is one track too.
            models.UniqueConstraint(
                fields=["path", "cue_index"], condition=Q(root__isnull=True), name="uq_tracks_path_alone"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TrackArtist(models.Model):
    """Somebody who had a part in a track: which one, at which place, with what between it and the next."""

    class Role(models.TextChoices):
        ARTIST = "artist"
        COMPOSER = "composer"
        LYRICIST = "lyricist"
        CONDUCTOR = "conductor"
        PERFORMER = "performer"
        REMIXER = "remixer"
        PRODUCER = "producer"
        ARRANGER = "arranger"
        ENGINEER = "engineer"
        MIXER = "mixer"
        DJMIXER = "djmixer"
        WRITER = "writer"

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="track_artists", db_index=False)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="track_credits", db_index=False)
    role = models.CharField(max_length=10, choices=Role, default=Role.ARTIST)
    position = models.SmallIntegerField(default=0)
    join_phrase = models.TextField(blank=True, default="")
    detail = models.TextField(blank=True, default="")
    """the instrument of a performer"""

    class Meta:
        db_table = "track_artists"
        ordering: ClassVar = ["role", "position"]
        indexes: ClassVar = [models.Index(fields=["artist", "role"], name="idx_track_artists_role")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["track", "artist", "role", "detail"], name="uq_track_artists")
        ]

    def __str__(self) -> str:
        return f"{self.track_id}: {self.artist_id}, {self.role}"


class Lyrics(TimestampedModel):
    """The words of a track; where they are synced, `text` is LRC."""

    track = models.OneToOneField(Track, primary_key=True, on_delete=models.CASCADE, related_name="lyrics")
    text = models.TextField()
    synced = models.BooleanField(default=False)
    language = models.TextField(blank=True, default="")
    source = models.TextField(blank=True, default="")
    """tags, sidecar, manual, or the name of a service"""

    class Meta:
        db_table = "lyrics"

    def __str__(self) -> str:
        return f"lyrics of {self.track_id}"

"""A scan's conversation: what the server asks for, what a worker has found, folder by folder."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, FiniteFloat, StringConstraints

from core.schemas import Attempt, SafeText, Strict, without_nul

SCAN_KIND = "library.scan"
"""the kind of job that a scan is"""
Place = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(without_nul)]
"""A folder relative to its root, ending in a slash ("" is the root itself), or a file's name, escaped"""
NO_NUL = r"^[^\x00]*$"
"""a file has dozens of texts: a function of ours for each would take longer than all the rest"""
Text = Annotated[str, StringConstraints(max_length=20_000, pattern=NO_NUL)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Nanoseconds = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
Bytes = Annotated[int, Field(ge=0, le=2**63 - 1)]
Small = Annotated[int, Field(ge=0, le=32_767)]
Milliseconds = Annotated[int, Field(ge=0, le=2**31 - 1)]


class ScanStart(Strict):
    """Which roots to scan: one, by its number or by a folder, or all of them."""

    root_id: int | None = None
    path: SafeText | None = None
    force: bool = False
    """reads every file again, changed or not"""
    accept_missing: bool = False
    """a person has said that so many files are really gone"""


class ScanParams(Strict):
    """What a job of the kind `library.scan` is told."""

    root_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    force: bool = False
    accept_missing: bool = False


class RootOut(BaseModel):
    id: int
    name: str
    path: str
    follow_symlinks: bool
    skip_nomedia: bool


class Sample(BaseModel):
    """A file that the server knows: who sees it with this size and time sees the same root."""

    folder: str
    name: str
    size: int
    mtime_ns: int


class SplitRules(BaseModel):
    """At what a single-valued tag is taken apart, and the names that are left whole."""

    artist: list[str] = [" / ", " feat. ", " feat ", " ft. ", " ft ", " featuring ", "; "]
    role: list[str] = ["/", ";"]
    genre: list[str] = [";", "/", ","]
    exceptions: list[str] = []


class ScanPlan(BaseModel):
    root: RootOut
    samples: list[Sample]
    rules: SplitRules
    chunk_size: int
    largest_cover: int
    force: bool
    known_files: int = 0
    """how many files the last scan found, for an honest bar; 0 if there was none"""


class FolderDigest(Strict):
    path: Place
    digest: Annotated[str, StringConstraints(max_length=32)]
    files: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class FolderCheck(Strict):
    """All folders between two places of the walk, in the order of their paths' bytes: whoever is not named is gone."""

    attempt: Attempt
    after: Place | None = None
    """exclusive; nothing: from the beginning"""
    upto: Place | None = None
    """inclusive; nothing: to the end"""
    folders: Annotated[list[FolderDigest], Field(max_length=5_000)]
    unreadable: Annotated[list[Place], Field(max_length=5_000)] = Field(default_factory=list)
    """folders that cannot be listed at the moment: whatever is known in them, and below them, stays as it is"""


class KnownFile(BaseModel):
    name: str
    size: int
    mtime_ns: int
    again: bool = False
    """to be read whenever its folder has changed, as it is itself or not: its words or its tracks come from a file
    beside it, or the bytes of its cover never arrived"""


class FolderKnown(BaseModel):
    """A folder whose digest is not the one that the server keeps, and the files that it knows there."""

    path: str
    files: list[KnownFile]
    failed: list[KnownFile]
    """files that could not be read: not tried again while they are as they were"""


class FolderAnswer(BaseModel):
    changed: list[FolderKnown]
    cancel: bool = False


class CoverRef(Strict):
    """A picture, by what it is; its bytes are sent once, if the server wants them."""

    digest: Digest
    mime_type: Annotated[str, StringConstraints(max_length=20_000), AfterValidator(without_nul)]
    """a folder's picture is looked at with its whole batch, which no NUL may lose"""
    size: Bytes
    source: Literal["embedded", "folder"]


class Credit(Strict):
    name: Text
    join: Text = ""
    """what stands between this one and the next"""
    musicbrainz_id: Text | None = None
    sort: Text = ""


class RoleCredit(Strict):
    role: Text
    name: Text
    detail: Text = ""
    musicbrainz_id: Text | None = None


class AlbumTags(Strict):
    title: Text
    sort: Text = ""
    version: Text = ""
    artists: Annotated[list[Credit], Field(min_length=1, max_length=500)]
    credit: Text = ""
    compilation: bool = False
    year: Text | None = None
    year_number: Small | None = None
    original_year: Small | None = None
    release_date: Text = ""
    release_type: Text = ""
    label: Text = ""
    catalog_number: Text = ""
    barcode: Text = ""
    media: Text = ""
    """as the tag says: CD, 12" Vinyl, Digital Media …"""
    musicbrainz_albumid: Text | None = None
    musicbrainz_releasegroupid: Text | None = None


class LyricsFound(Strict):
    text: Annotated[str, StringConstraints(max_length=2_000_000, pattern=NO_NUL)]
    synced: bool = False
    language: Text = ""
    source: Literal["tags", "sidecar"] = "tags"


class ScannedTrack(Strict):
    """One track as its file describes it; what the file does not say is empty.

    All tracks of one file (of a cue sheet) come in one batch: what is known of that file beyond them is gone.
    """

    folder: Text
    name: Text
    size: Bytes
    mtime_ns: Nanoseconds
    audio_hash: Text = ""
    cue_index: Small = 0
    cue_start_ms: Milliseconds | None = None
    cue_end_ms: Milliseconds | None = None
    file_type: Text
    bitrate: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    sample_rate: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    bit_depth: Small | None = None
    channels: Small | None = None
    duration_ms: Milliseconds | None = None
    title: Text = ""
    sort_title: Text = ""
    artists: Annotated[list[Credit], Field(max_length=1_000)] = Field(default_factory=list)
    credit: Text = ""
    roles: Annotated[list[RoleCredit], Field(max_length=1_000)] = Field(default_factory=list)
    album: AlbumTags | None = None
    track_number: Text | None = None
    track_position: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    disc_number: Text | None = None
    disc_position: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    disc_subtitle: Text = ""
    year: Text | None = None
    year_number: Small | None = None
    recording_date: Text = ""
    original_date: Text = ""
    release_date: Text = ""
    musicbrainz_id: Text | None = None
    musicbrainz_trackid: Text | None = None
    musicbrainz_albumid: Text | None = None
    musicbrainz_artistid: Text | None = None
    musicbrainz_albumartistid: Text | None = None
    acoustid_fingerprint: Annotated[str, StringConstraints(max_length=200_000, pattern=NO_NUL)] | None = None
    isrc: Text = ""
    language: Text = ""
    comment: Text = ""
    replaygain_track_gain: FiniteFloat | None = None
    replaygain_track_peak: FiniteFloat | None = None
    replaygain_album_gain: FiniteFloat | None = None
    replaygain_album_peak: FiniteFloat | None = None
    genres: Annotated[list[Text], Field(max_length=200)] = Field(default_factory=list)
    moods: Annotated[list[Text], Field(max_length=200)] = Field(default_factory=list)
    bpm: FiniteFloat | None = None
    key: Text | None = None
    """as in the tag: Am, F#m, 8A, 1m"""
    rating: Annotated[int, Field(ge=1, le=10)] | None = None
    lyrics: LyricsFound | None = None
    cover: CoverRef | None = None


class ScannedError(Strict):
    folder: Place
    name: Place
    size: Bytes = 0
    mtime_ns: Nanoseconds = 0
    reason: Annotated[str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(without_nul)]


class GoneFile(Strict):
    """A file that the server knew in a folder which is still there."""

    folder: Place
    name: Place


class ScanErrorOut(BaseModel):
    root_id: int
    path: str
    size: int
    reason: str
    first_seen_at: datetime
    seen_at: datetime


class ScanErrorPage(BaseModel):
    items: list[ScanErrorOut]
    next_cursor: str | None


class FolderCover(Strict):
    folder: Place
    cover: CoverRef | None = None
    """none: it was looked for, and there is none"""


class TrackBatch(Strict):
    """What was read; each row stands for itself, so that a bad one loses no other."""

    job_id: UUID
    attempt: Attempt
    tracks: Annotated[list[dict[str, Any]], Field(max_length=5_000)] = Field(default_factory=list)
    """each a `ScannedTrack`, looked at one by one"""
    errors: Annotated[list[ScannedError], Field(max_length=5_000)] = Field(default_factory=list)
    gone: Annotated[list[GoneFile], Field(max_length=50_000)] = Field(default_factory=list)
    folder_covers: Annotated[list[FolderCover], Field(max_length=5_000)] = Field(default_factory=list)
    folders: Annotated[list[FolderDigest], Field(max_length=5_000)] = Field(default_factory=list)
    """read to their end with this batch"""


class RefusedRow(BaseModel):
    folder: str
    name: str
    reason: str


class BatchOut(BaseModel):
    new: int
    changed: int
    unchanged: int
    returned: int
    """known tracks that were missing, or elsewhere, and are here now"""
    refused: list[RefusedRow]
    covers_wanted: list[str]
    """digests whose bytes the server does not have"""
    cancel: bool = False


class SettleIn(Strict):
    attempt: Attempt


class Settled(BaseModel):
    """What became of the tracks whose files were not found."""

    moved: int
    missing: int
    not_new: int = 0
    """so many of the moved ones were taken for new ones in this scan's walk"""

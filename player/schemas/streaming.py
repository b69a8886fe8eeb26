"""Wire format of streaming: what a player must know of a track before it plays it."""

from typing import Literal

from pydantic import BaseModel

Format = Literal["opus", "mp3", "aac"]
PieceFormat = Literal["copy", "opus"]


class PiecesOut(BaseModel):
    """How a browser's MediaSource takes this track; cutting at both ends leaves exactly its samples."""

    mime: str
    """with the codec, as `MediaSource.isTypeSupported` wants it"""
    codec_string: str
    first_sample_ms: float
    """where the first sample lies on the clock of the pieces: what is before it is not meant to be heard"""
    priming_samples: int
    """what of that is the encoder's own, at `sample_rate`; the rest is what lies before the track in its file"""
    duration_ms: float
    """exact, from samples"""
    url: str


class TranscodeOut(BaseModel):
    mime: str
    url: str
    """takes `format`, `bitrate` (kbit/s) and `start_ms`"""


class GainOut(BaseModel):
    """ReplayGain: decibels, and peaks of which 1.0 is full scale."""

    track_db: float | None
    album_db: float | None
    track_peak: float | None
    album_peak: float | None


class PlaybackOut(BaseModel):
    track_id: int
    duration_ms: float
    sample_rate: int
    channels: int
    codec: str
    pieces: PiecesOut | None
    """none where browsers know no way to append its packets"""
    opus_pieces: PiecesOut
    """made while they are asked for, from whatever the file is"""
    mimes: dict[str, str]
    """`original`, and whatever it may be turned into"""
    transcode: TranscodeOut
    stream: str
    gain: GainOut | None
    etag: str

"""What the plain readers have in common: they read ordinary files as mutagen reads them, and leave all others to it."""

from dataclasses import dataclass


class OddError(Exception):
    """It is not for us: mutagen knows what is to be done."""


@dataclass(slots=True)
class Sound:
    """What a stream is, with the names that mutagen gives to its facts."""

    length: float
    sample_rate: int
    channels: int
    bitrate: int
    bits_per_sample: int = 0
    frame_offset: int = 0

"""What sound is called: types of files as they lie on the disk, of what browsers append, of what is made here."""

from dataclasses import dataclass

ORIGINALS = {
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "opus": "audio/ogg; codecs=opus",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "wma": "audio/x-ms-wma",
    "wav": "audio/wav",
    "aiff": "audio/aiff",
    "ape": "audio/x-ape",
    "wv": "audio/x-wavpack",
    "mpc": "audio/x-musepack",
    "dsf": "audio/x-dsf",
    "dff": "audio/x-dff",
    "tta": "audio/x-tta",
    "tak": "audio/x-tak",
    "ofr": "audio/x-ofr",
}
"""by the format that a track's row names"""
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True)
class Made:
    """A format that files are turned into while somebody listens."""

    container: str
    codec: str
    rates: tuple[int, ...]
    sample_format: str
    mime: str
    suffix: str
    kbits: tuple[int, int, int]
    """least, usual, most"""

    def rate_for(self, rate: int) -> int:
        """The file's own where the format has it, else the nearest one above, else the highest."""
        return min((one for one in self.rates if one >= rate), default=self.rates[-1])


MADE = {
    "opus": Made("ogg", "libopus", (48_000,), "flt", "audio/ogg; codecs=opus", "opus", (16, 128, 320)),
    "mp3": Made("mp3", "libmp3lame", (32_000, 44_100, 48_000), "fltp", "audio/mpeg", "mp3", (32, 192, 320)),
    "aac": Made("adts", "aac", (32_000, 44_100, 48_000), "fltp", "audio/aac", "aac", (32, 160, 320)),
}


@dataclass(frozen=True)
class Packing:
    """How packets of a codec are put into pieces that a browser's MediaSource appends as they are."""

    container: str
    mime: str
    codec: str


def packing_of(codec: str, extradata: bytes | None) -> Packing | None:
    """None where browsers know no way."""
    if codec in {"mp3", "mp3float"}:
        return Packing("mp3", "audio/mpeg", "mp3")
    if codec == "aac":
        # Without a head of its own (ADTS) its packets would have to be rewritten.
        return _in_mp4(f"mp4a.40.{extradata[0] >> 3}") if extradata and extradata[0] >> 3 else None
    if codec in {"flac", "opus"}:
        return _in_mp4(codec)
    return Packing("webm", 'audio/webm; codecs="vorbis"', "vorbis") if codec == "vorbis" else None


def _in_mp4(codec: str) -> Packing:
    return Packing("mp4", f'audio/mp4; codecs="{codec}"', codec)


OPUS_PIECES = _in_mp4("opus")

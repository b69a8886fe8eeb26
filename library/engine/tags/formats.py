"""Which reader takes a file: by its first bytes, by its name only where these say nothing."""

from typing import IO

from library.engine.tags.id3 import size_of

_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_MAGIC = (
    (b"fLaC", "flac"), (b"MAC ", "ape"), (b"wvpk", "wv"), (b"MPCK", "mpc"), (b"MP+", "mpc"), (b"DSD ", "dsf"),
    (b"FRM8", "dff"), (b"TTA", "tta"), (b"tBaK", "tak"), (b"OFR ", "ofr"), (_ASF, "wma"), (b"ADIF", "aac"),
)  # fmt: skip
_IN_OGG = (
    (b"\x01vorbis", "ogg"),
    (b"OpusHead", "opus"),
    (b"Speex   ", "spx"),
    (b"\x7fFLAC", "oggflac"),
)
HEAD = 128


def format_of(file: IO[bytes], head: bytes, promised: str) -> str:
    """`promised` is what the suffix says."""
    if head.startswith(b"ID3") and len(head) >= 10:
        file.seek(size_of(head))
        found = _sniffed(file.read(HEAD))
        return found or (promised if promised in ("aac", "mpc", "ape", "tta", "ofr", "tak") else "mp3")
    return _sniffed(head) or promised


def _sniffed(head: bytes) -> str | None:
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head.startswith(b"OggS") and len(head) > 27:
        packet = head[27 + head[26] :]
        return next((name for magic, name in _IN_OGG if packet.startswith(magic)), None)
    if head[4:8] == b"ftyp":
        return "m4a"
    if head.startswith((b"RIFF", b"RF64")) and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"FORM") and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # Layer 0 is AAC's, the others are MPEG's own.
        return "aac" if head[1] & 0xF6 == 0xF0 else "mp3"
    return None

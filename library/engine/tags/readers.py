"""One reader a family of formats: tags, facts of the sound, and its hash, from one open file."""

import struct
from collections.abc import Callable, Iterable
from typing import IO, Any

from mutagen import (
    aac,
    aiff,
    apev2,
    asf,
    dsdiff,
    dsf,
    flac,
    monkeysaudio,
    musepack,
    oggflac,
    oggopus,
    oggspeex,
    oggvorbis,
    optimfrog,
    tak,
    trueaudio,
    wave,
    wavpack,
)  # fmt: skip

from library.engine import audio_hash
from library.engine.tags import ape as ape_tags
from library.engine.tags import asf as asf_tags
from library.engine.tags import chunks, id3, mpeg, plain_vorbis, vorbis
from library.engine.tags import mp4 as mp4_atoms
from library.engine.tags.plain import OddError
from library.engine.tags.raw import Audio, Raw

Reader = Callable[[IO[bytes], int, Raw], None]
TAIL = 160
MOST_ID3 = 4
APEv2: Any = apev2.APEv2
FLAC: Any = flac.FLAC
ASF: Any = asf.ASF
DSF: Any = dsf.DSF
DSDIFF: Any = dsdiff.DSDIFF
# Frames as they are: what they mean in which version is for us to say.
AS_THEY_ARE = {"translate": False, "load_v1": False}


def facts(raw: Raw, info: Any, size: int) -> None:
    audio = raw.audio
    seconds = getattr(info, "length", 0) or 0
    audio.duration_ms = round(seconds * 1000) if 0 < seconds < 2**31 / 1000 else None
    audio.sample_rate = getattr(info, "sample_rate", 0) or None
    audio.channels = getattr(info, "channels", 0) or None
    audio.bit_depth = getattr(info, "bits_per_sample", 0) or None
    bitrate = getattr(info, "bitrate", 0) or (size * 8 / seconds if seconds > 0 else 0)
    audio.bitrate = round(bitrate) if 0 < bitrate < 2**31 else None


def stacked_id3(file: IO[bytes], raw: Raw) -> int:
    """Some programs put a second tag behind the first instead of changing it; the place behind all of them."""
    at = 0
    for _ in range(MOST_ID3):
        behind = id3.read(file, at, raw)
        if behind == at:
            break
        at = behind
    return at


def at_the_end(file: IO[bytes], size: int, raw: Raw) -> int:
    """Adds what tags behind the sound say; the place where the sound ends."""
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    has_version_1 = tail[-128:-125] == b"TAG" and len(tail) >= 128
    before = tail[:-128] if has_version_1 else tail
    has_ape = before[-32:-24] == b"APETAGEX"
    if not (has_version_1 or has_ape or before.endswith(b"LYRICS200")):
        return size
    if has_ape:
        _take_ape(file, raw)
    if has_version_1:
        raw.fill(id3.read_version_1(tail[-128:], raw.audio))
    file.seek(max(0, size - (1 << 20)))
    return audio_hash.end_of_sound(file.read(), size)


def _take_ape(file: IO[bytes], raw: Raw) -> None:
    found = Raw(raw.audio)
    file.seek(0)
    try:
        ape_tags.take(APEv2(file), found)
    except (apev2.error, ValueError, KeyError):
        # A broken tag at the end does not make a file of the one at its beginning unreadable.
        return
    raw.fill(found)


def read_mpeg(file: IO[bytes], size: int, raw: Raw) -> None:
    behind = stacked_id3(file, raw)
    end = at_the_end(file, size, raw)
    info = mpeg.sound_of(file, behind, size)
    facts(raw, info, size)
    raw.audio_hash = audio_hash.of_range(file, info.frame_offset, end)


def between_tags(make: Callable[[IO[bytes]], Any]) -> Reader:
    """Formats of one stream, with an ID3 tag perhaps before it, and an APE tag usually behind it."""

    def read(file: IO[bytes], size: int, raw: Raw) -> None:
        begin = stacked_id3(file, raw)
        end = at_the_end(file, size, raw)
        file.seek(0)
        facts(raw, make(file).info, size)
        raw.audio_hash = audio_hash.of_range(file, begin, end)

    return read


def read_flac(file: IO[bytes], size: int, raw: Raw) -> None:
    try:
        info, signature, comments, found = plain_vorbis.flac_of(file, size)
    except OddError:
        file.seek(0)
        audio = FLAC(file)
        vorbis.take_flac(audio, raw)
        info, signature = audio.info, audio.info.md5_signature
        file.seek(0)
        if file.read(3) == b"ID3":
            before = Raw(raw.audio)
            id3.read(file, 0, before)
            raw.fill(before)
    else:
        vorbis.take(comments, raw)
        raw.pictures += found
    facts(raw, info, size)
    # Of the samples themselves: the same after encoding it anew.
    raw.audio_hash = f"{signature:032x}" if signature else _hash_of_frames(file, size)


def _hash_of_frames(file: IO[bytes], size: int) -> str:
    file.seek(0)
    head = file.read(10)
    at = id3.size_of(head) if head[:3] == b"ID3" else 0
    at += 4
    while at + 4 <= size:
        file.seek(at)
        head = file.read(4)
        at += 4 + int.from_bytes(head[1:4], "big")
        if head[:1] >= b"\x80":
            break
    return audio_hash.of_range(file, at, size)


def in_ogg(make: Callable[[IO[bytes]], Any]) -> Reader:
    def read(file: IO[bytes], size: int, raw: Raw) -> None:
        comments: Iterable[tuple[str, str]]
        try:
            if raw.audio.file_type not in ("ogg", "opus"):
                raise OddError
            info, comments, behind = plain_vorbis.ogg_of(file, size, raw.audio.file_type)
        except OddError:
            file.seek(0)
            audio = make(file)
            info, behind = audio.info, 0
            comments = [] if audio.tags is None else list.__iter__(audio.tags)
        vorbis.take(comments, raw)
        facts(raw, info, size)
        if raw.audio.file_type == "opus":
            raw.audio.sample_rate = 48_000
        raw.audio_hash = audio_hash.of_range(file, audio_hash.ogg_begin(file, size, behind), size, in_pages=True)

    return read


def read_mp4(file: IO[bytes], size: int, raw: Raw) -> None:
    file.seek(0)
    audio = mp4_atoms.File(file)
    if audio.tags is not None:
        mp4_atoms.take(audio.tags, raw)
    facts(raw, audio.info, size)
    if audio.info.codec.startswith("alac"):
        raw.audio.file_type = "alac"
    elif audio.info.codec.lower() != "flac":
        # AAC has no depth; the box says 16 for every one of them.
        raw.audio.bit_depth = None
    raw.audio_hash = audio_hash.of_range(file, *_media_data(file, size))


def _media_data(file: IO[bytes], size: int) -> tuple[int, int]:
    """The largest box of samples."""
    at, best = 0, (0, 0)
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            break
        length, name = struct.unpack(">I4s", head[:8])
        inner = 8
        if length == 1 and len(head) == 16:
            length, inner = int.from_bytes(head[8:], "big"), 16
        elif length == 0:
            length = size - at
        if length < inner:
            break
        if name == b"mdat" and length > best[1] - best[0]:
            best = at + inner, min(at + length, size)
        at += length
    return best


def read_asf(file: IO[bytes], size: int, raw: Raw) -> None:
    file.seek(0)
    audio = ASF(file)
    asf_tags.take(audio.tags, raw)
    facts(raw, audio.info, size)
    file.seek(16)
    # Behind the header: the samples, after fifty bytes that name the file.
    begin = int.from_bytes(file.read(8), "little")
    raw.audio_hash = audio_hash.of_range(file, begin + 50, size)


def read_chunked(make: Callable[..., Any]) -> Reader:
    def read(file: IO[bytes], size: int, raw: Raw) -> None:
        file.seek(0)
        audio = make(file, **AS_THEY_ARE)
        if audio.tags is not None:
            id3.take(audio.tags, raw)
        facts(raw, audio.info, size)
        sound, texts = chunks.sound_of(file, size)
        if texts is not None:
            raw.fill(texts)
        if sound is None:
            raise ValueError("there are no samples in it")
        raw.audio_hash = audio_hash.of_range(file, sound.at, sound.at + sound.size)

    return read


def read_dsf(file: IO[bytes], size: int, raw: Raw) -> None:
    file.seek(0)
    audio = DSF(file, **AS_THEY_ARE)
    if audio.tags is not None:
        id3.take(audio.tags, raw)
    facts(raw, audio.info, size)
    file.seek(80)
    head = file.read(12)
    length = int.from_bytes(head[4:], "little")
    if head[:4] == b"data":
        raw.audio_hash = audio_hash.of_range(file, 92, min(80 + length, size))


def read_dsdiff(file: IO[bytes], size: int, raw: Raw) -> None:
    file.seek(0)
    audio = DSDIFF(file, **AS_THEY_ARE)
    if audio.tags is not None:
        id3.take(audio.tags, raw)
    facts(raw, audio.info, size)
    at = 16
    while at + 12 <= size:
        file.seek(at)
        name, length = struct.unpack(">4sQ", file.read(12))
        if name in (b"DSD ", b"DST "):
            raw.audio_hash = audio_hash.of_range(file, at + 12, min(at + 12 + length, size))
            return
        at += 12 + length + length % 2


READERS: dict[str, Reader] = {
    "mp3": read_mpeg,
    "aac": between_tags(aac.AAC),
    "flac": read_flac,
    "ogg": in_ogg(oggvorbis.OggVorbis),
    "opus": in_ogg(oggopus.OggOpus),
    "spx": in_ogg(oggspeex.OggSpeex),
    "oggflac": in_ogg(oggflac.OggFLAC),
    "m4a": read_mp4,
    "wma": read_asf,
    "wav": read_chunked(wave.WAVE),
    "aiff": read_chunked(aiff.AIFF),
    "ape": between_tags(monkeysaudio.MonkeysAudio),
    "wv": between_tags(wavpack.WavPack),
    "mpc": between_tags(musepack.Musepack),
    "tta": between_tags(trueaudio.TrueAudio),
    "tak": between_tags(tak.TAK),
    "ofr": between_tags(optimfrog.OptimFROG),
    "dsf": read_dsf,
    "dff": read_dsdiff,
}


def read(file: IO[bytes], size: int, name: str) -> Raw:
    """A file that is open, by the name of its format."""
    raw = Raw(Audio({"oggflac": "flac"}.get(name, name)))
    READERS[name](file, size, raw)
    return raw

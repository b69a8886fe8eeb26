"""Writes what is known of a piece into its file, under the names that each format's users expect."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from mutagen import flac, id3, mp4, oggopus

from .catalogue import Piece

COMMENT = "Synthesised for SoniqueBay's demo library"
# mutagen ships a py.typed without the types; by these names its classes are frankly dynamic.
FLAC: Any = flac.FLAC
Picture: Any = flac.Picture
OggOpus: Any = oggopus.OggOpus
MP4: Any = mp4.MP4
MP4Cover: Any = mp4.MP4Cover
MP4FreeForm: Any = mp4.MP4FreeForm
Frames: Any = id3

UTF8 = id3.Encoding.UTF8
FRONT = 3


@dataclass(frozen=True)
class Level:
    """What ReplayGain wants to know."""

    gain_db: float
    peak: float

    def tags(self) -> dict[str, str]:
        return {"REPLAYGAIN_TRACK_GAIN": f"{self.gain_db:.2f} dB", "REPLAYGAIN_TRACK_PEAK": f"{self.peak:.6f}"}


def _free_tags(piece: Piece, level: Level) -> dict[str, list[str]]:
    """What Vorbis comments say by name, and ID3 and MP4 in their free-form fields."""
    found = {"ARTISTS": list(piece.artists), "ALBUMARTISTS": list(piece.album.artists)}
    if piece.replay_gain:
        found |= {name: [value] for name, value in level.tags().items()}
    return found


def _vorbis(piece: Piece, level: Level) -> dict[str, list[str]]:
    album = piece.album
    found = {
        "TITLE": [piece.title], "ARTIST": [piece.artist], "ALBUM": [album.title], "ALBUMARTIST": [album.artist],
        "TRACKNUMBER": [str(piece.track)], "TRACKTOTAL": [str(album.discs[piece.disc - 1])],
        "DISCNUMBER": [str(piece.disc)], "DISCTOTAL": [str(len(album.discs))], "DATE": [str(piece.year)],
        "GENRE": list(piece.genres), "MOOD": [piece.mood], "LABEL": [album.label], "COMMENT": [COMMENT],
    }  # fmt: skip
    if album.compilation:
        found["COMPILATION"] = ["1"]
    if piece.tagged_tempo:
        found["BPM"] = [str(piece.bpm)]
    if piece.tagged_key:
        found["INITIALKEY"] = [piece.initial_key]
    if piece.lyrics:
        found["LYRICS"] = ["\n".join(piece.lyrics)]
    return found | _free_tags(piece, level)


def _picture(cover: bytes) -> Any:
    picture = Picture()
    picture.type, picture.mime, picture.desc, picture.data = FRONT, "image/jpeg", "Cover", cover
    picture.width, picture.height, picture.depth = 800, 800, 24
    return picture


def _tag_flac(file: BytesIO, piece: Piece, level: Level, cover: bytes | None) -> None:
    audio = FLAC(file)
    for name, values in _vorbis(piece, level).items():
        audio[name] = values
    if cover:
        audio.add_picture(_picture(cover))
    file.seek(0)
    audio.save(file)


def _tag_opus(file: BytesIO, piece: Piece, level: Level, cover: bytes | None) -> None:
    audio = OggOpus(file)
    for name, values in _vorbis(piece, level).items():
        audio[name] = values
    if cover:
        audio["METADATA_BLOCK_PICTURE"] = [base64.b64encode(_picture(cover).write()).decode()]
    file.seek(0)
    audio.save(file)


def _id3_frames(piece: Piece, level: Level) -> list[Any]:
    album = piece.album
    texts: list[tuple[Any, list[str]]] = [
        (Frames.TIT2, [piece.title]), (Frames.TPE1, [piece.artist]),
        (Frames.TALB, [album.title]), (Frames.TPE2, [album.artist]),
        (Frames.TRCK, [f"{piece.track}/{album.discs[piece.disc - 1]}"]),
        (Frames.TPOS, [f"{piece.disc}/{len(album.discs)}"]),
        (Frames.TDRC, [str(piece.year)]), (Frames.TCON, list(piece.genres)),
        (Frames.TMOO, [piece.mood]), (Frames.TPUB, [album.label]),
        (Frames.TCMP, ["1"] if album.compilation else []),
        (Frames.TBPM, [str(piece.bpm)] if piece.tagged_tempo else []),
        (Frames.TKEY, [piece.initial_key] if piece.tagged_key else []),
    ]  # fmt: skip
    frames = [frame(encoding=UTF8, text=values) for frame, values in texts if values]
    frames += [Frames.TXXX(encoding=UTF8, desc=name, text=values) for name, values in _free_tags(piece, level).items()]
    frames.append(Frames.COMM(encoding=UTF8, lang="eng", desc="", text=[COMMENT]))
    if piece.lyrics:
        frames.append(Frames.USLT(encoding=UTF8, lang="eng", desc="", text="\n".join(piece.lyrics)))
    return frames


def _tag_mp3(file: BytesIO, piece: Piece, level: Level, cover: bytes | None) -> None:
    tags = Frames.ID3()
    for frame in _id3_frames(piece, level):
        tags.add(frame)
    if cover:
        tags.add(Frames.APIC(encoding=UTF8, mime="image/jpeg", type=FRONT, desc="Cover", data=cover))
    file.seek(0)
    tags.save(file, v1=0, v2_version=4)


def _free_form(name: str) -> str:
    return f"----:com.apple.iTunes:{name}"


def _tag_m4a(file: BytesIO, piece: Piece, level: Level, cover: bytes | None) -> None:
    audio, album = MP4(file), piece.album
    if audio.tags is None:
        audio.add_tags()
    texts = {
        "\xa9nam": piece.title, "\xa9ART": piece.artist, "\xa9alb": album.title, "aART": album.artist,
        "\xa9day": str(piece.year), "\xa9cmt": COMMENT,
    }  # fmt: skip
    audio.update({name: [value] for name, value in texts.items()})
    audio["\xa9gen"] = list(piece.genres)
    audio["trkn"] = [(piece.track, album.discs[piece.disc - 1])]
    audio["disk"] = [(piece.disc, len(album.discs))]
    free = _free_tags(piece, level) | {"MOOD": [piece.mood], "LABEL": [album.label]}
    if album.compilation:
        audio["cpil"] = True
    if piece.tagged_tempo:
        audio["tmpo"] = [piece.bpm]
    if piece.tagged_key:
        free["initialkey"] = [piece.initial_key]
    if piece.lyrics:
        audio["\xa9lyr"] = ["\n".join(piece.lyrics)]
    for name, values in free.items():
        audio[_free_form(name)] = [MP4FreeForm(value.encode()) for value in values]
    if cover:
        audio["covr"] = [MP4Cover(cover, imageformat=MP4Cover.FORMAT_JPEG)]
    file.seek(0)
    audio.save(file)


WRITERS: dict[str, Callable[[BytesIO, Piece, Level, bytes | None], None]] = {
    "flac": _tag_flac, "mp3": _tag_mp3, "opus": _tag_opus, "m4a": _tag_m4a,
}  # fmt: skip


def write_tags(audio: bytes, piece: Piece, level: Level, cover: bytes | None) -> bytes:
    file = BytesIO(audio)
    WRITERS[piece.format](file, piece, level, cover)
    return file.getvalue()

"""A realistic library of any size, always the same: five formats, albums, covers, ids, names in many scripts."""

import base64
import random
import struct
import uuid
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from mutagen import flac, id3, mp4, oggopus, oggvorbis
from PIL import Image

RATE = 48_000
FORMATS = ("mp3", "flac", "m4a", "ogg", "opus")
WEIGHTS = (45, 30, 12, 8, 5)
ENCODINGS = {
    "mp3": ("mp3", "libmp3lame", "fltp"),
    "flac": ("flac", "flac", "s16"),
    "m4a": ("ipod", "aac", "fltp"),
    "ogg": ("ogg", "vorbis", "fltp"),
    "opus": ("ogg", "libopus", "flt"),
}
SCRIPTS = (
    "Björk", "Мумий", "東京", "방탄", "Αλκίνοος", "أم كلثوم", "שלמה", "Čechomor", "ไทย", "Beyoncé", "Dvořák",
    "L’Étoile", "Straße", "Ñandú", "Motörhead", "Sigur Rós",
)  # fmt: skip
SYLLABLES = (
    "ka",
    "zu",
    "mi",
    "ro",
    "ten",
    "lar",
    "vo",
    "shi",
    "bel",
    "an",
    "dro",
    "ost",
    "gra",
    "hun",
    "lum",
    "mar",
    "sol",
)
GENRES = (
    "Rock",
    "Pop",
    "Jazz",
    "Electronic",
    "Hip-Hop",
    "Classical",
    "Folk",
    "Metal",
    "Ambient",
    "House",
    "Soul",
    "R&B",
)
KEYS = ("C", "C#m", "Dm", "Eb", "F#", "Gm", "8A", "")
FLAC: Any = flac.FLAC
Picture: Any = flac.Picture
OggVorbis: Any = oggvorbis.OggVorbis
OggOpus: Any = oggopus.OggOpus
MP4: Any = mp4.MP4
MP4Cover: Any = mp4.MP4Cover
MP4FreeForm: Any = mp4.MP4FreeForm
Frames: Any = id3
Tags = dict[str, list[str]]


def make(folder: Path, files: int, *, seconds: float = 0.6, seed: int = 1) -> int:
    """Writes that many files, album by album, on all cores; how many folder pictures came with them."""
    albums: list[tuple[Path, int, int, float, int]] = []
    left = files
    while left > 0:
        tracks = min(left, _chance(f"{seed}-{len(albums)}-size").choice((1, 3, 8, 10, 11, 12, 12, 13, 14, 16, 20)))
        albums.append((folder, len(albums), tracks, seconds, seed))
        left -= tracks
    with ProcessPoolExecutor(initializer=_prepare, initargs=(seconds,)) as pool:
        return sum(pool.map(_write_album, albums, chunksize=8))


@cache
def _sound(name: str, seconds: float) -> bytes:
    container, codec, layout = ENCODINGS[name]
    rng = np.random.default_rng(7)
    count = round(RATE * seconds)
    # A tone with noise on it: music is no sine, and takes more bytes.
    wave = 0.3 * np.sin(np.arange(count) * 2 * np.pi * 330 / RATE) + 0.05 * rng.standard_normal(count)
    both = np.stack([wave, wave]).astype(np.float32)
    samples: Any = np.rint(both * 32767).astype(np.int16) if layout == "s16" else both
    if layout in ("s16", "flt"):
        samples = np.ascontiguousarray(samples.T.reshape(1, -1))
    file = BytesIO()
    with av.open(file, "w", format=container, options={"fflags": "+bitexact"}) as target:
        options = {"strict": "-2"} if codec == "vorbis" else {}
        stream = cast(av.AudioStream, target.add_stream(codec, RATE, options))
        stream.layout, stream.format, stream.bit_rate = "stereo", layout, 160_000
        frame = av.AudioFrame.from_ndarray(samples, format=layout, layout="stereo")
        frame.sample_rate, frame.pts = RATE, 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            target.mux(packet)
    return file.getvalue()


@cache
def _picture(size: int) -> bytes:
    rng = np.random.default_rng(size)
    small = Image.fromarray(rng.integers(0, 255, (size // 6, size // 6, 3), dtype=np.uint8))
    file = BytesIO()
    small.resize((size, size), Image.Resampling.BICUBIC).save(file, "JPEG", quality=70)
    return file.getvalue()


def _prepare(seconds: float) -> None:
    for name in FORMATS:
        _sound(name, seconds)


def _own_picture(size: int, rng: random.Random) -> bytes:
    """Another one for each album, by a comment behind its first two bytes."""
    picture = _picture(size)
    return picture[:2] + b"\xff\xfe" + struct.pack(">H", 18) + rng.randbytes(16) + picture[2:]


def _chance(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 (music, not a secret)


def _word(rng: random.Random) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 3))).capitalize()


def _words(rng: random.Random, least: int, most: int) -> str:
    text = " ".join(_word(rng) for _ in range(rng.randint(least, most)))
    return f"{rng.choice(SCRIPTS)} {text}" if rng.random() < 0.12 else text


def _id(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


@dataclass(frozen=True)
class Artist:
    name: str
    identifier: str


@cache
def _artist(number: int) -> Artist:
    rng = _chance(f"artist-{number}")
    return Artist(("The " if rng.random() < 0.2 else "") + _words(rng, 1, 2), _id(rng))


def _write_album(asked: tuple[Path, int, int, float, int]) -> int:
    root, number, tracks, seconds, seed = asked
    rng = _chance(f"{seed}-{number}")
    various = rng.random() < 0.06
    main = _artist(int(rng.paretovariate(1.1)) + rng.randint(0, number // 3 + 2))
    title, year = _words(rng, 1, 4), rng.randint(1955, 2026)
    kind = rng.choices(FORMATS, WEIGHTS)[0]
    has_ids, has_gain, version = rng.random() < 0.6, rng.random() < 0.5, 4 if rng.random() < 0.6 else 3
    inside = _own_picture(rng.choice((300, 600, 600, 1200)), rng) if rng.random() < 0.4 else None
    beside = _own_picture(600, rng) if rng.random() < 0.5 else None
    maker = "Various Artists" if various else main.name
    folder = root / _name(maker) / _name(f"{title} ({year}) [{number}]")
    common: Tags = {
        "albumartist": [maker], "album": [title], "genre": rng.sample(GENRES, rng.choice((1, 1, 2, 3))),
        "date": [f"{year}-05-03"],
        "originaldate": [f"{year - rng.choice((0, 0, 0, 12))}-05-03"], "label": [f"{_words(rng, 1, 2)} Records"],
        "discnumber": ["1/1"], "albumartistsort": [maker],
    }  # fmt: skip
    common |= {"compilation": ["1"]} if various else {}
    identifiers = [_id(rng) for _ in range(2)]
    folder.mkdir(parents=True, exist_ok=True)
    for place in range(1, tracks + 1):
        artists = [_artist(rng.randint(0, 400)) if various else main]
        artists += [_artist(rng.randint(0, 400))] if rng.random() < 0.2 else []
        tags = common | _track(rng, place, tracks, artists)
        if has_ids:
            tags |= {
                "musicbrainz_trackid": [_id(rng)], "musicbrainz_releasetrackid": [_id(rng)],
                "musicbrainz_albumid": identifiers[:1], "musicbrainz_releasegroupid": identifiers[1:],
                "musicbrainz_artistid": [artist.identifier for artist in artists],
                "musicbrainz_albumartistid": [artists[0].identifier], "artists": [artist.name for artist in artists],
            }  # fmt: skip
        if has_gain:
            tags |= {f"replaygain_{of}_gain": [f"{rng.uniform(-12, 2):.2f} dB"] for of in ("track", "album")}
            tags |= {f"replaygain_{of}_peak": [f"{rng.uniform(0.3, 1.1):.6f}"] for of in ("track", "album")}
        content = WRITERS[kind](_sound(kind, seconds), tags, inside, version)
        (folder / f"{place:02d} - {_name(tags['title'][0])}.{kind}").write_bytes(content)
    if beside:
        (folder / rng.choice(("cover.jpg", "folder.jpg", "Front.JPG"))).write_bytes(beside)
    return int(beside is not None)


def _track(rng: random.Random, place: int, tracks: int, artists: list[Artist]) -> Tags:
    tags = {
        # Now and then one that nobody can remember.
        "title": [_words(rng, 1, 5) if rng.random() > 0.02 else _words(rng, 40, 45)],
        "artist": [" feat. ".join(artist.name for artist in artists)],
        "tracknumber": [f"{place}/{tracks}"], "composer": [_words(rng, 2, 2)], "artistsort": [artists[0].name],
        "comment": ["made for measuring"],
    }  # fmt: skip
    if rng.random() < 0.7:
        tags["bpm"] = [str(rng.randint(60, 180))]
    if key := rng.choice(KEYS):
        tags["initialkey"] = [key]
    if rng.random() < 0.1:
        tags["lyrics"] = ["\n".join(_words(rng, 3, 6) for _ in range(20))]
    return tags


def _name(text: str) -> str:
    return text.replace("/", "_").encode()[:180].decode(errors="ignore").strip(" .") or "_"


# --- the formats -----------------------------------------------------------------------------------------------------


def _comments(audio: Any, tags: Tags) -> None:
    for name, values in tags.items():
        audio[name.upper()] = values


def _block(cover: bytes) -> Any:
    block = Picture()
    block.type, block.mime, block.data, block.width, block.height, block.depth = 3, "image/jpeg", cover, 600, 600, 24
    return block


def _as_flac(sound: bytes, tags: Tags, cover: bytes | None, version: int) -> bytes:
    file = BytesIO(sound)
    audio = FLAC(file)
    _comments(audio, tags)
    if cover:
        audio.add_picture(_block(cover))
    file.seek(0)
    audio.save(file)
    return file.getvalue()


def _in_ogg(kind: Any) -> Callable[[bytes, Tags, bytes | None, int], bytes]:
    def write(sound: bytes, tags: Tags, cover: bytes | None, version: int) -> bytes:
        file = BytesIO(sound)
        audio = kind(file)
        _comments(audio, tags)
        if cover:
            audio["METADATA_BLOCK_PICTURE"] = [base64.b64encode(_block(cover).write()).decode()]
        file.seek(0)
        audio.save(file)
        return file.getvalue()

    return write


_ID3 = {
    "title": "TIT2", "artist": "TPE1", "albumartist": "TPE2", "album": "TALB", "genre": "TCON", "tracknumber": "TRCK",
    "discnumber": "TPOS", "date": "TDRC", "originaldate": "TDOR", "composer": "TCOM", "label": "TPUB", "bpm": "TBPM",
    "initialkey": "TKEY", "artistsort": "TSOP", "albumartistsort": "TSO2",
    "compilation": "TCMP",
}  # fmt: skip
_FREE = {
    "musicbrainz_releasetrackid": "MusicBrainz Release Track Id", "musicbrainz_albumid": "MusicBrainz Album Id",
    "musicbrainz_releasegroupid": "MusicBrainz Release Group Id", "musicbrainz_artistid": "MusicBrainz Artist Id",
    "musicbrainz_albumartistid": "MusicBrainz Album Artist Id", "artists": "ARTISTS",
    "replaygain_track_gain": "REPLAYGAIN_TRACK_GAIN", "replaygain_album_gain": "REPLAYGAIN_ALBUM_GAIN",
    "replaygain_track_peak": "REPLAYGAIN_TRACK_PEAK", "replaygain_album_peak": "REPLAYGAIN_ALBUM_PEAK",
}  # fmt: skip


def _as_mp3(sound: bytes, tags: Tags, cover: bytes | None, version: int) -> bytes:
    encoding = 3 if version == 4 else 1
    frames = Frames.ID3()
    for name, values in tags.items():
        if name in _ID3:
            frames.add(getattr(Frames, _ID3[name])(encoding=encoding, text=values))
        elif name in _FREE:
            frames.add(Frames.TXXX(encoding=encoding, desc=_FREE[name], text=values))
    if "musicbrainz_trackid" in tags:
        frames.add(Frames.UFID(owner="http://musicbrainz.org", data=tags["musicbrainz_trackid"][0].encode()))
    if "lyrics" in tags:
        frames.add(Frames.USLT(encoding=encoding, lang="eng", desc="", text=tags["lyrics"][0]))
    frames.add(Frames.COMM(encoding=encoding, lang="eng", desc="", text=tags["comment"]))
    if cover:
        frames.add(Frames.APIC(encoding=encoding, mime="image/jpeg", type=3, desc="", data=cover))
    if version == 3:
        frames.update_to_v23()
    file = BytesIO(sound)
    frames.save(file, v1=0, v2_version=version)
    return file.getvalue()


_ATOMS = {
    "title": "\xa9nam", "artist": "\xa9ART", "albumartist": "aART", "album": "\xa9alb", "genre": "\xa9gen",
    "date": "\xa9day", "composer": "\xa9wrt", "artistsort": "soar", "albumartistsort": "soaa", "comment": "\xa9cmt",
    "lyrics": "\xa9lyr",
}  # fmt: skip


def _as_m4a(sound: bytes, tags: Tags, cover: bytes | None, version: int) -> bytes:
    file = BytesIO(sound)
    audio = MP4(file)
    if audio.tags is None:
        audio.add_tags()
    free = _FREE | {"musicbrainz_trackid": "MusicBrainz Track Id", "label": "LABEL", "originaldate": "ORIGINALDATE"}
    for name, values in tags.items():
        if name in _ATOMS:
            audio.tags[_ATOMS[name]] = values
        elif name in free or name == "initialkey":
            spelling = free.get(name, name)
            audio.tags[f"----:com.apple.iTunes:{spelling}"] = [MP4FreeForm(value.encode()) for value in values]
    place, tracks = tags["tracknumber"][0].split("/")
    audio.tags["trkn"], audio.tags["disk"] = [(int(place), int(tracks))], [(1, 1)]
    audio.tags["cpil"] = "compilation" in tags
    if "bpm" in tags:
        audio.tags["tmpo"] = [int(tags["bpm"][0])]
    if cover:
        audio.tags["covr"] = [MP4Cover(cover)]
    file.seek(0)
    audio.save(file)
    return file.getvalue()


WRITERS: dict[str, Callable[[bytes, Tags, bytes | None, int], bytes]] = {
    "mp3": _as_mp3,
    "flac": _as_flac,
    "m4a": _as_m4a,
    "ogg": _in_ogg(OggVorbis),
    "opus": _in_ogg(OggOpus),
}

"""From a piece to its files: music, tags, picture, timed lyrics."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath

import numpy as np
from threadpoolctl import threadpool_limits

from .band import play
from .catalogue import Piece
from .covers import draw_cover
from .encode import ENCODINGS, encode
from .mastering import loudness
from .tags import Level, write_tags

REPLAY_GAIN_LUFS = -18.0


@lru_cache(maxsize=1)
def _cover(name: str) -> bytes:
    """Pieces come album by album; one picture kept is enough."""
    return draw_cover(name)


def _audio(piece: Piece) -> tuple[bytes, Level]:
    encoding = "flac24" if piece.high_resolution else piece.format
    rate = ENCODINGS[encoding].rate
    # How sums are split among cores changes their last bits, and with them the file.
    with threadpool_limits(1):
        sound = play(piece, rate)
    level = Level(REPLAY_GAIN_LUFS - loudness(sound, rate), float(np.abs(sound).max()))
    return encode(sound, encoding), level


def _lrc(piece: Piece) -> str:
    head = f"[ti:{piece.title}]\n[ar:{piece.artist}]\n[al:{piece.album.title}]\n"
    lines = (f"[{int(at // 60):02d}:{at % 60:05.2f}]{line}\n" for at, line in piece.timed_lyrics)
    return head + "".join(lines)


def made_files(piece: Piece) -> Iterator[tuple[str, bytes]]:
    audio, level = _audio(piece)
    picture = _cover(piece.album.cover) if piece.album.embedded_cover else None
    yield piece.path, write_tags(audio, piece, level, picture)
    path = PurePosixPath(piece.path)
    if piece.timed_lyrics:
        yield str(path.with_suffix(".lrc")), _lrc(piece).encode()
    if piece.opens_album and piece.album.folder_cover:
        yield str(path.with_name("cover.jpg")), _cover(piece.album.cover)

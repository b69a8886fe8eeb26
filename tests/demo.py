"""The demo library on a server's disk, most of it shortened to a second a piece, so that a test need not compose it."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest

from library.engine.demo import PIECES, Piece
from library.engine.demo.encode import ENCODINGS, encode
from library.engine.demo.tags import Level, write_tags
from library.selectors.demo import demo_paths


def seconds_of(content: bytes) -> float:
    """How long it sounds, by decoding all of it."""
    with av.open(BytesIO(content), mode="r") as container:
        return sum((frame.samples / frame.sample_rate for frame in container.decode(audio=0)), 0.0)


def second_of(piece: Piece) -> bytes:
    """A second of a tone, with the tags of a piece."""
    encoding = "flac24" if piece.high_resolution else piece.format
    rate = ENCODINGS[encoding].rate
    tone = 0.2 * np.sin(np.arange(rate) * 2 * np.pi * 220 / rate)
    sound = np.stack([tone, tone]).astype(np.float32)
    return write_tags(encode(sound, encoding), piece, Level(0.0, 0.2), None)


class Demo:
    """What lies there, and whether it is whole."""

    def __init__(self, folder: Path, music: Mapping[str, bytes]) -> None:
        self.folder = folder
        self.music = music

    def deliver_all_but(self, left: list[Piece]) -> None:
        """What an earlier worker has made."""
        missing = {piece.path for piece in left}
        for piece in PIECES:
            self.path(piece).unlink(missing_ok=True)
            if piece.path not in missing:
                self.path(piece).parent.mkdir(parents=True, exist_ok=True)
                self.path(piece).write_bytes(self.music[piece.path])

    def path(self, piece: Piece) -> Path:
        return self.folder / piece.path

    def has(self, piece: Piece) -> bool:
        return self.path(piece).exists()

    def times(self) -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in self.folder.rglob("*") if path.is_file()}

    def assert_whole(self, left: list[Piece]) -> None:
        """Every piece once, each of its full length, and nothing half-made beside them."""
        there = {str(path.relative_to(self.folder)) for path in self.times()}
        assert there >= {piece.path for piece in PIECES}
        assert there <= demo_paths()
        for piece in PIECES:
            length = piece.seconds if piece in left else 1
            assert seconds_of(self.path(piece).read_bytes()) == pytest.approx(length, abs=0.2), piece.path

"""A small library of synthesised pieces whose tempo, key and mood are known: for a first visit, and for tests."""

from dataclasses import dataclass

from .catalogue import Album, Piece
from .pieces import PIECES

__all__ = ["PIECES", "Album", "MadeFile", "Piece", "make_piece"]


@dataclass(frozen=True)
class MadeFile:
    path: str
    content: bytes


def make_piece(piece: Piece) -> list[MadeFile]:
    """The audio file with its tags, and the sidecars that belong to it; the same bytes every time."""
    # Here and not at the top: numpy, PyAV and Pillow cost 60 MB, and most who import this only want to read PIECES.
    from .making import made_files

    return [MadeFile(path, content) for path, content in made_files(piece)]

"""Makes audio-1.npz: what is usual among descriptors of music, and how much each group of them has to say.

Run by a maintainer over any music; what ships was fitted on 190 scores that bench/scores.py renders (--seed 9103):

    python -m embeddings.engine.data.make_audio FOLDER [FOLDER …]
"""

import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.engine.analyse import analyse
from analysis.engine.descriptors import GROUPS, Group
from embeddings.engine.audio import CONSTANTS, soft_limited

Floats = NDArray[np.float32]
DIRECTIONS = 512
OWN = 0.3


def constants(descriptors: Floats, groups: Sequence[Group], directions: int) -> dict[str, NDArray[Any]]:
    """Each group has the same say, however many numbers it has; the directions in which music differs most are kept."""
    usual = np.median(descriptors, axis=0).astype(np.float32)
    spread = np.maximum(descriptors.std(axis=0), 1e-6)
    say = np.concatenate([np.full(group.stop - group.start, 1 / np.sqrt(group.stop - group.start)) for group in groups])
    weights = np.stack([1 / spread, say]).astype(np.float32)
    scaled = soft_limited((descriptors - usual) * weights[0]) * weights[1]
    return {"usual": usual, "weights": weights, "directions": _directions(scaled, directions).astype(np.float16)}


def _directions(scaled: Floats, count: int) -> NDArray[np.float64]:
    # What varies together in little music may vary apart in other music: a third of each number's own say is kept.
    covariance = np.cov(scaled.T.astype(np.float64))
    covariance += OWN * np.diag(np.diag(covariance)) + 1e-9 * np.eye(len(covariance))
    _sizes, found = np.linalg.eigh(covariance)
    kept = found[:, ::-1][:, :count]
    return np.asarray(kept * np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])]), np.float64)


def measured(files: Iterable[Path]) -> Floats:
    with ProcessPoolExecutor() as pool:
        return np.stack([found for found in pool.map(_descriptors, files) if found is not None])


def _descriptors(file: Path) -> Floats | None:
    return analyse(file).descriptors


def main(folders: Sequence[str]) -> None:
    files = sorted(file for folder in folders for file in Path(folder).rglob("*") if file.suffix in SUFFIXES)
    found = measured(files)
    made = constants(found, GROUPS, DIRECTIONS)
    np.savez_compressed(CONSTANTS, usual=made["usual"], weights=made["weights"], directions=made["directions"])
    sys.stdout.write(f"{len(found)} pieces\n")


SUFFIXES = {".flac", ".mp3", ".ogg", ".opus", ".m4a"}

if __name__ == "__main__":
    main(sys.argv[1:])

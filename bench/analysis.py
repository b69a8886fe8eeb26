"""The analysis of a track: how right it is, what it costs, and what leaves it alone; beside the others' figures.

ANALYSIS_SEEDS (3), ANALYSIS_FIRST_SEED (of the clock) and ANALYSIS_SHARE (0.5 of the whole sets, a quarter of an hour a
seed where nothing else runs) choose the material; ANALYSIS_ONLY=cost,loudness,invariance,pairs,long,accuracy the parts.
"""

import os
import shutil
import tempfile
from pathlib import Path

from bench import (
    analysis_accuracy,
    analysis_cost,
    analysis_gain,
    analysis_invariance,
    analysis_long,
    analysis_peers,
)
from bench.scores import SOUNDFONT

PARTS = ("cost", "loudness", "invariance", "pairs", "long", "accuracy")
ONLY = os.environ.get("ANALYSIS_ONLY", ",".join(PARTS)).split(",")


def run() -> bool:
    missing = [program for program in ("fluidsynth", "ffmpeg") if not shutil.which(program)]
    if missing or not SOUNDFONT.exists():
        print(f"not installed: {', '.join(missing) or SOUNDFONT}; apt-get install fluidsynth fluid-soundfont-gm ffmpeg")
        return False
    python = analysis_peers.environment()
    if python is None:
        print("The environment of the peers could not be made: essentia, librosa, music21 or pretty_midi is missing.")
        return False
    with tempfile.TemporaryDirectory(prefix="soniquebay-analysis-") as folder:
        return _parts(Path(folder), python)


def _parts(folder: Path, python: Path) -> bool:
    small, pairs = folder / "small", folder / "pairs"
    verdicts = []
    if {"cost", "loudness", "invariance"} & set(ONLY):
        analysis_accuracy.rendered(small, python, seed=7, sets="pop,classical,folk", share="0.3")
    if "cost" in ONLY:
        piece = next(small / truth["file"] for truth in analysis_accuracy.truth_of(small) if truth["set"] == "pop")
        verdicts.append(analysis_cost.run(folder, python, piece))
    if "loudness" in ONLY:
        verdicts.append(analysis_invariance.loudness(small))
        verdicts.append(analysis_gain.replay_gain(small, folder))
    if "invariance" in ONLY:
        verdicts.append(analysis_invariance.invariance(small, folder))
    if "pairs" in ONLY:
        analysis_accuracy.rendered(pairs, python, seed=7, sets="pairs", share="1.0")
        verdicts.append(analysis_invariance.pairs(pairs, folder))
    if "long" in ONLY:
        verdicts.append(analysis_long.run())
    if "accuracy" in ONLY:
        verdicts.append(analysis_accuracy.run(folder, python))
    return all(verdicts)

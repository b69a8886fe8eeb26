"""Tempo and key against what is known of rendered scores, ours and the others' on the same files."""

import json
import os
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from analysis.engine.analyse import analyse, limit_threads, prepare
from analysis.engine.keys import parsed_key
from bench import analysis_peers, scores

Truth = dict[str, Any]
Figures = dict[str, Any]
OURS = "ours"
SEEDS = int(os.environ.get("ANALYSIS_SEEDS", "3"))
FIRST_SEED = int(os.environ.get("ANALYSIS_FIRST_SEED") or time.time() % 100_000)
SHARE = os.environ.get("ANALYSIS_SHARE", "0.5")
TOLERANCE = 0.04
OCTAVES = (1.0, 2.0, 0.5, 3.0, 1 / 3)
# One piece of some two hundred more or less is chance, which is what "level" has to allow for.
LEVEL = 0.5


def run(folder: Path, python: Path) -> bool:
    everything: list[tuple[Truth, Figures]] = []
    for seed in range(FIRST_SEED, FIRST_SEED + SEEDS):
        made = folder / f"seed-{seed}"
        rendered(made, python, seed=seed, sets="chorale,classical,folk,pop,drums", share=SHARE)
        found = list(zip(truth_of(made), said_of(made, python), strict=True))
        print(f"accuracy, seed {seed}: {len(found)} pieces")
        table(found)
        everything += found
    print(f"accuracy, all {SEEDS} seeds: {len(everything)} pieces, a share of {SHARE} of the whole sets")
    return table(everything)


def rendered(folder: Path, python: Path, *, seed: int, sets: str, share: str) -> None:
    command = [str(python), scores.__file__, str(folder), "--seed", str(seed), "--sets", sets, "--share", share]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def truth_of(folder: Path) -> list[Truth]:
    truth: list[Truth] = json.loads((folder / "truth.json").read_text())
    return truth


def said_of(folder: Path, python: Path) -> list[Figures]:
    files = [folder / truth["file"] for truth in truth_of(folder)]
    prepare()
    with ProcessPoolExecutor(2) as ours:
        mine = list(ours.map(_ours, files, chunksize=4))
    with ThreadPoolExecutor(2) as theirs:
        others = list(theirs.map(lambda file: analysis_peers.asked(python, "accuracy", file), files))
    return [
        {what: {OURS: own[what], **other.get(what, {})} for what in ("tempo", "key")}
        for own, other in zip(mine, others, strict=True)
    ]


def _ours(file: Path) -> Figures:
    limit_threads()
    found = analyse(file)
    return {"tempo": found.tempo.bpm, "key": (found.tonality.key, found.tonality.scale)}


def table(found: list[tuple[Truth, Figures]]) -> bool:
    return all([_tempi(found), _keys(found)])


def _tempi(found: list[tuple[Truth, Figures]]) -> bool:
    figures = {}
    for name in sorted({name for _, said in found for name in said["tempo"]}):
        ratios = [(said["tempo"].get(name) or 0) / truth["bpm"] for truth, said in found]
        once = sum(abs(ratio - 1) <= TOLERANCE for ratio in ratios)
        octave = sum(any(abs(ratio / wanted - 1) <= TOLERANCE for wanted in OCTAVES) for ratio in ratios)
        figures[name] = (100 * once / len(ratios), 100 * octave / len(ratios))
    return _printed("tempo", ("Acc1", "Acc2"), figures)


def _keys(found: list[tuple[Truth, Figures]]) -> bool:
    figures = {}
    keyed = [(truth, said) for truth, said in found if truth["key"]]
    for name in sorted({name for _, said in keyed for name in said["key"]}):
        points = [_mirex((truth["key"], truth["scale"]), said["key"].get(name)) for truth, said in keyed]
        exact = sum(point == 1 for point in points)
        figures[name] = (100 * sum(points) / len(points), 100 * exact / len(points))
    return _printed("key", ("MIREX", "exact"), figures)


def _mirex(true: tuple[str, str], said: tuple[str | None, str | None] | None) -> float:
    """1 for the key, 0.5 a fifth away, 0.3 for the relative, 0.2 for the parallel key."""
    if not said or not said[0]:
        return 0.0
    apart = (_pitch(said[0]) - _pitch(true[0])) % 12
    if said[1] == true[1]:
        return {0: 1.0, 5: 0.5, 7: 0.5}.get(apart, 0.0)
    relative = 9 if true[1] == "major" else 3
    return {relative: 0.3, 0: 0.2}.get(apart, 0.0)


def _pitch(name: str) -> int:
    key = parsed_key(name)
    assert key is not None
    return ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"].index(key.key)


def _printed(what: str, columns: tuple[str, str], figures: dict[str, tuple[float, float]]) -> bool:
    good = True
    for name, values in sorted(figures.items(), key=lambda item: -sum(item[1])):
        print(f"  {what:<6} {name:<24} " + "  ".join(f"{c} {v:5.1f}" for c, v in zip(columns, values, strict=True)))
    for place, column in enumerate(columns):
        best = max((value[place] for name, value in figures.items() if name != OURS), default=0.0)
        own = figures[OURS][place]
        print(f"  bound: {column} of the best peer {best:.1f}, ours {own:.1f}, ratio {own / max(best, 1e-9):.3f}")
        good &= own >= best - LEVEL
    return good

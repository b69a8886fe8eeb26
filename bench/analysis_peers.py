"""The others that analyse music, in an environment of their own; also a script of that environment, one file at a time.

python bench/analysis_peers.py accuracy|pipeline FILE
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

PACKAGES = (("--pre", "essentia"), ("librosa", "music21", "pretty_midi", "numpy", "setuptools<81"))
KRUMHANSL = ((6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
             (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17))  # fmt: skip
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
Figures = dict[str, Any]


def environment() -> Path | None:
    """Its Python, made once; None where it cannot be made."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "soniquebay-bench" / "analysis"
    python = folder / "bin" / "python"
    done = folder / "made"
    if not done.exists():
        venv.create(folder, with_pip=True)
        for packages in PACKAGES:
            command = [str(python), "-m", "pip", "install", "-q", *packages]
            if subprocess.run(command, capture_output=True, check=False).returncode:
                return None
        done.touch()
    return python


def asked(python: Path, what: str, file: Path) -> Figures:
    """What they say of one file: as far as they came, for essentia crashes on some."""
    one = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [str(python), __file__, what, str(file)]
    said = subprocess.run(command, env=one, capture_output=True, text=True, check=False).stdout
    found: Figures = {}
    for line in said.splitlines():
        if line.startswith("{"):
            found |= json.loads(line)
    return found


def _accuracy(file: str) -> None:
    import essentia.standard as es
    import librosa
    import numpy as np

    with tempfile.NamedTemporaryFile(suffix=".wav") as plain:
        # Its own decoder knows no Opus.
        decode = ["ffmpeg", "-v", "error", "-y", "-i", file, "-ar", "44100", "-c:a", "pcm_s16le", plain.name]
        subprocess.run(decode, check=True)
        sound = es.MonoLoader(filename=plain.name)()
    low = librosa.resample(sound, orig_sr=44_100, target_sr=22_050)
    tempo = float(np.atleast_1d(librosa.beat.beat_track(y=low, sr=22_050)[0])[0])
    chroma = librosa.feature.chroma_cqt(y=low, sr=22_050).mean(axis=1)
    fits = [np.corrcoef(chroma, np.roll(profile, tonic))[0, 1] for profile in KRUMHANSL for tonic in range(12)]
    best = int(np.argmax(fits))
    key = [NAMES[best % 12], "minor" if best >= 12 else "major"]
    _say({"tempo": {"librosa beat_track": tempo}, "key": {"librosa chroma_cqt": key}})
    keys = {
        f"essentia {profile}": es.KeyExtractor(profileType=profile)(sound)[:2]
        for profile in ("bgate", "braw", "shaath")
    }
    _say({"key": {"librosa chroma_cqt": key, **keys}})
    tempi = {"librosa beat_track": tempo}
    for method in ("degara", "multifeature"):
        tempi[f"essentia {method}"] = float(es.RhythmExtractor2013(method=method)(sound)[0])
        _say({"tempo": tempi})


def _pipeline(file: str) -> None:
    """What most would write with librosa: whole file, one call after the other."""
    import librosa

    def all_of_it(file: str) -> None:
        sound, rate = librosa.load(file)
        strength = librosa.onset.onset_strength(y=sound, sr=rate)
        librosa.beat.beat_track(onset_envelope=strength, sr=rate)
        librosa.feature.chroma_cqt(y=sound, sr=rate)
        librosa.feature.mfcc(y=sound, sr=rate)
        for feature in ("centroid", "bandwidth", "rolloff", "contrast", "flatness"):
            arguments = {} if feature == "flatness" else {"sr": rate}
            getattr(librosa.feature, f"spectral_{feature}")(y=sound, **arguments)

    all_of_it(file)  # once, so that numba has compiled
    used = []
    for _ in range(2):
        began = time.process_time()
        all_of_it(file)
        used.append(time.process_time() - began)
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    _say({"cpu_s": min(used), "peak_mb": int(peak.split()[1]) / 1024})


def _say(found: Figures) -> None:
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    {"accuracy": _accuracy, "pipeline": _pipeline}[sys.argv[1]](sys.argv[2])
    # essentia also crashes when it is left.
    os._exit(0)

"""ReplayGain beside a reference tool: loudgain writes its tags into copies, and what they say is compared with ours."""

import math
import shutil
import subprocess
from pathlib import Path

from analysis.engine.album import joint_loudness
from bench.analysis_invariance import analysed
from library.engine.tags import read_file
from library.engine.tags.replaygain import levels

FORMATS = ("flac", "mp3", "ogg", "opus", "m4a")
GAIN_BOUND_DB, PEAK_BOUND_DB = 0.1, 0.2
GAIN, PEAK, ALBUM = "replaygain_track_gain", "replaygain_track_peak", "replaygain_album_gain"
REFERENCE_LUFS = -18.0


def replay_gain(folder: Path, scratch: Path) -> bool:
    """Two pieces of each format are an album: the gain and peak of each track, and the album's gain."""
    if shutil.which("loudgain") is None:
        print("ReplayGain: loudgain is not installed (apt-get install loudgain): not compared")
        return True
    print("ReplayGain of albums of two in five formats, against the tags that loudgain writes")
    verdicts = [_album(form, sorted(folder.glob(f"*.{form}"))[:2], scratch) for form in FORMATS]
    return all(verdicts)


def _album(form: str, files: list[Path], scratch: Path) -> bool:
    place = scratch / f"gain-{form}"
    place.mkdir()
    copies = [Path(shutil.copy(file, place)) for file in files]
    subprocess.run(["loudgain", "-q", "-a", "-s", "i", *map(str, copies)], check=True, capture_output=True)
    ours, theirs = analysed(files), [_tags(file) for file in copies]
    joint = joint_loudness(found.loudness.histogram for found in ours) or 0.0
    pairs = list(zip(ours, theirs, strict=True))
    gains = [abs((found.replaygain_track_gain or 0.0) - said[GAIN]) for found, said in pairs]
    of_album = [abs(REFERENCE_LUFS - joint - said[ALBUM]) for said in theirs]
    peaks = [
        abs(20 * math.log10((found.replaygain_track_peak or 1.0) / said[PEAK])) for found, said in pairs if PEAK in said
    ]
    print(f"  {form:<5} track gain {max(gains):.3f} dB, album gain {max(of_album):.3f} dB (bound {GAIN_BOUND_DB}), "
          f"peak {max(peaks, default=0.0):.3f} dB (bound {PEAK_BOUND_DB})")  # fmt: skip
    return max(*gains, *of_album) <= GAIN_BOUND_DB and max(peaks, default=0.0) <= PEAK_BOUND_DB


def _tags(file: Path) -> dict[str, float]:
    """As a scan reads them: Opus says its gains in another way, and has no peaks."""
    facts = file.stat()
    return levels(read_file(bytes(file), size=facts.st_size, mtime_ns=facts.st_mtime_ns))

"""What others take for the same files: mutagen alone, a bare walk, beets."""

import os
import resource
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

MUTAGEN = """
import os, sys, time, mutagen
files = [os.path.join(d, f) for d, _, names in os.walk(sys.argv[1]) for f in names if not f.lower().endswith(".jpg")]
began = time.process_time()
for file in files: mutagen.File(file)
print(time.process_time() - began)
"""
WALK = """
import os, sys, time
best = 9e9
for _ in range(3):
    began, waiting = time.process_time(), [sys.argv[1]]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False): waiting.append(entry.path)
                else: entry.stat(follow_symlinks=False)
    best = min(best, time.process_time() - began)
print(best)
"""
HASHES = """
import os, sys, time
from hashlib import blake2b
files = [os.path.join(d, f) for d, _, names in os.walk(sys.argv[1]) for f in names if not f.lower().endswith(".jpg")]
began, part = time.process_time(), 65536
for name in files:
    with open(name, "rb") as file:
        size, digest = os.fstat(file.fileno()).st_size, blake2b(digest_size=16)
        for place in (0, (size - part) // 2, size - part):
            file.seek(max(0, place))
            digest.update(file.read(part))
print(time.process_time() - began)
"""
# Not ru_maxrss, which remembers the process that this one was made from.
IMPORTS = """
import core.worker.child, library.worker.scan.scanning
print(int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024)
"""


def _said(code: str, *arguments: str) -> float:
    done = subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def mutagen_s(folder: Path) -> float:
    """CPU of `mutagen.File()` on each file, without the start of Python."""
    return _said(MUTAGEN, str(folder))


def hashes_s(folder: Path) -> float:
    """CPU of three samples of each file, read and hashed, which is what knowing a file by its sound takes."""
    return _said(HASHES, str(folder))


def walk_s(folder: Path) -> float:
    """CPU of scandir and a stat for each file, the best of three."""
    return _said(WALK, str(folder))


def import_baseline_mb() -> float:
    """What the process of a scan holds when it has imported everything and done nothing."""
    return _said(IMPORTS)


def beets_s(folder: Path) -> float | None:
    """CPU of `beet import -A -q -C -W`, without its start; None where beets cannot be installed."""
    beet = _beets()
    if beet is None:
        return None
    with tempfile.TemporaryDirectory(prefix="soniquebay-beets-") as home:
        config = Path(home) / "config.yaml"
        config.write_text(f"directory: {home}/music\nlibrary: {home}/library.db\nplugins: []\n")
        environment = {**os.environ, "BEETSDIR": home}
        start = _used([beet, "-c", str(config), "version"], environment)
        return _used([beet, "-c", str(config), "import", "-A", "-q", "-C", "-W", str(folder)], environment) - start


def _used(command: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _beets() -> str | None:
    """In an environment of its own, made once."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "soniquebay-bench" / "beets"
    beet = folder / "bin" / "beet"
    if not beet.exists():
        venv.create(folder, with_pip=True)
        made = subprocess.run([folder / "bin" / "pip", "install", "-q", "beets"], capture_output=True, check=False)
        if made.returncode:
            return None
    return str(beet)

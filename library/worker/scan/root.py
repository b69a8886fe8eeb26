"""Whether this worker sees the folder that the server means, and whether it is still there in the middle of a scan."""

import os

from core.worker.errors import WorkerError
from library.engine.paths import unescaped
from library.schemas.scan import Sample, ScanPlan


class RootGone(WorkerError):
    pass


def sees(plan: ScanPlan, shared: list[str]) -> bool:
    """By files that the server knows, all of them as it knows them; or because somebody has said so."""
    root = unescaped(plan.root.path)
    if any(_lies_below(root, os.fsencode(folder)) for folder in shared):
        return True
    return bool(plan.samples) and all(_is_there(root, sample) for sample in plan.samples)


def _lies_below(root: bytes, folder: bytes) -> bool:
    return (root.rstrip(b"/") + b"/").startswith(folder.rstrip(b"/") + b"/")


def _is_there(root: bytes, sample: Sample) -> bool:
    try:
        facts = os.stat(os.path.join(root, unescaped(sample.folder + sample.name)))
    except (OSError, ValueError):
        return False
    return (facts.st_size, facts.st_mtime_ns) == (sample.size, sample.mtime_ns)


class Root:
    """The folder as it was when the scan began: another one under the same path is not it."""

    def __init__(self, path: bytes, shown: str) -> None:
        self.path, self.shown = path, shown
        try:
            self.identity = self._seen()
            with os.scandir(path):
                pass
        except OSError as error:
            raise RootGone(
                f"The folder {shown} cannot be read: {error.strerror}. Nothing was marked as missing; "
                "connect its disk, or allow SoniqueBay to read it, and scan again."
            ) from error

    def _seen(self) -> tuple[int, int]:
        facts = os.stat(self.path)
        return facts.st_dev, facts.st_ino

    def check(self) -> None:
        """Called whenever something is not where it was: a disk that was taken away takes everything along."""
        try:
            if self._seen() == self.identity:
                return
        except OSError:
            pass
        raise RootGone(
            f"The folder {self.shown} went away during the scan. What was found is kept, nothing was marked as "
            "missing; scan again when it is back."
        )

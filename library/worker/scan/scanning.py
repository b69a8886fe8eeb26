"""A whole scan, from the server's plan to the settlement of what moved and what is missing."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from core.worker.config import config
from core.worker.errors import NotForMe
from core.worker.running import RunningJob
from library.engine.paths import unescaped
from library.engine.tags.credits import Rules
from library.engine.walk import Folder, Walk, count_audio
from library.schemas.scan import FolderKnown, ScanPlan
from library.worker.scan.covers import Covers
from library.worker.scan.delivery import Delivery
from library.worker.scan.figures import Figures, Tally
from library.worker.scan.reading import FolderReader
from library.worker.scan.root import Root, sees
from library.worker.scan.talk import Talk

FOLDERS_AT_ONCE = 500
# A walk that has found so many files asks, however few folders they lie in.
FILES_AT_ONCE = 20_000
# Every hundred files, but not more often than anybody can read: each word costs the server more than ten files do.
TELL_EVERY, LEAST_BETWEEN_S = 100, 1.0
# Whoever has given a scan back is the last in line when it is offered again.
PAUSE_S, LONGEST_PAUSE_S = 5.0, 60.0
Sleep = Callable[[float], None]


def scan(job: RunningJob, *, sleep: Sleep = time.sleep) -> None:
    talk = Talk(job)
    plan = talk.plan()
    if not sees(plan, config().roots):
        _give_back(job, plan, sleep)
    Scan(job, talk, plan).run()


def _give_back(job: RunningJob, plan: ScanPlan, sleep: Sleep) -> None:
    """After a pause in which it can be cancelled, so that it does not go round in circles."""
    job.progress("Waiting", 0)
    for _ in range(round(min(PAUSE_S * job.attempt, LONGEST_PAUSE_S) * 2)):
        sleep(0.5)
        job.go_on()
    raise NotForMe(
        f"The worker {config().name} does not see the folder {plan.root.path} as the server does. It waits for "
        "one that does: start a worker where the folder is mounted under the same path, with WORKER_ROOTS naming it."
    )


class Scan:
    def __init__(self, job: RunningJob, talk: Talk, plan: ScanPlan) -> None:
        self.job, self.talk, self.plan = job, talk, plan
        path = unescaped(plan.root.path)
        self.root = Root(path, plan.root.path)
        self.walk = Walk(path, follow_symlinks=plan.root.follow_symlinks, skip_nomedia=plan.root.skip_nomedia)
        self.figures = Figures.from_checkpoint(job.checkpoint.get("figures"))
        self.tally = Tally(self.figures)
        self.covers = Covers(plan.largest_cover)
        self.delivery = Delivery(job, talk, self.covers, self.figures, chunk_size=plan.chunk_size)
        self.reader = FolderReader(
            job=job,
            root=self.root,
            delivery=self.delivery,
            covers=self.covers,
            rules=Rules.of(**plan.rules.model_dump()),
            force=plan.force,
            tick=self._tick,
        )
        self.total: int | None = plan.known_files or None
        self.step = "Looking"
        self.told_at = 0
        self.told_when = 0.0
        self.kept_upto: str | None = None

    def run(self) -> None:
        after = _text(self.job.checkpoint.get("after"))
        self._count_if_new(self.root.path)
        self._tell()
        for upto, folders in self._ranges(after):
            self._look_into(after, upto, folders)
            after = upto
        self.delivery.finish()
        self.root.check()
        self.step = "Settling"
        self._tell()
        settled = self.talk.settle()
        self.figures.moved += settled.moved
        self.figures.new -= min(self.figures.new, settled.not_new)
        self.figures.missing += settled.missing
        self.total = self.figures.found
        self._tell()

    def _ranges(self, after: str | None) -> Iterator[tuple[str | None, list[Folder]]]:
        """Folders as they come, and up to where each lot reaches; the last one reaches to the end."""
        folders: list[Folder] = []
        files = 0
        for folder in self.walk.folders(after):
            self._watch_for_gaps()
            if not folder.matters():
                continue
            if len(folders) >= FOLDERS_AT_ONCE or files >= FILES_AT_ONCE:
                yield folders[-1].path, folders
                folders, files = [], 0
            folders.append(folder)
            files += len(folder.audio)
        self._watch_for_gaps()
        yield None, folders

    def _watch_for_gaps(self) -> None:
        """A folder that was listed and is not there: removed just now, or the whole disk with it."""
        if self.walk.vanished:
            self.walk.vanished.clear()
            self.root.check()

    def _look_into(self, after: str | None, upto: str | None, folders: list[Folder]) -> None:
        self.root.check()
        changed = self.talk.check(after, upto, folders)
        for folder in folders:
            self._look_at(folder, changed.get(folder.path))
        self._keep_place(upto)

    def _look_at(self, folder: Folder, known: FolderKnown | None) -> None:
        if not folder.readable:
            self.delivery.error(folder.path, "", folder.troubles[0].reason)
        elif known is not None or self.plan.force:
            self.step = "Reading"
            self.reader.read(folder, known or FolderKnown(path=folder.path, files=[], failed=[]))
        else:
            self.figures.unchanged += len(folder.audio)
            self._tick(len(folder.audio))
        self._keep_place(None)

    def _keep_place(self, upto: str | None) -> None:
        """Where another worker would go on: behind whatever has arrived."""
        place, figures = self.delivery.done_upto, self.delivery.done_figures
        if upto is not None and self.delivery.is_empty():
            place, figures = upto, asdict(self.figures)
        if place is not None and (self.kept_upto is None or place > self.kept_upto):
            self.kept_upto = place
            self._tell(checkpoint={"after": place, "figures": figures | {"seconds": self.tally.seconds()}})

    def _tick(self, files: int) -> None:
        self.figures.found += files
        if self.figures.found - self.told_at >= TELL_EVERY and time.monotonic() - self.told_when >= LEAST_BETWEEN_S:
            self._tell()
        else:
            self.job.go_on()

    def _tell(self, checkpoint: dict[str, Any] | None = None) -> None:
        self.told_at, self.told_when = self.figures.found, time.monotonic()
        if self.total is not None:
            self.total = max(self.total, self.figures.found)
        metrics = self.tally.as_metrics(self.total)
        self.job.progress(self.step, self.figures.found, self.total, checkpoint=checkpoint, **metrics)

    def _count_if_new(self, root: bytes) -> None:
        """The first scan of a folder has nothing to tell how long it will take: another thread counts ahead."""
        if self.total is None and not self.plan.samples:
            threading.Thread(target=self._count, args=[root], name="counting", daemon=True).start()

    def _count(self, root: bytes) -> None:
        self.total = count_audio(root)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None

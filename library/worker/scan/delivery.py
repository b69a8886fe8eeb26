"""Batches: collected, delivered, followed by the pictures that the server wants; then their folders are done."""

import json
from dataclasses import asdict
from typing import Any

from core.worker.running import RunningJob
from library.schemas.scan import BatchOut
from library.worker.scan.covers import Covers
from library.worker.scan.figures import Figures
from library.worker.scan.talk import Talk, stop_if

# A server takes bodies of two and a half megabytes.
MOST_BYTES = 1_800_000
# What a row takes without its words: measured at 1.5 kB.
USUAL_ROW = 2_000
# A server that takes in more at once writes it to its disk meanwhile.
BUNDLE_BYTES = 2 << 20
MOST_GONE = 20_000
MOST_FOLDERS = 2_000
MOST_REASON = 2_000


class Delivery:
    """A folder's digest is sent only when the pictures of its tracks have arrived, so that none can be lost."""

    def __init__(self, job: RunningJob, talk: Talk, covers: Covers, figures: Figures, *, chunk_size: int) -> None:
        self.job, self.talk, self.covers, self.figures = job, talk, covers, figures
        self.chunk_size = chunk_size
        self.done_upto: str | None = None
        """the last folder of which everything has arrived"""
        self.done_figures = asdict(figures)
        """as they were when it had been read"""
        self.read_figures: dict[str, dict[str, Any]] = {}
        self._clear()
        self.waiting: list[dict[str, Any]] = []

    def _clear(self) -> None:
        self.tracks: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self.gone: list[dict[str, Any]] = []
        self.folder_covers: list[dict[str, Any]] = []
        self.folders: list[dict[str, Any]] = []
        self.bytes = 0

    def tracks_of_file(self, rows: list[dict[str, Any]]) -> None:
        """All tracks of one file go together; a full batch waits for the next ones, and takes its folder along."""
        size = sum(_size_of(row) for row in rows)
        if self.tracks and (self.bytes + size > MOST_BYTES or len(self.tracks) + len(rows) > self.chunk_size):
            self.flush()
        self.tracks += rows
        self.bytes += size

    def error(self, folder: str, name: str, reason: str, *, size: int = 0, mtime_ns: int = 0) -> None:
        self.errors.append(
            {"folder": folder, "name": name, "size": size, "mtime_ns": mtime_ns, "reason": reason[:MOST_REASON]}
        )
        self.figures.errors += 1
        self.job.error(f"{folder}{name}", reason)
        self._flush_if_long()

    def gone_file(self, folder: str, name: str) -> None:
        self.gone.append({"folder": folder, "name": name})
        self._flush_if_long()

    def folder_cover(self, folder: str, cover: dict[str, Any] | None) -> None:
        self.folder_covers.append({"folder": folder, "cover": cover})

    def folder_read(self, path: str, digest: str, files: int) -> None:
        """Nothing of it is left to be collected."""
        self.folders.append({"path": path, "digest": digest, "files": files})
        self.read_figures[path] = asdict(self.figures)
        self._flush_if_long()

    def _flush_if_long(self) -> None:
        if len(self.errors) >= self.chunk_size or len(self.gone) >= MOST_GONE or len(self.folders) >= MOST_FOLDERS:
            self.flush()

    def is_empty(self) -> bool:
        return not (self.tracks or self.errors or self.gone or self.folder_covers or self.folders or self.waiting)

    def flush(self) -> None:
        """Delivers what there is."""
        done, later = self._folders_to_send()
        parts = {
            "tracks": self.tracks,
            "errors": self.errors,
            "gone": self.gone,
            "folder_covers": self.folder_covers,
            "folders": done,
        }
        batch = {name: rows for name, rows in parts.items() if rows}
        self._clear()
        if not batch:
            return
        answer = self.talk.deliver(batch)
        self._count(answer)
        self._send_covers(answer)
        self.waiting = later
        if done:
            self.done_upto = done[-1]["path"]
            seen = [self.read_figures.pop(folder["path"]) for folder in done]
            # What has been looked at counts up to there, what has arrived counts whole.
            self.done_figures = {**asdict(self.figures), **{name: seen[-1][name] for name in ("found", "errors")}}
        stop_if(answer)

    def _folders_to_send(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        ready = [*self.waiting, *self.folders]
        if not self.covers.is_expected():
            return ready, []
        return self.waiting, self.folders

    def finish(self) -> None:
        """The last of it, and the folders that waited for their pictures."""
        self.flush()
        self.flush()

    def _count(self, answer: BatchOut) -> None:
        figures = self.figures
        figures.new += answer.new
        figures.changed += answer.changed
        figures.unchanged += answer.unchanged
        figures.moved += answer.returned
        figures.errors += len(answer.refused)
        for row in answer.refused:
            self.job.error(f"{row.folder}{row.name}", row.reason)

    def _send_covers(self, answer: BatchOut) -> None:
        bundle: list[bytes] = []
        for digest in answer.covers_wanted:
            content = self.covers.content(digest)
            if content is None:
                continue
            if bundle and sum(map(len, bundle)) + len(content) > BUNDLE_BYTES:
                self.talk.put_covers(bundle)
                self.job.go_on()
                bundle = []
            bundle.append(content)
        if bundle:
            self.talk.put_covers(bundle)
        self.covers.confirm_all()


def _size_of(row: dict[str, Any]) -> int:
    """About what it takes; exactly where somebody has written hundreds of names into one file."""
    texts = 0
    for part in (row, row.get("album", {})):
        for value in part.values():
            if isinstance(value, str):
                texts += len(value)
            elif isinstance(value, list) and len(value) > 20:
                return len(json.dumps(row))
    return USUAL_ROW + 2 * texts + 2 * len(row.get("lyrics", {}).get("text", ""))

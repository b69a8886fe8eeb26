"""A server that keeps, in memory, what a scan tells it, and answers as the real one does."""

import hashlib
from collections.abc import Callable
from typing import Any

from core.tests.worker.stand_in import Answer, Asked, JobServer, as_json, refusal
from library.engine.bundles import unbundled
from library.schemas.scan import FolderCheck, ScannedTrack, SettleIn, TrackBatch

File = tuple[str, str]
"""folder and name"""


class ScanServer(JobServer):
    """Knows one root; rows are checked with the wire's own schemas."""

    def __init__(self, root: str) -> None:
        super().__init__()
        self.job |= {"kind": "library.scan", "params": {"root_id": 1}, "checkpoint": {}}
        self.claim = as_json(self.job)
        self.plan: dict[str, Any] = {
            "root": {"id": 1, "name": "Music", "path": root, "follow_symlinks": True, "skip_nomedia": False},
            "samples": [],
            "rules": {},
            "chunk_size": 500,
            "largest_cover": 10_000_000,
            "force": False,
        }
        self.digests: dict[str, str] = {}
        self.tracks: dict[File, list[dict[str, Any]]] = {}
        self.failed: dict[File, dict[str, Any]] = {}
        self.folder_covers: dict[str, dict[str, Any] | None] = {}
        self.covers: dict[str, bytes] = {}
        self.absent: set[File] = set()
        self.spared: set[str] = set()
        self.batches: list[TrackBatch] = []
        self.cancelled = False
        self.settled = 0
        self.before: Callable[[Asked], Answer | None] = lambda asked: None
        self.others = self._answer_scan

    def next_job(self) -> None:
        """The same root, another scan."""
        self.asked.clear()
        self.batches.clear()
        self.absent.clear()
        self.settled = 0
        self.job |= {"checkpoint": {}}
        self.claim = as_json(self.job)

    def take_up(self) -> None:
        """The next attempt, from what the last one has kept."""
        kept = [report["checkpoint"] for report in self.reports if report.get("checkpoint")]
        self.asked.clear()
        self.job |= {"checkpoint": kept[-1] if kept else {}, "attempt": int(str(self.job["attempt"])) + 1}
        self.claim = as_json(self.job)

    def _answer_scan(self, asked: Asked) -> Answer:
        special = self.before(asked)
        if special is not None:
            return special
        if asked.method == "GET":
            return as_json(self.plan)
        if asked.path.endswith("/folders"):
            return self._check(FolderCheck.model_validate(asked.json))
        if asked.path.endswith("/batch"):
            return self._take(TrackBatch.model_validate(asked.json))
        if asked.path.endswith("/settle"):
            SettleIn.model_validate(asked.json)
            return self._settle()
        if asked.method == "PUT":
            sent = {hashlib.sha256(content).hexdigest(): content for content in unbundled(asked.body)}
            self.covers |= sent
            return as_json({"digests": list(sent), "refused": 0})
        return refusal(404)

    def _check(self, check: FolderCheck) -> Answer:
        named = {folder.path: folder.digest for folder in check.folders}
        assert list(named) == sorted(named, key=str.encode)
        for path in [*self.digests]:
            behind = check.after is None or path.encode() > check.after.encode()
            until = check.upto is None or path.encode() <= check.upto.encode()
            if behind and until and path not in named and not any(path.startswith(u) for u in check.unreadable):
                del self.digests[path]
                self.absent |= {file for file in self.tracks if file[0] == path}
        self.spared |= set(check.unreadable)
        changed = [path for path, digest in named.items() if self.digests.get(path) != digest or self.plan["force"]]
        known = [{"path": path, "files": self._known(path), "failed": self._failed(path)} for path in changed]
        return as_json({"changed": known, "cancel": self.cancelled})

    def _known(self, folder: str) -> list[dict[str, Any]]:
        files = {file[1]: rows for file, rows in self.tracks.items() if file[0] == folder and file not in self.absent}
        return [
            {
                "name": name,
                "size": rows[0]["size"],
                "mtime_ns": rows[0]["mtime_ns"],
                "again": rows[0]["cue_index"] > 0 or (rows[0]["lyrics"] or {}).get("source") == "sidecar",
            }
            for name, rows in files.items()
        ]

    def _failed(self, folder: str) -> list[dict[str, Any]]:
        return [
            {"name": file[1], "size": error["size"], "mtime_ns": error["mtime_ns"]}
            for file, error in self.failed.items()
            if file[0] == folder
        ]

    def _take(self, batch: TrackBatch) -> Answer:
        self.batches.append(batch)
        counts = {"new": 0, "changed": 0, "unchanged": 0, "returned": 0}
        files: dict[File, list[dict[str, Any]]] = {}
        for row in batch.tracks:
            track = ScannedTrack.model_validate(row).model_dump()
            files.setdefault((track["folder"], track["name"]), []).append(track)
        for file, rows in files.items():
            before = self.tracks.get(file)
            counts["new" if before is None else "unchanged" if before == rows else "changed"] += len(rows)
            self.tracks[file] = rows
            self.absent.discard(file)
            self.failed.pop(file, None)
        for error in batch.errors:
            self.failed[error.folder, error.name] = error.model_dump()
        for gone in batch.gone:
            self.failed.pop((gone.folder, gone.name), None)
            if (gone.folder, gone.name) in self.tracks:
                self.absent.add((gone.folder, gone.name))
        for cover in batch.folder_covers:
            self.folder_covers[cover.folder] = cover.cover.model_dump() if cover.cover else None
        self.digests |= {folder.path: folder.digest for folder in batch.folders}
        refs = [row["cover"]["digest"] for rows in files.values() for row in rows if row["cover"]]
        refs += [cover.cover.digest for cover in batch.folder_covers if cover.cover]
        wanted = [digest for digest in dict.fromkeys(refs) if digest not in self.covers]
        return as_json({**counts, "refused": [], "covers_wanted": wanted, "cancel": self.cancelled})

    def _settle(self) -> Answer:
        self.settled += 1
        missing = sum(len(self.tracks.pop(file)) for file in self.absent if file in self.tracks)
        return as_json({"moved": 0, "missing": missing})

    def titles(self) -> list[str]:
        return sorted(row["title"] for rows in self.tracks.values() for row in rows)

    def names(self) -> set[str]:
        return {folder + name for folder, name in self.tracks}

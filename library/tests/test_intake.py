"""What becomes of a batch: rows in the database, once, whatever they hold."""

from typing import Any

import pytest

from core import queue
from core.services.jobs import claim_job
from library.models import Album, Artist, LibraryRoot
from library.schemas.scan import BatchOut, ScanStart, TrackBatch
from library.services.intake import take_batch
from library.services.scans import start_scans
from library.tests.factories import make_root, scanned_track


@pytest.fixture(autouse=True)
def _no_delivery(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(queue, "send", lambda job: True)


class Scan:
    def __init__(self, root: LibraryRoot, **asked: Any) -> None:
        self.root = root
        self.job = start_scans(asked=ScanStart(root_id=root.pk, **asked))[0]
        self.attempt = claim_job(job_id=self.job.pk, worker="w").attempt

    def send(self, *tracks: dict[str, Any], **more: Any) -> BatchOut:
        batch = {"job_id": self.job.pk, "attempt": self.attempt, "tracks": list(tracks), **more}
        return take_batch(batch=TrackBatch.model_validate(batch))


def test_first() -> None:
    scan = Scan(make_root())
    rows = [scanned_track() for _ in range(5)]
    out = scan.send(*rows)
    assert (out.new, out.refused) == (5, [])
    out = scan.send(*rows)
    assert (out.new, out.changed, out.unchanged) == (0, 0, 5)
    assert Album.objects.get().title == "Low Tide"
    assert Artist.objects.get().name == "Moss"

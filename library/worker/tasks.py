"""What workers do for the library."""

from core.worker.running import RunningJob
from core.worker.tasks import job_task
from library.engine.demo import PIECES, make_piece


@job_task("library.demo_library")
def demo_library(job: RunningJob) -> None:
    """Composes the pieces that the server does not have yet, and delivers each with its cover and lyrics."""
    there = {file["path"] for file in job.api.get("/api/demo-library/files")}
    missing = [piece for piece in PIECES if piece.path not in there]
    seconds = sum(piece.seconds for piece in PIECES if piece.path in there)
    # Those that are there count as done from the start: passing them by would look like great speed.
    for done, piece in enumerate(missing, start=len(PIECES) - len(missing)):
        job.progress("Composing", done, len(PIECES), item=piece.title, music_s=round(seconds))
        # The audio goes last: where it lies, the piece is whole.
        for file in reversed(make_piece(piece)):
            job.api.put_bytes(f"/api/demo-library/files/{file.path}", file.content)
        seconds += piece.seconds
    job.progress("Composing", len(PIECES), len(PIECES), item="", music_s=round(seconds))


@job_task("library.scan")
def scan(job: RunningJob) -> None:
    """Finds what is new, changed, moved and gone in a folder of music that this machine sees."""
    # Here and not at the top: an idle worker is spared what reads tags.
    from library.worker.scan.scanning import scan as scan_root

    scan_root(job)

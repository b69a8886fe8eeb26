"""The embeddings' own database jobs: what control runs."""

from dataclasses import replace

from core.database_jobs import DatabaseJob
from embeddings.jobs import FIND_UNMAPPED
from embeddings.services.mapping import draw_outstanding


def find_unmapped(job: DatabaseJob) -> None:
    """What nobody was told of is found here."""
    draw_outstanding()
    job.progress("Looking", 1, 1)


KINDS = [replace(FIND_UNMAPPED, run=find_unmapped)]

"""The analysis' own database jobs: what control runs."""

from dataclasses import replace

from analysis.jobs import FIND_MISSING
from analysis.schemas.work import AnalyzeParams
from analysis.selectors.work import to_do
from analysis.services.album_gain import settle_forgotten_gains
from analysis.services.leasing import tidy_leases
from analysis.services.starting import start_outstanding
from core.database_jobs import DatabaseJob


def find_missing(job: DatabaseJob) -> None:
    """What nobody was told of, or what was switched off meanwhile, is found here."""
    missing, stale = (to_do(AnalyzeParams(what=what)).count() for what in ("missing", "stale"))
    job.progress("Looking", 0, missing + stale, missing=missing, stale=stale)
    settle_forgotten_gains()
    tidy_leases()
    start_outstanding()
    job.progress("Looking", missing + stale, missing + stale)


KINDS = [replace(FIND_MISSING, run=find_missing)]

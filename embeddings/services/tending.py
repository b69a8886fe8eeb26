"""Control's own job: what has changed, where artists lie, indexes, and which model answers; then what is missing."""

from dataclasses import replace

from core.database_jobs import DatabaseJob
from core.errors import Conflict
from core.models import Job
from core.selectors import jobs
from core.services.jobs import start_job
from embeddings.jobs import TEND
from embeddings.selectors.encoders import encoder_settings
from embeddings.selectors.work import active_vectorizing
from embeddings.services.artists import settle_artists
from embeddings.services.following import note_all_changed
from embeddings.services.mapping import draw_outstanding
from embeddings.services.serving import settle_models, tend_indexes
from embeddings.services.vectorizing import start_outstanding
from library.schemas.scan import SCAN_KIND

STEPS = 4


def start_tending(*, start: bool = True) -> Job | None:
    """None where one is on its way already."""
    try:
        return start_job(kind=TEND.name, params={} if start else {"start": False})
    except Conflict:
        return None


def tend_soon() -> Job | None:
    """After a change by hand; a scan that runs ends with it anyway."""
    if not encoder_settings().automatic or jobs(state="active", kind=SCAN_KIND).exists():
        return None
    return start_tending()


def tend(job: DatabaseJob) -> None:
    """What nobody was told of is found here too."""
    job.progress("Comparing", 0, STEPS)
    job.progress("Artists", 1, STEPS, changed=note_all_changed())
    job.progress("Index", 2, STEPS, artists=settle_artists())
    job.progress("Models", 3, STEPS, indexes=tend_indexes())
    settle_models()
    if job.params.get("start", True):
        start_outstanding()
    if active_vectorizing() is None:
        # Otherwise there are more to come, and the map waits for them.
        draw_outstanding()
    job.progress("Models", STEPS, STEPS)


KINDS = [replace(TEND, run=tend)]

"""What workers do for the embeddings."""

from core.worker.running import RunningJob
from core.worker.tasks import job_task
from embeddings.schemas.mapping import MAP_KIND
from embeddings.schemas.work import VECTORIZE_KIND


@job_task(VECTORIZE_KIND)
def vectorize(job: RunningJob) -> None:
    """Makes vectors until none are missing; numpy and the table of words are loaded in the job's own process."""
    from embeddings.worker.vectorizing import Vectorizing

    Vectorizing(job).run()


@job_task(MAP_KIND)
def draw_map(job: RunningJob) -> None:
    """Lays the library out in two dimensions; what it stands on is large, and imported only in the job's process."""
    from embeddings.worker.mapping import Mapping

    Mapping(job).run()

"""What workers do for the embeddings."""

from core.worker.running import RunningJob
from core.worker.tasks import job_task
from embeddings.schemas.mapping import MAP_KIND


@job_task(MAP_KIND)
def draw_map(job: RunningJob) -> None:
    """Lays the library out in two dimensions; what it stands on is large, and imported only in the job's process."""
    from embeddings.worker.mapping import Mapping

    Mapping(job).run()

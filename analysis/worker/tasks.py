"""What workers do for the analysis."""

from analysis.schemas.work import ANALYZE_KIND
from core.worker.running import RunningJob
from core.worker.tasks import job_task


@job_task(ANALYZE_KIND)
def analyze(job: RunningJob) -> None:
    """Listens to tracks until none are left; what it stands on is large, and imported only in the job's own process."""
    from analysis.worker.analysing import Analysing

    Analysing(job).run()

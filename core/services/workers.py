"""Who is there to take jobs."""

from django.utils import timezone

from core.models import Worker
from core.schemas import WorkerHello


def note_worker(hello: WorkerHello) -> None:
    """Remembers a worker that says that it is there."""
    Worker.objects.update_or_create(
        name=hello.name,
        defaults={
            "version": hello.version,
            "queues": hello.queues,
            "memory_mb": hello.memory_mb,
            "seen_at": timezone.now(),
        },
    )

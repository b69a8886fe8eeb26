"""Sends jobs to workers by name, after the transaction that made them has been committed."""

from functools import cache

from celery import Celery
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core.jobs import Queue
from core.logs import get_logger
from core.models import Job

# A message that nobody took for a day is not needed: control has long sent another one.
MESSAGE_LIFE_S = 24 * 3600

AWAY = (OperationalError, RedisError, OSError)

log = get_logger(__name__)


@cache
def producer() -> Celery:
    """A Celery application that only sends: it imports no task."""
    app = Celery("soniquebay", broker=settings.CELERY_BROKER_URL, set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        broker_connection_timeout=2,
        broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 5, "max_retries": 0},
    )
    return app


def enqueue(job: Job) -> None:
    """Sends the job once its row can be seen by others; control takes its own jobs from the database."""
    if job.queue == Queue.CONTROL:
        return
    transaction.on_commit(lambda: send(job))


def waiting_messages(queue: Queue) -> int | None:
    """How many messages nobody has taken yet; None when the broker is away."""
    try:
        with producer().connection_or_acquire() as connection:
            return int(connection.default_channel.queue_declare(queue=queue.value).message_count)
    except AWAY as error:
        log.warning("queue_not_seen", queue=queue.value, reason=str(error))
        return None


def send(job: Job) -> bool:
    """Hands the job to the broker; when the broker is away the row waits, and control sends it later."""
    try:
        producer().send_task(job.kind, args=[str(job.pk)], queue=job.queue, retry=False, expires=MESSAGE_LIFE_S)
    except AWAY as error:
        log.warning("job_not_sent_yet", job_id=str(job.pk), kind=job.kind, reason=str(error))
        return False
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now())
    return True

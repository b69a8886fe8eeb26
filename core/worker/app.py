"""The Celery application of workers; `python -m core.worker` runs it."""

import pkgutil
import threading
from pathlib import Path
from typing import Any

from celery import Celery, bootsteps, signals
from celery.worker import state

from core.logs import configure, get_logger
from core.schemas import WorkerHello
from core.version import VERSION
from core.worker.client import ApiClient
from core.worker.config import config
from core.worker.errors import WorkerError
from core.worker.running import memory_mb
from core.worker.tasks import stop_children

log = get_logger(__name__)
ROOT = Path(__file__).resolve().parent.parent.parent
HELLO_EVERY_S = 30.0
STOP_CHILDREN_WITHIN_S = 4.0


def task_modules() -> list[str]:
    """The tasks of every app, by the one place where each keeps them."""
    apps = [module.name for module in pkgutil.iter_modules([str(ROOT)]) if module.ispkg and module.name != "core"]
    return [f"{name}.worker.tasks" for name in apps if (ROOT / name / "worker" / "tasks.py").is_file()]


app = Celery("soniquebay", broker=config().broker_url, include=task_modules())
app.conf.update(
    task_ignore_result=True,
    task_default_queue="compute",
    worker_prefetch_multiplier=1,
    # A job that waits behind one of hours is for a worker that is free.
    worker_disable_prefetch=True,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_disable_rate_limits=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={"socket_connect_timeout": 5, "socket_keepalive": True, "health_check_interval": 25},
)
over = threading.Event()


class HandBack(bootsteps.StartStopStep):  # type: ignore[misc]
    """Gives the jobs back once this worker takes none any more.

    A job that is given back is sent to the queue at once, where a worker that still listens, but only to end, would
    take its message to the grave.
    """

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def stop(self, consumer: Any) -> None:
        # Celery also stops its steps when Redis is away for a moment.
        if state.should_stop is None or state.should_stop is False:
            return
        try:
            consumer.task_consumer.cancel()
            consumer.task_consumer.channel.client.connection.disconnect()
        except Exception as error:
            log.info("queue_not_left", reason=str(error))
        stop_children()


def set_up_logging(**_: Any) -> None:
    configure({"level": config().log_level, "as_json": config().log_json})


def say_hello(**_: Any) -> None:
    threading.Thread(target=_keep_saying_hello, name="hello", daemon=True).start()


def fall_silent(**_: Any) -> None:
    over.set()
    # Steps are not stopped while Redis is away, and jobs may take hours.
    later = threading.Timer(STOP_CHILDREN_WITHIN_S, stop_children)
    later.daemon = True
    later.start()


signals.setup_logging.connect(set_up_logging)
signals.worker_ready.connect(say_hello)
signals.worker_shutting_down.connect(fall_silent)
app.steps["consumer"].add(HandBack)


def _keep_saying_hello() -> None:
    api = ApiClient(config().api_url, config().token, patience_s=HELLO_EVERY_S / 2)
    while not over.is_set():
        try:
            hello = WorkerHello(name=config().name, version=VERSION, queues=config().queues, memory_mb=memory_mb())
            api.post("/api/workers", hello.model_dump())
        except WorkerError as error:
            log.warning("hello_not_heard", reason=error.reason)
        over.wait(HELLO_EVERY_S)

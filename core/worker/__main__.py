"""Runs a worker: `python -m core.worker`, with its three addresses in the environment."""

import sys

from core.environment import BadVariable


def main() -> int:
    # Imported only here, so that a missing address is a sentence and not a traceback.
    try:
        from core.worker.app import app
        from core.worker.config import config

        chosen = config()
    except BadVariable as error:
        print(f"worker: {error}", file=sys.stderr)  # noqa: T201 (a command line speaks)
        return 2
    # Not `celery worker`: its command line alone costs 9 MB in every process.
    worker = app.Worker(
        hostname=f"soniquebay@{chosen.name}",
        queues=chosen.queues,
        concurrency=chosen.concurrency,
        pool_cls="threads",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel=chosen.log_level,
    )
    worker.start()
    return int(worker.exitcode or 0)


if __name__ == "__main__":
    sys.exit(main())

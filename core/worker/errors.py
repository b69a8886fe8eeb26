"""What can go wrong for a worker; each error says whether the same job may succeed when it is tried again.

WorkerError
├── ApiRefused     the server understood, and said no
│   └── JobLost    the job is somebody else's now, or is over
├── ApiAway        the server could not be reached for longer than the caller would wait
├── NotForMe       this worker cannot do it, another may: the job is given back, and that counts as no setback
└── Cancelled      somebody asked for the job to stop
"""


class WorkerError(Exception):
    """Why a job ends, in words for the page that shows it."""

    retry = False

    def __init__(self, reason: str, *, retry: bool | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        if retry is not None:
            self.retry = retry


class ApiRefused(WorkerError):
    def __init__(self, reason: str, *, status: int, code: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.code = code


class JobLost(ApiRefused):
    pass


class ApiAway(WorkerError):
    retry = True


class NotForMe(WorkerError):
    pass


class Cancelled(WorkerError):
    pass


class Interrupted(BaseException):
    """The worker was told to end: not an Exception, so that no job swallows it by accident."""

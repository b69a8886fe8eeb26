"""One family of errors, raised by services and read by every door; only soniquebay/api.py knows status codes.

SoniqueBayError
├── InvalidInput        what was sent cannot be used
│   └── NoSuchRange     a file has no such bytes
├── NotAuthenticated    nobody is known to be asking
├── NotAllowed          somebody is, and may not
├── NotFound            there is no such thing
├── Conflict            the thing is not in a state that allows it
│   └── Superseded      another worker has taken this job over
├── TooMany             wait, then ask again
└── Unavailable         a part that is needed is away; ask again later
"""


class SoniqueBayError(Exception):
    """What happened, and what to do next, in words that a person can use."""

    code = "error"

    def __init__(self, message: str, *, hint: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.field = field


class InvalidInput(SoniqueBayError):
    code = "invalid_input"


class NoSuchRange(InvalidInput):
    code = "no_such_range"

    def __init__(self, size: int) -> None:
        super().__init__("The file has no such bytes.", hint=f"It has {size:,}.", field="Range")
        self.size = size


class NotAuthenticated(SoniqueBayError):
    code = "not_authenticated"


class NotAllowed(SoniqueBayError):
    code = "not_allowed"


class NotFound(SoniqueBayError):
    code = "not_found"


class Conflict(SoniqueBayError):
    code = "conflict"


class Superseded(Conflict):
    code = "superseded"


class TooMany(SoniqueBayError):
    code = "too_many"

    def __init__(self, message: str, *, retry_after_s: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class Unavailable(SoniqueBayError):
    code = "unavailable"

    def __init__(self, message: str, *, retry_after_s: int = 5, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s

"""One table from errors to HTTP, for the APIs and the pages alike."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, ValidationError
from django.db import DataError, InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerAway
from psycopg_pool import PoolClosed, PoolTimeout
from redis.exceptions import RedisError

from core import errors

STATUS: dict[type[errors.SoniqueBayError], int] = {
    errors.InvalidInput: 422,
    errors.NoSuchRange: 416,
    errors.NotAuthenticated: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}


def status_of(error: errors.SoniqueBayError) -> int:
    """The status of the error's class, or of the nearest class above it that has one."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def headers_of(error: errors.SoniqueBayError) -> dict[str, str]:
    if isinstance(error, errors.Unavailable | errors.TooMany):
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, errors.NotAuthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, errors.NoSuchRange):
        return {"Content-Range": f"bytes */{error.size}"}
    return {}


def as_ours(exception: BaseException) -> errors.SoniqueBayError | None:
    """Our error for what stores and libraries raise; None for what nobody foresaw."""
    if isinstance(exception, errors.SoniqueBayError):
        return exception
    if isinstance(exception, OperationalError | InterfaceError | PoolTimeout | PoolClosed):
        return errors.Unavailable("The database is away. Nothing was lost.", hint="It is tried again by itself.")
    if isinstance(exception, RedisError | BrokerAway):
        return errors.Unavailable("Redis is away. Nothing was lost.", hint="It is tried again by itself.")
    if isinstance(exception, DataError):
        return errors.InvalidInput("A value is outside of what can be stored.")
    if isinstance(exception, UnicodeEncodeError):
        return errors.InvalidInput("A text holds half a character, which no alphabet has.")
    if isinstance(exception, RecursionError):
        return errors.InvalidInput("A value is nested too deeply.")
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        most = f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes"
        return errors.InvalidInput("More was sent than is read here.", hint=f"Send less than {most}.")
    if isinstance(exception, ValidationError):
        return errors.InvalidInput(" ".join(exception.messages))
    return None

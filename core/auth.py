"""Who is asking, and what they may do: a session of a person, or a bearer token with a scope."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from core.errors import NotAllowed, NotAuthenticated
from core.models import ApiToken, User
from core.schemas import Scope
from core.tokens import digest

CONTAINS: dict[Scope, frozenset[Scope]] = {
    Scope.WORKER: frozenset({Scope.WORKER}),
    Scope.READ: frozenset({Scope.READ}),
    Scope.WRITE: frozenset({Scope.READ, Scope.WRITE}),
    Scope.ADMIN: frozenset({Scope.READ, Scope.WRITE, Scope.ADMIN}),
}
# "Last used" tells people whether a token is still needed: to the minute is enough, and spares the database.
LAST_USED_STEP = timedelta(minutes=1)
TOKEN_FIELDS = [field.attname for field in ApiToken._meta.concrete_fields]
USER_FIELDS = [field.attname for field in User._meta.concrete_fields]


@dataclass(frozen=True)
class Identity:
    """Somebody known: a person, or a program with a token (a worker's belongs to nobody)."""

    user: User | None
    scope: Scope
    token_id: int | None = None

    def allows(self, scope: str) -> bool:
        return Scope(scope) in CONTAINS[self.scope]

    def require(self, scope: str) -> None:
        if not self.allows(scope):
            raise NotAllowed(
                f"This needs the scope {scope}; yours is {self.scope}.",
                hint="Make a token of that scope under Settings, API tokens.",
            )


_asking: ContextVar[int | None] = ContextVar("asking", default=None)


def note_who_asks(identity: Identity | None) -> None:
    """For what is a matter of the person who asks and is decided far from any request: filters of lists."""
    _asking.set(identity.user.pk if identity and identity.user else None)


def who_asks() -> int | None:
    """The person of this request; nobody outside of one, and with a token that is nobody's."""
    return _asking.get()


def authenticate_request(request: HttpRequest) -> Identity | None:
    """The bearer token if one is sent (a wrong one is an error, not a visitor), else the session."""
    header = request.headers.get("Authorization", "")
    if header:
        return authenticate_header(header)
    return identity_of(request.user)


def identity_of(user: User | AnonymousUser) -> Identity | None:
    """What a signed-in person may do."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return Identity(user=user, scope=Scope.ADMIN if user.is_superuser else Scope.WRITE)


def authenticate_header(header: str) -> Identity:
    kind, _, secret = header.partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise NotAuthenticated("The Authorization header must read: Bearer TOKEN.")
    return authenticate_token(secret.strip())


def authenticate_token(secret: str) -> Identity:
    token = _found(digest(secret))
    if token is None or token.revoked_at is not None:
        raise NotAuthenticated(
            "This token is unknown or was revoked.", hint="Make a new one under Settings, API tokens."
        )
    if token.user is not None and not token.user.is_active:
        raise NotAuthenticated("The account of this token is closed.")
    _note_use(token)
    return Identity(user=token.user, scope=_scope_today(token), token_id=token.pk)


def _found(token_digest: str) -> ApiToken | None:
    """With its person. Every request of a program asks this: Django would take longer to word it than PostgreSQL to
    answer it, and it is worded once."""
    with connection.cursor() as cursor:
        cursor.execute(_wording(), [token_digest])
        row = cursor.fetchone()
    if row is None:
        return None
    token = ApiToken.from_db(DEFAULT_DB_ALIAS, TOKEN_FIELDS, row[: len(TOKEN_FIELDS)])
    if token.user_id is not None:
        token.user = User.from_db(DEFAULT_DB_ALIAS, USER_FIELDS, row[len(TOKEN_FIELDS) :])
    return token


@cache
def _wording() -> str:
    names = [f't."{field.column}"' for field in ApiToken._meta.concrete_fields]
    names += [f'u."{field.column}"' for field in User._meta.concrete_fields]
    return (
        f"SELECT {', '.join(names)} FROM api_tokens t LEFT JOIN users u ON u.id = t.user_id"  # noqa: S608
        " WHERE t.digest = %s"
    )


def _scope_today(token: ApiToken) -> Scope:
    """No key opens more than its person may: whoever stops being an owner keeps none of an owner's."""
    scope = Scope(token.scope)
    if token.user is None or token.user.is_superuser or scope in CONTAINS[Scope.WRITE]:
        return scope
    if scope == Scope.ADMIN:
        return Scope.WRITE
    raise NotAuthenticated("The account of this token may not have a worker's token any more.")


def _note_use(token: ApiToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > LAST_USED_STEP:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_STEP)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)

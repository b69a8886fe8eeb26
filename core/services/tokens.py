"""API tokens: made once and shown once, revoked for ever."""

from django.utils import timezone

from core.auth import Identity
from core.errors import InvalidInput, NotAllowed, NotFound
from core.models import ApiToken, User
from core.schemas import Scope
from core.selectors import tokens_of
from core.tokens import digest, new_token

SHOWN = 16


def create_token(*, name: str, scope: str, user: User | None) -> tuple[ApiToken, str]:
    """The row, and the secret that is never shown again."""
    name = name.strip()
    if not name or len(name) > 100 or "\x00" in name:
        raise InvalidInput("A token needs a name of at most 100 characters.", field="name")
    if scope not in ApiToken.Scope.values:
        raise InvalidInput(f"A scope is one of {', '.join(ApiToken.Scope.values)}.", field="scope")
    secret = new_token(scope)
    row = ApiToken.objects.create(name=name, scope=scope, user=user, digest=digest(secret), beginning=secret[:SHOWN])
    return row, secret


def create_token_for(identity: Identity, *, name: str, scope: str) -> tuple[ApiToken, str]:
    """Nobody hands out more than what they have: a worker's token opens the jobs, so only an admin makes one."""
    identity.require(_needed_for(scope))
    return create_token(name=name, scope=scope, user=person_behind(identity))


def _needed_for(scope: str) -> str:
    return Scope.ADMIN if scope in {Scope.WORKER, Scope.ADMIN} else scope


def revoke_token_for(identity: Identity, *, token_id: int) -> ApiToken:
    """As with making: a stolen key of scope write does not lock out the workers. A key may always end itself."""
    user = person_behind(identity)
    row = tokens_of(user).filter(pk=token_id).first()
    if row is not None and row.pk != identity.token_id:
        identity.require(_needed_for(row.scope))
    return revoke_token(token_id=token_id, user=user)


def revoke_token(*, token_id: int, user: User) -> ApiToken:
    row = tokens_of(user).filter(pk=token_id).first()
    if row is None:
        raise NotFound("There is no such token, or it was revoked already.")
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    return row


def person_behind(identity: Identity) -> User:
    """Whose tokens these are to be."""
    if identity.user is None:
        raise NotAllowed("This token belongs to nobody, and tokens belong to people.", hint="Sign in.")
    return identity.user


def keep_token(*, name: str, scope: str, secret: str) -> str:
    """A token of the house itself (worker, terminal): the secret that is known is kept while it is valid."""
    valid = secret and ApiToken.objects.filter(digest=digest(secret), scope=scope, revoked_at=None).exists()
    return secret if valid else create_token(name=name, scope=scope, user=None)[1]

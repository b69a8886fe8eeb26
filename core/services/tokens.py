"""API tokens: made once and shown once, revoked for ever but for the first minutes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core.auth import Identity
from core.errors import InvalidInput, NotAllowed, NotFound
from core.events import tell_to_fetch_anew
from core.models import ApiToken, User
from core.schemas import Scope
from core.selectors import just_revoked_of, tokens_of
from core.tokens import digest, new_token

SHOWN = 16
UNDO_WITHIN = timedelta(minutes=10)


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


@transaction.atomic
def revoke_token(*, token_id: int, user: User) -> ApiToken:
    row = tokens_of(user).filter(pk=token_id).first()
    if row is None:
        raise NotFound("There is no such token, or it was revoked already.")
    return _revoked(row, timezone.now())


@transaction.atomic
def take_back_revoking(*, token_id: int, user: User) -> ApiToken:
    """A slip of the hand is undone for a short while; whoever found the secret meanwhile has had no use of it."""
    row = just_revoked_of(user, within=UNDO_WITHIN).filter(pk=token_id).first()
    if row is None:
        raise NotFound("This token cannot be made valid again.", hint="Make a new one.")
    return _revoked(row, None)


def _revoked(row: ApiToken, at: datetime | None) -> ApiToken:
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    if row.scope == Scope.WORKER:
        # Whether workers can come in is said on pages that no job will move now.
        transaction.on_commit(tell_to_fetch_anew, robust=True)
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

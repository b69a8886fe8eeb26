"""People: the owner of the first visit, everybody else by invitation, how they come in, and what each prefers."""

import hashlib
import math
import time
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Conflict, InvalidInput, NotFound, TooMany
from core.models import Invitation, User
from core.selectors import open_invitation, owner_exists
from core.tokens import digest, new_link

OWNER_LINK_LIFE = timedelta(days=7)
INVITATION_LIFE = timedelta(days=7)
MOST_PASSWORD = 4096
# Guesses at one name from one address, and at any name from one address, in so long.
MOST_GUESSES, MOST_GUESSES_OF_AN_ADDRESS = 10, 60
GUESSES_WITHIN_S = 300
# PostgreSQL's name for "one new account at a time" (of no meaning, but nobody else's).
ACCOUNTS_LOCK = 8337_001


def recognise(*, username: str, password: str, address: str) -> User | None:
    """Whoever these two belong to. Guessing is slowed down; unknown names answer as slowly as known ones."""
    username = User.normalize_username(username)
    counters = _count_guess(username, address)
    user = authenticate(username=_name_as_kept(username), password=password)
    if not isinstance(user, User):
        return None
    cache.delete(counters)
    return user


def _name_as_kept(username: str) -> str:
    """However it is capitalised today; there are never two that differ in nothing else."""
    kept = User.objects.filter(username__iexact=username).values_list("username", flat=True)
    return username if username in kept else next(iter(kept), username)


def _count_guess(username: str, address: str) -> str:
    """Counts before looking, so that a thousand at once are no way around; without Redis, nothing is counted."""
    now = time.time()
    place = f"guesses:{int(now // GUESSES_WITHIN_S)}:{_network(address)}"
    by_name = f"{place}:{hashlib.sha256(username.casefold().encode(errors='replace')).hexdigest()}"
    for counter, most in ((place, MOST_GUESSES_OF_AN_ADDRESS), (by_name, MOST_GUESSES)):
        cache.add(counter, 0, GUESSES_WITHIN_S)
        if _incremented(counter) > most:
            wait_s = math.ceil(GUESSES_WITHIN_S - now % GUESSES_WITHIN_S)
            raise TooMany(_("Too many attempts. Wait a few minutes, then try again."), retry_after_s=wait_s)
    return by_name


def _incremented(counter: str) -> int:
    try:
        return int(cache.incr(counter))
    except ValueError:
        return 1


def _network(address: str) -> str:
    """A home has one IPv4 address, and more of IPv6 than can be counted: those are counted together."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else str(parsed)


@transaction.atomic
def make_owner_link() -> str | None:
    """The secret of a fresh one-time link for the first visit; None once somebody owns the place."""
    _one_at_a_time()
    if owner_exists():
        return None
    Invitation.objects.filter(makes_owner=True, used_at=None).delete()
    return _invite(makes_owner=True, created_by=None, life=OWNER_LINK_LIFE)


def invite(*, created_by: User) -> str:
    """The secret of a link with which one more person makes an account."""
    return _invite(makes_owner=False, created_by=created_by, life=INVITATION_LIFE)


def withdraw_invitation(*, invitation_id: int) -> None:
    """The link opens nothing any more; whoever made an account with it keeps that."""
    deleted, _by_model = Invitation.objects.filter(pk=invitation_id, used_at=None, makes_owner=False).delete()
    if not deleted:
        raise NotFound(_("This link was used or withdrawn already."))


@transaction.atomic
def accept_invitation(*, secret: str, username: str, password: str) -> User:
    """Makes the account that a link promises; the link is spent with it."""
    _one_at_a_time()
    invitation = Invitation.objects.select_for_update().filter(pk=open_invitation(secret).pk, used_at=None).first()
    if invitation is None:
        raise NotFound(_("This link was used already."))
    if invitation.makes_owner and owner_exists():
        raise Conflict(_("This place has an owner already. Ask for an invitation."))
    username = User.normalize_username(username)
    user = User(username=username, is_superuser=invitation.makes_owner, is_staff=invitation.makes_owner)
    _check(user, password)
    if User.objects.filter(username__iexact=username).exists():
        raise _taken()
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise _taken() from None
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    return user


def set_preferences(*, user: User, theme: str, language: str) -> User:
    """Theme and language; an empty one follows the system."""
    if theme not in User.Theme.values:
        raise InvalidInput(_("There is no such theme."), field="theme")
    if language not in User.Language.values:
        raise InvalidInput(_("There is no such language."), field="language")
    user.theme, user.language = theme, language
    user.save(update_fields=["theme", "language"])
    return user


def _one_at_a_time() -> None:
    """Until the transaction ends: two links that are opened at once make neither two owners nor Anna and anna."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ACCOUNTS_LOCK])


def _taken() -> Conflict:
    return Conflict(_("Somebody has that name already."), field="username")


def _invite(*, makes_owner: bool, created_by: User | None, life: timedelta) -> str:
    secret = new_link()
    Invitation.objects.create(
        digest=digest(secret), makes_owner=makes_owner, created_by=created_by, expires_at=timezone.now() + life
    )
    return secret


def _check(user: User, password: str) -> None:
    if len(password) > MOST_PASSWORD:
        raise InvalidInput(_("A password has at most %(most)s characters.") % {"most": MOST_PASSWORD}, field="password")
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), field="username") from None
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), field="password") from None

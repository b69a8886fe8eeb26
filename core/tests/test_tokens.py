"""Tokens: shown once, kept as digests, handed out and revoked by those who may."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.auth import Identity, authenticate_token
from core.errors import InvalidInput, NotAllowed, NotAuthenticated, NotFound
from core.models import ApiToken, User
from core.schemas import Scope
from core.selectors import USED_WITHIN, tokens_of, workers_state
from core.services.tokens import (
    UNDO_WITHIN,
    create_token,
    create_token_for,
    keep_token,
    revoke_token,
    revoke_token_for,
    take_back_revoking,
)
from core.tokens import digest, new_link, new_token


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def holder(user: User | None, scope: str, token_id: int | None = None) -> Identity:
    return Identity(user=user, scope=Scope(scope), token_id=token_id)


def test_no_two_secrets_are_alike_and_each_is_long() -> None:
    made = {new_token("read") for _ in range(100)} | {new_link() for _ in range(100)}
    assert len(made) == 200
    assert all(len(secret) >= 43 for secret in made)


def test_only_the_digest_is_kept(listener: User) -> None:
    row, secret = create_token(name=" kitchen ", scope="read", user=listener)
    kept = ApiToken.objects.values().get(pk=row.pk)
    assert secret not in str(kept)
    assert (kept["digest"], kept["name"], kept["beginning"]) == (digest(secret), "kitchen", secret[:16])
    assert len(secret) - len(kept["beginning"]) > 30


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b"])
def test_a_token_needs_a_name_that_can_be_kept(name: str, listener: User) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create_token(name=name, scope="read", user=listener)
    assert refusal.value.field == "name"


def test_an_unknown_scope_is_refused(listener: User) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create_token(name="x", scope="everything", user=listener)
    assert refusal.value.field == "scope"


HANDED_OUT = {
    "worker": set(),
    "read": {"read"},
    "write": {"read", "write"},
    "admin": {"worker", "read", "write", "admin"},
}


@pytest.mark.parametrize("held", HANDED_OUT)
@pytest.mark.parametrize("wanted", ["worker", "read", "write", "admin"])
def test_nobody_hands_out_more_than_they_hold(held: str, wanted: str, owner: User) -> None:
    if wanted in HANDED_OUT[held]:
        create_token_for(holder(owner, held), name="x", scope=wanted)
    else:
        with pytest.raises(NotAllowed):
            create_token_for(holder(owner, held), name="x", scope=wanted)


def test_a_token_of_nobody_makes_none(db: None) -> None:
    with pytest.raises(NotAllowed):
        create_token_for(holder(None, "admin"), name="x", scope="read")


def test_a_revoked_token_opens_nothing_and_is_not_revoked_twice(listener: User) -> None:
    row, secret = create_token(name="x", scope="read", user=listener)
    revoke_token(token_id=row.pk, user=listener)
    with pytest.raises(NotAuthenticated):
        authenticate_token(secret)
    with pytest.raises(NotFound):
        revoke_token(token_id=row.pk, user=listener)


def test_revoking_is_taken_back_for_a_short_while(listener: User, owner: User) -> None:
    row, secret = create_token(name="x", scope="read", user=listener)
    with pytest.raises(NotFound):
        take_back_revoking(token_id=row.pk, user=listener)
    revoke_token(token_id=row.pk, user=listener)
    take_back_revoking(token_id=row.pk, user=listener)
    assert authenticate_token(secret).user == listener
    revoke_token(token_id=row.pk, user=listener)
    ApiToken.objects.filter(pk=row.pk).update(revoked_at=timezone.now() - UNDO_WITHIN)
    for somebody in (listener, owner):
        with pytest.raises(NotFound):
            take_back_revoking(token_id=row.pk, user=somebody)


def test_nobody_takes_back_the_revoking_of_others(listener: User, owner: User) -> None:
    row, _ = create_token(name="worker", scope="worker", user=None)
    revoke_token(token_id=row.pk, user=owner)
    with pytest.raises(NotFound):
        take_back_revoking(token_id=row.pk, user=listener)
    assert take_back_revoking(token_id=row.pk, user=owner).revoked_at is None


def test_whether_workers_can_come_in_is_known_at_once(owner: User, listener: User) -> None:
    assert workers_state() == "locked_out"
    create_token(name="of somebody who may not", scope="worker", user=listener)
    create_token(name="not a worker's", scope="admin", user=owner)
    assert workers_state() == "locked_out"
    row, _ = create_token(name="worker", scope="worker", user=None)
    assert workers_state() == "here", "it was just made, and its worker is on the way"
    long_ago = timezone.now() - USED_WITHIN
    ApiToken.objects.filter(pk=row.pk).update(created_at=long_ago)
    assert workers_state() == "away"
    ApiToken.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
    assert workers_state() == "here"
    revoke_token(token_id=row.pk, user=owner)
    assert workers_state() == "locked_out"


def test_tokens_of_others_are_neither_seen_nor_revoked(owner: User, listener: User) -> None:
    row, _ = create_token(name="x", scope="read", user=owner)
    assert list(tokens_of(listener)) == []
    with pytest.raises(NotFound):
        revoke_token(token_id=row.pk, user=listener)


def test_the_owner_sees_the_tokens_of_the_house(owner: User) -> None:
    row, _ = create_token(name="worker", scope="worker", user=None)
    assert list(tokens_of(owner)) == [row]


@pytest.mark.parametrize("scope", ["worker", "admin"])
def test_a_stolen_key_of_scope_write_does_not_lock_out_the_workers(scope: str, owner: User) -> None:
    row, secret = create_token(name="x", scope=scope, user=None)
    with pytest.raises(NotAllowed):
        revoke_token_for(holder(owner, "write"), token_id=row.pk)
    authenticate_token(secret)
    revoke_token_for(holder(owner, "admin"), token_id=row.pk)


def test_a_key_may_always_end_itself(owner: User) -> None:
    row, _secret = create_token(name="x", scope="write", user=owner)
    assert revoke_token_for(holder(owner, "write", row.pk), token_id=row.pk).revoked_at


def test_the_api_shows_a_secret_once(client: Client, owner: User) -> None:
    _row, secret = create_token(name="x", scope="admin", user=owner)
    headers = {"Authorization": f"Bearer {secret}"}
    data = {"name": "new", "scope": "read"}
    made = client.post("/api/tokens", data, content_type="application/json", headers=headers).json()
    assert authenticate_token(made["secret"]).user == owner
    listed = client.get("/api/tokens", headers=headers).json()
    assert {token["name"] for token in listed} == {"x", "new"}
    assert "secret" not in listed[0]
    assert client.delete(f"/api/tokens/{made['id']}", headers=headers).status_code == 204
    with pytest.raises(NotAuthenticated):
        authenticate_token(made["secret"])


@pytest.mark.parametrize("token_id", [0, 10**30])
def test_a_token_that_never_was_is_not_found(token_id: int, signed_in: Client) -> None:
    assert signed_in.delete(f"/api/tokens/{token_id}").status_code == 404


def test_a_token_of_the_house_is_kept_while_it_is_valid(db: None) -> None:
    first = keep_token(name="worker", scope="worker", secret="")
    assert keep_token(name="worker", scope="worker", secret=first) == first
    assert keep_token(name="worker", scope="read", secret=first) != first
    ApiToken.objects.update(revoked_at="2026-01-01T00:00:00Z")
    assert keep_token(name="worker", scope="worker", secret=first) != first

"""Who is asking, and what they may do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.utils import timezone

from core.auth import CONTAINS, Identity, authenticate_header, authenticate_request, authenticate_token, identity_of
from core.errors import NotAllowed, NotAuthenticated
from core.models import ApiToken, User
from core.schemas import Scope
from core.services.tokens import create_token


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_each_scope_contains_the_one_before_it_and_workers_stand_alone() -> None:
    allowed = {scope: {other for other in Scope if Identity(user=None, scope=scope).allows(other)} for scope in Scope}
    assert allowed == {
        Scope.WORKER: {Scope.WORKER},
        Scope.READ: {Scope.READ},
        Scope.WRITE: {Scope.READ, Scope.WRITE},
        Scope.ADMIN: {Scope.READ, Scope.WRITE, Scope.ADMIN},
    }
    assert set(CONTAINS) == set(Scope)


def test_a_refusal_names_the_scope_that_is_needed_and_the_one_at_hand() -> None:
    with pytest.raises(NotAllowed) as refusal:
        Identity(user=None, scope=Scope.READ).require("write")
    assert "write" in refusal.value.message
    assert "read" in refusal.value.message


def test_a_person_may_read_and_write_and_the_owner_everything(owner: User, listener: User) -> None:
    of_owner, of_listener = identity_of(owner), identity_of(listener)
    assert of_owner
    assert of_listener
    assert (of_owner.scope, of_listener.scope) == (Scope.ADMIN, Scope.WRITE)
    assert identity_of(AnonymousUser()) is None


def test_a_closed_account_is_nobody(listener: User) -> None:
    listener.is_active = False
    assert identity_of(listener) is None


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "bearer\t", "Basic x", "Token x", "x", "Bearer\x00x"])
def test_a_header_that_is_no_bearer_token_says_how_to_write_one(header: str) -> None:
    with pytest.raises(NotAuthenticated) as refusal:
        authenticate_header(header)
    assert "Bearer TOKEN" in refusal.value.message


def test_the_person_of_a_token_comes_whole(listener: User) -> None:
    listener.language, listener.first_name = "fr", "Zoé"
    listener.save()
    _token, secret = create_token(name="t", scope="read", user=listener)
    found = authenticate_token(secret).user
    assert found
    known = [field.attname for field in User._meta.concrete_fields]
    assert [getattr(found, name) for name in known] == [getattr(User.objects.get(), name) for name in known]


@pytest.mark.parametrize("secret", ["x", "sbay_read_", "é" * 50, "\x00", "' OR 1=1 --", "x" * 100_000])
def test_an_unknown_token_is_an_error_and_never_a_visitor(secret: str, db: None) -> None:
    with pytest.raises(NotAuthenticated):
        authenticate_token(secret)


def test_unknown_and_revoked_tokens_are_told_the_same(listener: User) -> None:
    row, secret = create_token(name="x", scope="read", user=listener)
    ApiToken.objects.filter(pk=row.pk).update(revoked_at=timezone.now())
    said = []
    for token in (secret, "sbay_read_unknown"):
        with pytest.raises(NotAuthenticated) as refusal:
            authenticate_token(token)
        said.append(refusal.value.message)
    assert said[0] == said[1]


def test_the_token_of_a_closed_account_opens_nothing(listener: User) -> None:
    _row, secret = create_token(name="x", scope="read", user=listener)
    assert authenticate_token(secret).user == listener
    User.objects.filter(pk=listener.pk).update(is_active=False)
    with pytest.raises(NotAuthenticated):
        authenticate_token(secret)


@pytest.mark.parametrize(("scope", "left"), [("admin", "write"), ("write", "write"), ("read", "read"), ("worker", "")])
def test_whoever_stops_being_an_owner_keeps_no_key_of_an_owner(scope: str, left: str, owner: User) -> None:
    _row, secret = create_token(name="x", scope=scope, user=owner)
    assert authenticate_token(secret).scope == scope
    User.objects.filter(pk=owner.pk).update(is_superuser=False)
    if left:
        assert authenticate_token(secret).scope == left
    else:
        with pytest.raises(NotAuthenticated):
            authenticate_token(secret)


def test_a_token_goes_before_a_session(owner: User, rf: RequestFactory) -> None:
    _row, secret = create_token(name="x", scope="read", user=None)
    request = rf.get("/", headers={"Authorization": f"bearer {secret}"})
    request.user = owner
    identity = authenticate_request(request)
    assert identity
    assert (identity.user, identity.scope) == (None, Scope.READ)


def test_the_last_use_is_noted_to_the_minute(listener: User, django_assert_num_queries: Callable[[int], Any]) -> None:
    row, secret = create_token(name="x", scope="read", user=listener)
    with django_assert_num_queries(2):
        authenticate_token(secret)
    with django_assert_num_queries(1):
        authenticate_token(secret)
    ApiToken.objects.filter(pk=row.pk).update(last_used_at=timezone.now() - timedelta(minutes=2))
    with django_assert_num_queries(2):
        authenticate_token(secret)


def test_a_new_password_ends_the_sessions_of_other_devices(listener: User) -> None:
    here, there = Client(), Client()
    for device in (here, there):
        device.force_login(listener)
    listener.set_password("something else entirely")
    listener.save()
    assert here.get("/api/jobs").status_code == 401
    assert there.get("/").status_code == 302


def test_closing_an_account_ends_its_sessions(client: Client, listener: User) -> None:
    client.force_login(listener)
    assert client.get("/api/jobs").status_code == 200
    User.objects.filter(pk=listener.pk).update(is_active=False)
    assert client.get("/api/jobs").status_code == 401
    assert client.get("/").status_code == 302


def test_after_signing_out_an_old_cookie_is_worth_nothing(client: Client, listener: User) -> None:
    client.force_login(listener)
    kept = client.cookies["soniquebay_session"].value
    client.post("/logout/")
    client.cookies["soniquebay_session"] = kept
    assert client.get("/api/jobs").status_code == 401

"""People: how the first one comes in, how the others do, and how guessing is slowed down."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisAway

from core.errors import Conflict, InvalidInput, NotFound, TooMany
from core.models import Invitation, User
from core.services import accounts
from core.services.accounts import accept_invitation, invite, make_owner_link, recognise, set_preferences
from core.tokens import digest

PASSWORD = "neap and spring tide"
NOON = 300 * 10_000.0


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock by which guesses are counted."""
    return lambda seconds: monkeypatch.setattr("core.services.accounts.time.time", lambda: NOON + seconds)


@pytest.fixture
def anna(db: None, at: Callable[[float], None]) -> User:
    at(0)
    return User.objects.create_user("Anna", password=PASSWORD)


def owner_link() -> str:
    secret = make_owner_link()
    assert secret
    return secret


# --- the first visit --------------------------------------------------------------------------------------------------


def test_the_first_link_makes_the_owner_once(db: None) -> None:
    secret = owner_link()
    user = accept_invitation(secret=secret, username="anna", password=PASSWORD)
    assert user.is_superuser
    assert user.is_staff
    with pytest.raises(NotFound):
        accept_invitation(secret=secret, username="bert", password=PASSWORD)
    assert make_owner_link() is None


def test_only_the_last_owner_link_opens_anything(db: None) -> None:
    first, second = owner_link(), owner_link()
    with pytest.raises(NotFound):
        accept_invitation(secret=first, username="anna", password=PASSWORD)
    accept_invitation(secret=second, username="anna", password=PASSWORD)


def test_a_place_whose_owner_has_left_can_be_taken_over(db: None) -> None:
    accept_invitation(secret=owner_link(), username="anna", password=PASSWORD)
    User.objects.update(is_active=False)
    assert make_owner_link()


def test_an_owner_link_does_not_make_a_second_owner(db: None) -> None:
    secret = owner_link()
    User.objects.create_superuser("terminal", password=PASSWORD)
    with pytest.raises(Conflict):
        accept_invitation(secret=secret, username="anna", password=PASSWORD)


@pytest.mark.parametrize("makes_owner", [True, False])
def test_a_link_is_too_old_after_its_week(makes_owner: bool, db: None) -> None:
    secret = owner_link() if makes_owner else invite(created_by=User.objects.create_superuser("owner"))
    left = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(days=6) < left <= timedelta(days=7)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotFound):
        accept_invitation(secret=secret, username="anna", password=PASSWORD)


def test_of_a_link_only_the_digest_is_kept(db: None) -> None:
    secret = owner_link()
    kept = Invitation.objects.values().get()
    assert kept["digest"] == digest(secret)
    assert secret not in str(kept)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Calls in threads that begin together; what each returned or raised."""
    gate, found = threading.Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        gate.wait()
        try:
            found.append(call())
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_two_posts_of_one_link_make_one_account() -> None:
    secret = owner_link()

    def post(name: str) -> int:
        client = Client()
        return client.post(f"/welcome/{secret}/", {"username": name, "password": PASSWORD}).status_code

    answers = at_once(lambda: post("anna"), lambda: post("bert"), lambda: post("anna"))
    assert sorted(map(str, answers)) == ["302", "404", "404"]
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_links_at_once_do_not_make_anna_and_anna() -> None:
    owner = User.objects.create_superuser("owner")
    links = [invite(created_by=owner) for _ in range(3)]
    names = ["anna", "Anna", "ANNA"]

    def accept(secret: str, name: str) -> User:
        return accept_invitation(secret=secret, username=name, password=PASSWORD)

    found = at_once(*(lambda s=s, n=n: accept(s, n) for s, n in zip(links, names, strict=True)))
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "Conflict", "User"]
    assert User.objects.exclude(pk=owner.pk).count() == 1


# --- names and passwords ----------------------------------------------------------------------------------------------


@pytest.fixture
def link(db: None) -> str:
    return invite(created_by=User.objects.create_superuser("owner"))


@pytest.mark.parametrize("name", ["", " ", "a b", "<b>", "a\x00b", "x" * 151, "\u202eanna", "a\nb", "🐙"])
def test_a_name_that_is_none_is_refused_beside_its_field(name: str, link: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        accept_invitation(secret=link, username=name, password=PASSWORD)
    assert refusal.value.field == "username"


@pytest.mark.parametrize("password", ["", "short", "password", "12345678", "annabelle1", "x" * 4097])
def test_a_password_that_is_easily_guessed_is_refused_beside_its_field(password: str, link: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        accept_invitation(secret=link, username="annabelle", password=password)
    assert refusal.value.field == "password"


def test_a_refused_attempt_does_not_spend_the_link(link: str) -> None:
    with pytest.raises(InvalidInput):
        accept_invitation(secret=link, username="anna", password="short")
    with pytest.raises(Conflict):
        accept_invitation(secret=link, username="OWNER", password=PASSWORD)
    assert accept_invitation(secret=link, username="anna", password=PASSWORD).username == "anna"


@pytest.mark.parametrize("name", ["Owner", "OWNER", "ｏｗｎｅｒ"])
def test_names_that_look_alike_are_one_name(name: str, link: str) -> None:
    with pytest.raises(Conflict) as refusal:
        accept_invitation(secret=link, username=name, password=PASSWORD)
    assert refusal.value.field == "username"


def test_an_invited_person_owns_nothing(link: str) -> None:
    user = accept_invitation(secret=link, username="anna", password=PASSWORD)
    assert (user.is_superuser, user.is_staff, user.is_active) == (False, False, True)


@pytest.mark.parametrize(("theme", "language", "field"), [("neon", "en", "theme"), ("dark", "tlh", "language")])
def test_preferences_are_of_those_that_exist(theme: str, language: str, field: str, anna: User) -> None:
    with pytest.raises(InvalidInput) as refusal:
        set_preferences(user=anna, theme=theme, language=language)
    assert refusal.value.field == field


# --- signing in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Anna", "anna", "ANNA", "Ａnna"])
def test_a_name_is_known_however_it_is_capitalised(name: str, anna: User) -> None:
    assert recognise(username=name, password=PASSWORD, address="1.2.3.4") == anna


def guess(times: int, name: str = "anna", address: str = "1.2.3.4") -> list[bool]:
    """Whether each of so many wrong passwords was looked at."""
    looked = []
    for _ in range(times):
        try:
            assert recognise(username=name, password="wrong", address=address) is None
            looked.append(True)
        except TooMany as error:
            looked.append(not 0 < error.retry_after_s <= accounts.GUESSES_WITHIN_S)
    return looked


def test_guessing_is_stopped_even_when_the_guess_is_right(anna: User) -> None:
    assert guess(11) == [True] * 10 + [False]
    with pytest.raises(TooMany):
        recognise(username="ANNA", password=PASSWORD, address="1.2.3.4")


def test_a_stopped_guesser_may_try_again_later(anna: User, at: Callable[[float], None]) -> None:
    guess(11)
    at(accounts.GUESSES_WITHIN_S)
    assert recognise(username="anna", password=PASSWORD, address="1.2.3.4") == anna


def test_others_still_come_in_while_one_address_guesses(anna: User) -> None:
    guess(11)
    assert recognise(username="anna", password=PASSWORD, address="1.2.3.5") == anna


def test_whoever_knows_the_password_begins_again_from_nothing(anna: User) -> None:
    for _ in range(4):
        guess(9)
        assert recognise(username="anna", password=PASSWORD, address="1.2.3.4") == anna


def test_many_names_from_one_address_are_guessing_too(anna: User) -> None:
    looked = [guess(1, name=f"name{number}")[0] for number in range(61)]
    assert looked == [True] * 60 + [False]


def test_the_addresses_of_one_ipv6_network_are_one(anna: User) -> None:
    looked = [guess(1, address=f"2001:db8::{number:x}")[0] for number in range(11)]
    assert looked == [True] * 10 + [False]
    assert guess(1, address="2001:db8:0:1::1") == [True]


@pytest.mark.parametrize("address", ["", "unix", "not an address", "1.2.3.4"])
def test_an_address_that_is_none_is_counted_as_well(address: str, anna: User) -> None:
    assert guess(11, address=address)[-1] is False


def test_without_redis_nobody_is_kept_out(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise RedisAway

    monkeypatch.setattr("core.cache.OneClient.get_client", away)
    assert guess(12) == [True] * 12
    assert recognise(username="anna", password=PASSWORD, address="1.2.3.4") == anna


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Passwords that were hashed: what takes the time of an attempt."""
    seen: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def noting(self: Any, password: str, salt: str, *more: Any) -> str:
        seen.append(password)
        return encode(self, password, salt, *more)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", noting)
    return seen


def test_an_unknown_name_costs_what_a_known_one_costs(anna: User, hashed: list[str]) -> None:
    User.objects.create_user("closed", password=PASSWORD, is_active=False)
    hashed.clear()
    for name in ("anna", "nobody", "closed"):
        recognise(username=name, password="wrong", address="1.2.3.4")
    assert hashed == ["wrong"] * 3


def test_a_stopped_guess_costs_nothing(anna: User, hashed: list[str]) -> None:
    guess(10)
    hashed.clear()
    guess(3)
    assert hashed == []


def page(name: str, password: str) -> Any:
    return Client().post("/login/", {"username": name, "password": password})


def test_the_page_says_the_same_of_unknown_names_and_wrong_passwords(anna: User) -> None:
    User.objects.create_user("Shut", password=PASSWORD, is_active=False)
    User.objects.create_superuser("owner")
    answers = {name: page(name, password) for name, password in (("Anna", "wrong"), ("Nemo", "x"), ("Shut", PASSWORD))}
    assert {answer.status_code for answer in answers.values()} == {422}
    without_tokens = {
        re.sub('name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode().replace(name, ""))
        for name, answer in answers.items()
    }
    assert len(without_tokens) == 1


def test_the_page_tells_a_guesser_when_to_come_back(anna: User) -> None:
    User.objects.create_superuser("owner")
    answers = [page("anna", "wrong") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert answers[-1]["Retry-After"] == "300"
    assert b"Too many attempts" in answers[-1].content
    assert page("nobody", "wrong").status_code == 422


def test_guesses_are_not_kept_in_the_clear(anna: User) -> None:
    guess(1, name="my password by mistake")
    keys = cache._cache.get_client().keys("*")  # type: ignore[attr-defined]
    assert keys
    assert not [key for key in keys if b"mistake" in key]

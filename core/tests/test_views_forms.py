"""What people fill in: the door, the first visit, keys, invitations, passwords, language."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.auth import authenticate_token
from core.events.listener import State
from core.models import ApiToken, Invitation, User
from core.selectors import open_invitation, owner_exists
from core.services.accounts import invite, make_owner_link
from core.services.tokens import create_token

PASSWORD = "correct horse battery"
HOSTILE = "<img src=x onerror=alert(1)>\u202egpj.exe"
PAGES = ("home", "activity", "settings", "tokens", "invitations", "about")


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_sent_to_the_door(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('login')}?next={reverse(name)}"


@pytest.mark.django_db
def test_before_there_is_an_owner_the_door_speaks_of_the_one_time_link(client: Client) -> None:
    page = text_of(client.get(reverse("login")))
    assert "bin/up" in page
    assert 'name="password"' not in page


@pytest.mark.django_db
def test_the_first_visit_makes_the_owner_and_opens_home(client: Client) -> None:
    link = reverse("welcome", args=[make_owner_link()])
    assert client.get(link).status_code == 200
    response = client.post(link, {"username": "ines", "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"] == reverse("home")
    assert owner_exists()
    assert client.get(reverse("home")).status_code == 200


@pytest.mark.django_db
def test_a_spent_link_says_so_and_changes_nothing(client: Client) -> None:
    link = reverse("welcome", args=[make_owner_link()])
    client.post(link, {"username": "ines", "password": PASSWORD})
    response = Client().post(link, {"username": "somebody", "password": PASSWORD})
    assert response.status_code == 404
    assert "This link is spent" in text_of(response)
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_weak_password_is_refused_beside_its_field_and_the_link_stays_good(client: Client) -> None:
    link = reverse("welcome", args=[make_owner_link()])
    response = client.post(link, {"username": "ines", "password": "12345"})
    assert response.status_code == 422
    assert 'id="id_password_error"' in text_of(response)
    assert client.post(link, {"username": "ines", "password": PASSWORD}).status_code == 302


def test_a_name_that_is_taken_is_said_to_be_taken(client: Client, owner: User) -> None:
    link = reverse("welcome", args=[invite(created_by=owner)])
    response = client.post(link, {"username": owner.username, "password": PASSWORD})
    assert response.status_code == 422
    assert 'id="id_username_error"' in text_of(response)


def test_a_wrong_password_is_an_honest_error_that_keeps_the_name(client: Client, owner: User) -> None:
    response = client.post(reverse("login"), {"username": "owner", "password": "wrong"})
    assert response.status_code == 422
    page = text_of(response)
    assert "do not belong together" in page
    assert 'value="owner"' in page
    assert "wrong" not in re.sub(r'class="[^"]*"', "", page)


def test_the_hands_are_led_to_what_was_wrong(client: Client, owner: User) -> None:
    focused = re.compile(r'<input[^>]*name="(\w+)"[^>]* autofocus')
    door = reverse("login")
    assert focused.findall(text_of(client.get(door))) == ["username"]
    assert focused.findall(text_of(client.post(door, {"username": "owner", "password": "wrong"}))) == ["password"]
    assert focused.findall(text_of(client.post(door, {"username": "", "password": "x"}))) == ["username"]
    link = reverse("welcome", args=[invite(created_by=owner)])
    assert focused.findall(text_of(client.post(link, {"username": "anna", "password": "1"}))) == ["password"]
    assert focused.findall(text_of(client.post(link, {"username": "owner", "password": PASSWORD}))) == ["username"]


def test_signing_in_leads_where_one_wanted_to_go_but_never_outside(client: Client, owner: User) -> None:
    known = {"username": "owner", "password": PASSWORD}
    assert client.post(reverse("login"), {**known, "next": "/activity/"})["Location"] == "/activity/"
    for outside in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        assert Client().post(reverse("login"), {**known, "next": outside})["Location"] == reverse("home")


def test_signing_out_needs_a_post(signed_in: Client) -> None:
    assert signed_in.get(reverse("logout")).status_code == 405
    assert signed_in.post(reverse("logout"))["Location"] == reverse("login")
    assert signed_in.get(reverse("home")).status_code == 302


def test_a_token_is_shown_once(signed_in: Client) -> None:
    made = signed_in.post(reverse("tokens"), {"name": HOSTILE, "scope": "read"})
    secret = re.search(r'id="secret" value="([^"]+)"', text_of(made))
    assert secret
    assert "no-store" in made["Cache-Control"]
    assert "<img src=x" not in text_of(made)
    assert secret[1] not in text_of(signed_in.get(reverse("tokens")))
    token = ApiToken.objects.get()
    assert "revoked_at" not in text_of(signed_in.post(reverse("revoke_token", args=[token.pk]), follow=True))
    token.refresh_from_db()
    assert token.revoked_at


def test_nobody_hands_out_more_than_they_hold(client: Client, listener: User) -> None:
    client.force_login(listener)
    for scope in ("admin", "worker", "nonsense"):
        assert client.post(reverse("tokens"), {"name": "x", "scope": scope}).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_listener_is_offered_what_a_listener_may_hand_out(client: Client, listener: User, owner: User) -> None:
    for user, offered in ((listener, {"read", "write"}), (owner, {"worker", "read", "write", "admin"})):
        client.force_login(user)
        page = text_of(client.get(reverse("tokens")))
        assert set(re.findall(r'name="scope" value="(\w+)"', page)) == offered


def test_revoking_says_what_follows_and_can_be_undone(signed_in: Client) -> None:
    row, secret = create_token(name="worker", scope="worker", user=None)
    assert "of the house: its workers come in with it" in text_of(signed_in.get(reverse("tokens")))
    page = text_of(signed_in.post(reverse("revoke_token", args=[row.pk]), follow=True))
    assert "workers that use it cannot come in, and their jobs wait" in page
    undo = reverse("unrevoke_token", args=[row.pk])
    assert f'action="{undo}"' in page
    assert "“worker” is valid again." in text_of(signed_in.post(undo, follow=True))
    assert authenticate_token(secret).token_id == row.pk
    assert 'data-message="error"' in text_of(signed_in.post(undo, follow=True))


def test_scopes_are_named_in_the_reader_s_language(signed_in: Client, owner: User) -> None:
    create_token(name="x", scope="read", user=owner)
    page = text_of(signed_in.get(reverse("tokens"), headers={"Accept-Language": "fr"}))
    assert '<td class="muted">Lecture</td>' in page


def test_the_owner_s_link_opens_an_account(signed_in: Client) -> None:
    page = text_of(signed_in.post(reverse("invitations")))
    link = re.search(r'id="secret" value="http://testserver([^"]+)"', page)
    assert link
    assert Client().get(link[1]).status_code == 200


@pytest.mark.parametrize(
    ("at", "offered"),
    [
        ("localhost:8337", "http://192.168.1.10:8337"),
        ("127.0.0.1:8337", "http://192.168.1.10:8337"),
        ("[::1]:8337", "http://192.168.1.10:8337"),
        ("music.example.org", "http://music.example.org"),
    ],
)
def test_a_link_is_made_for_somebody_elsewhere(signed_in: Client, settings: Any, at: str, offered: str) -> None:
    settings.PAGE_URLS = ["http://192.168.1.10:8337", "http://10.0.0.7:8337"]
    page = text_of(signed_in.post(reverse("invitations"), headers={"Host": at}))
    assert f'id="secret" value="{offered}/welcome/' in page
    assert "It works on this machine alone" not in page


def test_a_link_that_others_cannot_follow_says_so(signed_in: Client, settings: Any) -> None:
    settings.PAGE_URLS = []
    page = text_of(signed_in.post(reverse("invitations"), headers={"Host": "localhost:8337"}))
    assert 'value="http://localhost:8337/welcome/' in page
    assert "It works on this machine alone" in page


def test_links_that_wait_are_listed_and_can_be_withdrawn(signed_in: Client, owner: User, listener: User) -> None:
    secret = invite(created_by=owner)
    for spent in ({"used_at": timezone.now()}, {"expires_at": timezone.now()}, {"makes_owner": True}):
        Invitation.objects.filter(pk=open_invitation(invite(created_by=owner)).pk).update(**spent)
    page = text_of(signed_in.get(reverse("invitations")))
    (address,) = re.findall(r'action="([^"]+/withdraw/)"', page)
    stranger = Client()
    stranger.force_login(listener)
    assert stranger.post(address).status_code == 403
    assert "The link opens nothing any more." in text_of(signed_in.post(address, follow=True))
    assert Client().get(reverse("welcome", args=[secret])).status_code == 404
    assert 'data-message="error"' in text_of(signed_in.post(address, follow=True))
    assert Invitation.objects.count() == 3


def test_the_password_changes_only_with_the_old_one(signed_in: Client, owner: User) -> None:
    wrong = signed_in.post(reverse("password"), {"old_password": "no", "new_password": "a b c d e f g h"})
    assert wrong.status_code == 422
    right = signed_in.post(reverse("password"), {"old_password": PASSWORD, "new_password": "neap and spring tide"})
    assert right.status_code == 302
    owner.refresh_from_db()
    assert owner.check_password("neap and spring tide")
    assert signed_in.get("/").status_code == 200


def test_the_language_changes_at_once(signed_in: Client) -> None:
    page = text_of(signed_in.post(reverse("settings"), {"language": "fr", "theme": ""}, follow=True))
    assert '<html lang="fr"' in page
    assert "C’est noté." in page
    assert "Réglages" in page


def test_about_shows_every_part(signed_in: Client) -> None:
    page = text_of(signed_in.get(reverse("about")))
    for part in ("Database", "Redis", "Control", "Workers", "PostgreSQL"):
        assert part in page


def test_about_keeps_a_driver_s_words_for_the_owner(
    client: Client, owner: User, listener: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = State(wanted=True, connected=False, since=timezone.now(), reason="ConnectionError: Error 111 at 10.0.0.7")
    monkeypatch.setattr("core.events.listener.state", lambda: state)
    for user, reads in ((owner, True), (listener, False)):
        client.force_login(user)
        page = text_of(client.get(reverse("about")))
        assert "Does not answer." in page
        assert ("Error 111" in page) is reads
    assert "Error 111" not in text_of(Client().get("/health"))

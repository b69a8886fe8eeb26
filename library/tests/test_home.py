"""What Home says of the demo library: what lies there, whatever the history of jobs knows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import queue
from core.models import Job
from library.engine.demo import PIECES
from library.jobs import DEMO_LIBRARY

OFFER = reverse("start_job", args=[DEMO_LIBRARY.name])


@pytest.fixture
def home(signed_in: Client, settings: Any, tmp_path: Path) -> Callable[..., str]:
    settings.DEMO_FOLDER = tmp_path

    def look(*, made: int = 0, address: str = "/", **headers: str) -> str:
        for piece in PIECES[:made]:
            (tmp_path / piece.path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / piece.path).touch()
        return str(signed_in.get(address, headers=headers).content.decode())

    return look


def test_an_empty_place_offers_to_make_it(home: Callable[..., str]) -> None:
    page = home()
    assert "No music has come in yet" in page
    assert OFFER in page


def test_what_is_begun_can_be_made_whole(home: Callable[..., str]) -> None:
    page = home(made=5)
    assert f"5 of {len(PIECES)} pieces are made" in page
    assert OFFER in page


def test_what_lies_there_is_made_even_when_its_job_was_cleared_away(home: Callable[..., str]) -> None:
    page = home(made=len(PIECES))
    assert "The demo library is made" in page
    assert OFFER not in page


def test_a_job_of_the_past_is_no_music(home: Callable[..., str]) -> None:
    Job.objects.create(kind=DEMO_LIBRARY.name, queue="compute", state="done")
    assert "No music has come in yet" in home()


def test_while_it_is_being_made_nothing_is_offered(
    home: Callable[..., str], signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "send", lambda job: True)
    signed_in.post(OFFER)
    part = home(address=reverse("first_steps"), **{"HX-Request": "true"})
    assert part.lstrip().startswith("<div")
    assert "The demo library is being made" in part
    assert OFFER not in part

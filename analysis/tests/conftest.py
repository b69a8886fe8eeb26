"""What the tests of the analysis share."""

import pytest

from core import queue


@pytest.fixture
def no_delivery(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The test is the worker: no message goes to the broker."""
    monkeypatch.setattr(queue, "send", lambda job: True)

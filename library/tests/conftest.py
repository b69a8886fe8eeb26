"""What the library's tests share."""

from pathlib import Path
from typing import Any

import pytest

from core import queue


@pytest.fixture
def no_delivery(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The test is the worker: no message goes to the broker."""
    monkeypatch.setattr(queue, "send", lambda job: True)


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Covers of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"

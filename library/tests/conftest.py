"""What the library's tests share."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Covers of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"

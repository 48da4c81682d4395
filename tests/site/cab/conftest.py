"""What tests of the cab share."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _own_uploads(settings: Any, tmp_path: Path) -> None:
    """Photos of a test go where the test's files go."""
    settings.MEDIA_ROOT = tmp_path / "uploads"

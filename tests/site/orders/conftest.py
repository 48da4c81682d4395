"""Fixtures for tests of orders."""

from typing import Any

import pytest
from tests.site.orders.shop import make_shop


@pytest.fixture
def shop(db: None) -> Any:
    return make_shop()

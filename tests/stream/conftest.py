"""The invented respondents of respondents.py for every test of the room."""

from __future__ import annotations

import pyarrow as pa
import pytest
from aggregate.respondents import people


@pytest.fixture(scope="session")
def table() -> pa.Table:
    return people()

"""The routes of the example as a study would declare them, and routes drawn at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

import surveytool as st
from surveytool.recoding.corridor import Corridor, Rule

Stops = Sequence[str | None]

DARIEN = Corridor(name="darien", label="Darién", passes=("PAN",), unless=Rule(starts=("NIC",)))
NORTHERN = Corridor(
    name="northern_ca",
    label="Northern Central America",
    starts=("HND", "SLV", "GTM", "NIC"),
    last=("GTM", "MEX", "SLV"),
)
AIR = Corridor(name="nicaragua_air", label="Nicaragua by air", starts=("HTI", "CUB", "GIN"), sequence=("NIC",))
CARIBBEAN = Corridor(name="caribbean", label="Caribbean", passes=("Dominican Republic",))
NORTH = Corridor(name="north", label="North to the United States and Canada", ends=("USA", "Canada"))
ENDS: dict[str, Any] = {"stops": ("route_*",), "origin": "origin", "destination": "destination"}


@pytest.fixture
def journey() -> st.Route:
    return st.Route(name="journey", label={"en": "Journey", "es": "Viaje"}, intended=True,
                    corridors=(DARIEN, NORTHERN, AIR, CARIBBEAN), **ENDS)  # fmt: skip


@pytest.fixture
def groups() -> st.Route:
    return st.Route(name="main", label="Main route group", corridors=(NORTH,),
                    other="Several destinations in the region", **ENDS)  # fmt: skip


def table(paths: Sequence[Stops], **columns: Any) -> pa.Table:
    """A frame with a column a stop; None is a blank."""
    width = max((len(path) for path in paths), default=1)
    stops = {f"s_{n + 1}": [path[n] if n < len(path) else None for path in paths] for n in range(width)}
    return pa.table({**{name: pa.array(values, pa.string()) for name, values in stops.items()}, **columns})


@pytest.fixture(scope="session")
def frame_of() -> Any:
    return table

"""What is told of a file in which everything is wrong, and of the example, in three languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from checks.faults import faulty
from recorded import console


@pytest.mark.parametrize("name", ["faulty.txt", "example.txt", "refused.txt"])
def test_commands_print_what_was_read(name: str, example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    faulty(tmp_path / "faulty.csv")
    console("checks", name, run, example=example, out=tmp_path)

"""The risk of files as people see it, in three languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from recorded import console


def test_commands_print_what_was_read(example: Path, run: Callable[..., Any]) -> None:
    console("disclosure_risk", "risk.txt", run, example=example)

"""Explanations, R and Stata code of requests of every kind, as they are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from golden import parity
from recorded import console


def test_commands_print_what_was_read(example: Path, run: Callable[..., Any]) -> None:
    console("replication_code", "explained.txt", run, example=example, api=parity.HERE)

"""Refusals of the command line, and tables behind the gate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recorded import TESTS, console


@pytest.mark.parametrize("name", ["refused.txt", "protected.txt"])
def test_commands_print_what_was_read(
    name: str, example: Path, tmp_path: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "there.csv").write_text("a\n1\n", "utf-8")
    console("cli", name, run, example=example, out=tmp_path, project=TESTS.parent)

"""Reports of the example's study as text, in three languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recorded import TESTS, console, same
from render.seen import html_text


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_a_report_says_what_was_read(language: str, tmp_path: Path, run: Callable[..., Any]) -> None:
    target = tmp_path / "report.html"
    done = run("report", TESTS.parent / "configs" / "iom_2023.toml", "-o", target, "--lang", language)
    assert done.status == 0, done.err
    text = html_text(target.read_bytes())
    lines = [" ".join(line.split()) for line in text.splitlines()]
    same("reports", f"report-{language}.txt", re.sub(r"\b[0-9a-f]{12,64}\b", "HASH", "\n".join(filter(None, lines))))


def test_what_is_refused(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    console("reports", "refused.txt", run, example=example, out=tmp_path, project=TESTS.parent)

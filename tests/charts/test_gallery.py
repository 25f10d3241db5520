"""The charts that stand in the repository are those that the commands draw, to the byte."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def gallery() -> Any:
    spec = importlib.util.spec_from_file_location("surveytool_gallery", Path(__file__).with_name("gallery.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", gallery().CHARTS)
def test_the_example_s_chart_is_drawn_again(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    made = gallery()
    monkeypatch.chdir(made.ROOT)
    target = tmp_path / f"{name}.svg"
    assert run(*made.command(name, target)).status == 0
    assert target.read_text("utf-8") == (made.FOLDER / target.name).read_text("utf-8")


def test_no_other_chart_lies_in_the_folder() -> None:
    made = gallery()
    assert {path.stem for path in made.FOLDER.glob("*.svg")} == set(made.CHARTS)

"""Study files written for a test, and the modules beside the tests."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"surveytool_tests_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def reach() -> ModuleType:
    """The household survey of Tal Afar as a study."""
    return _module(HERE / "reach.py")


@pytest.fixture(scope="session")
def masculinity() -> ModuleType:
    """The published table of the masculinity survey."""
    return _module(HERE.parent / "published_figures" / "masculinity.py")


@pytest.fixture
def write(tmp_path: Path, example: Path) -> Callable[..., Path]:
    """Write a study of the example: the text after [study] and [data]; DATA stands for the data file."""

    def writer(text: str, *, data: str = "transit.sav", head: bool = True) -> Path:
        path = tmp_path / "study.toml"
        start = f'[study]\nlanguages = ["en", "es"]\n[data]\npath = "{example / data}"\n' if head else ""
        path.write_text(start + text, encoding="utf-8")
        return path

    return writer

"""One version, whoever names it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import surveytool
from surveytool.version import VERSION

ROOT = Path(__file__).resolve().parents[2]


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert surveytool.__version__ == VERSION == project["version"]

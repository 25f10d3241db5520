"""The shipped example's facts, once a language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from surveytool.proofreading.facts import Facts, facts_of
from surveytool.study import load_study, open_study

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "configs" / "iom_2023.toml"


@cache
def of_language(name: str) -> Facts:
    study = load_study(STUDY)
    return facts_of(study, open_study(study, language=name), name, {})


@pytest.fixture(scope="session")
def facts() -> Facts:
    return of_language("en")


@pytest.fixture(scope="session")
def hechos() -> Facts:
    return of_language("es")

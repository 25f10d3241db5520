"""Claims, their words and the modules beside the tests."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from surveytool.published_figures import Claim, Finding, check
from surveytool.published_figures.claim_words import sentences
from surveytool.published_figures.claims_file import parse_claims
from surveytool.text import words


@pytest.fixture(scope="session")
def masculinity() -> ModuleType:
    """The published table of the masculinity survey, as a module."""
    path = Path(__file__).with_name("masculinity.py")
    spec = importlib.util.spec_from_file_location("surveytool_claim_masculinity", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def found() -> Callable[..., list[tuple[str, str, str, str]]]:
    """What the arithmetic says of a csv of claims: kind, weight, explanation, reading, in English words."""

    def run(text: str, **known: Any) -> list[tuple[str, str, str, str]]:
        return [_said(each) for each in check(parse_claims(text, "claims.csv"), **known)]

    return run


def _said(finding: Finding) -> tuple[str, str, str, str]:
    english = words("en")
    return finding.kind, finding.weight, sentences(finding.explanation, english), sentences(finding.reading, english)


@pytest.fixture
def parsed() -> Callable[[str], Sequence[Claim]]:
    """A csv's text as claims."""
    return lambda text: parse_claims(text, "claims.csv")

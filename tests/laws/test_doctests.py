"""The examples in docstrings are true: each file's doctests run with the tests."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest
from laws.test_structure import FILES

EXAMPLES = sorted(name for name, path in FILES.items() if ">>> " in path.read_text(encoding="utf-8"))


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 50


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_a_file_are_true(name: str) -> None:
    tried = doctest.testmod(import_module(name), raise_on_error=False, verbose=False)
    assert tried.attempted > 0, f"{name}: no example was found, though its text has one"
    assert tried.failed == 0, f"{name}: run python -m doctest to see which"

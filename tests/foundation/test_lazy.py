"""Public names load when somebody asks, and others are refused as Python does."""

from __future__ import annotations

import pytest

from surveytool.lazy import lazy_names, registered


def test_a_name_is_found_in_its_file() -> None:
    attribute = lazy_names("surveytool.estimate", {"beta": ["split"], "student": ["quantile"]})
    assert attribute("quantile").__module__ == "surveytool.estimate.student"
    assert attribute("split").__module__ == "surveytool.estimate.beta"


def test_another_name_is_refused() -> None:
    with pytest.raises(AttributeError, match=r"module 'surveytool.estimate' has no attribute 'nothing'"):
        lazy_names("surveytool.estimate", {"beta": ["split"]})("nothing")


def test_a_registry_names_an_object() -> None:
    assert registered("surveytool.estimate", "statistic:MEAN").name == "mean"
    with pytest.raises(ModuleNotFoundError):
        registered("surveytool.estimate", "nothing:MEAN")
    with pytest.raises(AttributeError):
        registered("surveytool.estimate", "statistic:NOTHING")

"""Labels that are numbers, labels that are no answers, names that tables print, and settings at their bounds."""

from __future__ import annotations

import pytest

from surveytool.errors import UsageError
from surveytool.survey import Codebook, Level, Variable
from surveytool.survey.setting import choice, column_name, column_names, number, one_kind


def single(labels: dict[float | str, str], **more: object) -> Variable:
    levels = tuple(Level(code=code, label=label, order=place) for place, (code, label) in enumerate(labels.items()))
    return Variable(name="q", kind="single", levels=levels, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("labels", "amounts"),
    [
        ({1.0: "0", 2.0: "1", 3.0: "2"}, {1.0: 0.0, 2.0: 1.0, 3.0: 2.0}),
        ({0.0: "0", 1.0: "1"}, {}),
        ({1.0: "0", 2.0: "many"}, {}),
        ({"a": "0", "b": "1"}, {}),
        ({1.0: " 10 ", 2.0: "20"}, {1.0: 10.0, 2.0: 20.0}),
        ({}, {}),
    ],
)
def test_labels_that_are_other_numbers(labels: dict[float | str, str], amounts: dict[float, float]) -> None:
    assert single(labels).amounts() == amounts


def test_only_categories_have_such_labels() -> None:
    levels = (Level(code=1.0, label="0"), Level(code=2.0, label="1"))
    assert Variable(name="q", kind="number", levels=levels).amounts() == {}


def test_levels_that_are_no_numbers() -> None:
    variable = single({1.0: "1", 2.0: "2", 3.0: "3", 98.0: "Don't know"})
    assert [(place, level.label) for place, level in variable.no_numbers()] == [(3, "Don't know")]
    assert variable.no_numbers()[0][1].missing is not None
    kept = single({1.0: "1", 2.0: "2", 3.0: "3", 98.0: "Don't know"}, keep_missing=True)
    assert kept.no_numbers() == ()
    assert single({}).no_numbers() == ()


@pytest.mark.parametrize(("many", "end"), [(8, "v7)"), (9, "v7, ...)")])
def test_a_codebook_shows_its_first_names(many: int, end: str) -> None:
    book = Codebook({f"v{place}": Variable(name=f"v{place}", kind="text") for place in range(many)})
    assert repr(book).startswith(f"Codebook({many} variables: v0, v1") and repr(book).endswith(end)


def test_a_variable_shows_no_answers() -> None:
    assert repr(single({1.0: "canary"})) == "Variable('q', single, 1 answers)"
    assert repr(Variable(name="q", kind="text", sensitive=True)) == "Variable('q', text, sensitive)"


@pytest.mark.parametrize(
    ("value", "least", "most", "above", "told"),
    [
        (0, 0, 1, True, "x: must be above 0 and at most 1, and is 0."),
        (-1, 0, 1, False, "x: must be at least 0 and at most 1, and is -1."),
        (1.5, 0, 1, False, "x: must be at least 0 and at most 1, and is 1.5."),
        (-1, 0, float("inf"), False, "x: must be at least 0, and is -1."),
        (True, 0, 1, False, "x: must be a number, and is a bool."),
        ("3", 0, 1, False, "x: must be a number, and is a str."),
    ],
)
def test_numbers_outside_their_bounds(value: object, least: float, most: float, above: bool, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        number(value, "x", least=least, most=most, above=above)
    assert str(refused.value) == told


@pytest.mark.parametrize(("value", "above"), [(0, False), (1, True), (0.5, True), (None, False)])
def test_numbers_at_their_bounds(value: float | None, above: bool) -> None:
    assert number(value, "x", least=0, most=1, above=above) == value


def test_names_and_kinds() -> None:
    assert column_names(None, "psu") == () and column_name(None, "weights") is None
    for call, told in (
        (
            lambda: column_names(["a", 3], "psu"),
            'psu: must be names of columns, and is a list. Write for example psu=("area", "site")',
        ),
        (
            lambda: column_names(3, "psu"),
            'psu: must be names of columns, and is a int. Write for example psu=("area", "site")',
        ),
        (
            lambda: one_kind(3, Level, "level"),
            "level: must be a Level, and is a int. Write for example level=st.Level(...)",
        ),
        (lambda: choice(3, ("a",), "x"), "x: must be a text."),
    ):
        with pytest.raises(UsageError) as refused:
            call()
        assert told in str(refused.value)

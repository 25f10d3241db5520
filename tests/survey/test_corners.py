"""Edges of the nouns: settings at their bounds, names that several share, codes and labels at their lengths."""

from __future__ import annotations

from typing import Any

import pytest

from surveytool.errors import UsageError
from surveytool.survey import Level, Provenance, Request, Variable
from surveytool.survey.design import Calibrated, Design, Replicates
from surveytool.survey.non_answers import non_answer
from surveytool.survey.request import breakdown, known_names
from surveytool.survey.variable import code_text, find_level, level_of_code, printed_names


@pytest.mark.parametrize(("setting", "value", "words"), [
    ("df", 0, "df: must be above 0, and is 0."),
    ("scale", 0.0, "scale: must be above 0, and is 0."),
    ("fay_rho", -0.1, "fay_rho: must be at least 0 and at most 1, and is -0.1."),
    ("fay_rho", 1.01, "fay_rho: must be at least 0 and at most 1, and is 1.01."),
])  # fmt: skip
def test_replicates_beyond_a_bound(setting: str, value: float, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        Replicates(columns=("rw*",), method="fay", **{setting: value})  # type: ignore[arg-type]
    assert str(refused.value).strip() == words


@pytest.mark.parametrize(("setting", "value"), [("df", 0.5), ("scale", 1e-9), ("fay_rho", 0), ("fay_rho", 1)])
def test_replicates_at_a_bound(setting: str, value: float) -> None:
    made = Replicates(columns="rw*", method="fay", **{setting: value})  # type: ignore[arg-type]
    assert getattr(made, setting) == value and made.columns == ("rw*",)


def test_degrees_of_freedom_of_a_design_are_above_zero() -> None:
    assert Design(df=0.5).df == 0.5
    with pytest.raises(UsageError, match="df: must be above 0, and is 0"):
        Design(df=0)


def test_what_is_not_said_is_as_usual() -> None:
    design, request = Design(), Request(variable="x")
    assert (design.nest, design.lonely_psu, design.sample, design.psu) == (True, "fail", "probability", ())
    assert (request.level, request.base, request.total, request.quantile_rule) == (0.95, "answered", True, "math")
    made = Replicates(columns=("a",), method="brr")
    assert (made.fay_rho, made.combined, made.mse, made.scale) == (0.0, True, None, None)
    assert repr(Design(psu="p")) == "Design(psu=('p',))"


@pytest.mark.parametrize(("make", "words"), [
    (lambda: Replicates(columns=(), method="brr"), "columns: replicate weights need columns."),
    (lambda: Calibrated(margins=()), "margins: calibrated weights need margins."),
    (lambda: Design(psu=3), "psu: must be names of columns, and is a int."),  # type: ignore[arg-type]
    (lambda: Design(psu=("a", 3)), "psu: must be names of columns, and is a tuple."),  # type: ignore[arg-type]
    (lambda: Design(weights=["w"]), "weights: must be the name of a column, and is a list."),  # type: ignore[arg-type]
    (lambda: Design(df=True), "df: must be a number, and is a bool."),
    (lambda: Design(replicates="rw*"), "replicates: must be a Replicates, and is a str."),  # type: ignore[arg-type]
    (lambda: Design(sample="cluster"), "sample: 'cluster' is not known."),  # type: ignore[arg-type]
    (lambda: Design(sample=3), "sample: must be a text."),  # type: ignore[arg-type]
])  # fmt: skip
def test_a_wrong_setting_says_what_it_must_be(make: Any, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        make()
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize(("text", "known", "names"), [
    ("x:a:b", {"a"}, ("x", "a", "b")), ("x:y:a", {"a"}, ("x:y", "a")), ("a:b:c", {"a:b", "b:c"}, ("a:b", "c")),
    ("a:b:c", {"a:b:c", "a"}, ("a:b:c",)), ("x:y", set(), ("x:y",)), ("a", {"a"}, ("a",)), ("a:a", {"a"}, ("a", "a")),
])  # fmt: skip
def test_names_between_colons(text: str, known: set[str], names: tuple[str, ...]) -> None:
    assert known_names(text, known) == names


def test_unknown_names_between_colons_are_crossed() -> None:
    assert breakdown("x:y:a:b", {"a:b"}) == ("x", "y", "a:b")


LEVELS = (Level(code=1.0, label="Other", labels={"es": "Otro"}), Level(code=2.0, label="Other", labels={"es": "Otra"}),
          Level(code=3.0, label="3 or more", labels={"es": "Otra"}),
          Level(code=98.0, label="Refused", missing="refused"))  # fmt: skip


def test_a_name_that_several_have_is_refused_with_the_names_that_tell_them_apart() -> None:
    with pytest.raises(UsageError) as refused:
        find_level(LEVELS, "Other", "house")
    assert str(refused.value).startswith("several answers of house are called 'Other'.")
    assert refused.value.cure == "Write one of: 'Other [1]', 'Other [2]'"
    with pytest.raises(UsageError, match="several answers are called 'Otra'"):
        find_level(LEVELS, "Otra")


@pytest.mark.parametrize(("text", "place"), [
    ("Other [2]", 1), ("Otro", 0), ("3 or more", 2), ("3", 2), ("Refused", 3), ("98", 3), ("2.0", None), ("none", None),
])  # fmt: skip
def test_the_place_of_an_answer(text: str, place: int | None) -> None:
    assert find_level(LEVELS, text) == place


def test_a_code_goes_before_a_name_where_a_code_is_asked_for() -> None:
    levels = (Level(code=1.0, label="2"), Level(code=2.0, label="1"))
    assert (level_of_code(levels, "1"), find_level(levels, "1")) == (0, 1)
    assert level_of_code(LEVELS, "Otro") == 0 and level_of_code(LEVELS, "Otro", labels=False) is None
    assert printed_names(levels) == ["2", "1"]


@pytest.mark.parametrize(("code", "text"), [
    (200.0, "200"), (-5.0, "-5"), (2.0**62, "4611686018427387904"), (2.0**63, "9.223372036854776e+18"),
    (7, "7"), (0.1, "0.1"),
])  # fmt: skip
def test_whole_codes_have_no_decimals(code: float, text: str) -> None:
    assert code_text(code) == text


def category(**labels: str) -> Variable:
    return Variable(name="q", kind="single", levels=tuple(Level(code=float(c[1:]), label=t) for c, t in labels.items()))


def test_one_label_that_is_another_number_is_enough() -> None:
    assert category(_1="0", _2="2").amounts() == {1.0: 0.0, 2.0: 2.0}
    assert category(_1="1", _2="2").amounts() == {}
    assert category(_1="0", _2="two").amounts() == {}
    assert category(_1="0", _2="2", _9="Don't know").amounts() == {1.0: 0.0, 2.0: 2.0}


def test_a_label_of_120_signs_is_still_read() -> None:
    assert non_answer("Don't know".ljust(120)) == "dont_know"
    assert non_answer("Don't know".ljust(121)) is None
    assert non_answer("   ") is None


@pytest.mark.parametrize(("label", "kind"), [
    ("DK", "dont_know"), ("nsnr", "dont_know"), ("NS/NC", "dont_know"), ("PNTA", "refused"), ("IAP", "not_asked"),
    ("NR", "not_answered"), ("no", None), ("Dakar", None),
])  # fmt: skip
def test_short_forms_of_no_answer(label: str, kind: str | None) -> None:
    assert non_answer(label) == kind
    assert non_answer(label, short=False) is None


def test_a_text_falls_back_to_english_then_to_the_first() -> None:
    from surveytool.survey.label import said

    several = {"fr": "Sexe", "en": "Sex", "es": ""}
    assert [said(several, each) for each in ("fr", "es", "de", "en")] == ["Sexe", "Sex", "Sex", "Sex"]
    assert said({"fr": "Sexe"}, "en") == "Sexe" and said({}, "en") == "" and said(None) == ""


def test_an_empty_survey_has_no_rows() -> None:
    assert Provenance().rows == 0


def test_strata_that_are_certain_in_words() -> None:
    from surveytool.notes import note
    from surveytool.text import words

    assert words("en").say(note("lonely_psu", policy="certainty", strata=("A", "B"), n=2)) == (
        "2 strata have one PSU only (A and B). They are taken as certain to be in the sample and add nothing to the "
        "variance (--lonely-psu certainty)."
    )

"""The nouns: what a level, a variable, a codebook and a design say of themselves."""

from __future__ import annotations

import pytest

from surveytool.errors import UnknownVariable
from surveytool.survey import (
    Calibrated,
    Codebook,
    Design,
    Level,
    Provenance,
    Replicates,
    Survey,
    Variable,
    code_text,
    find_level,
)
from surveytool.survey.label import said, translations

LEVELS = (
    Level(code=1.0, label="Male", labels={"es": "Hombre"}),
    Level(code=2.0, label="Female", labels={"es": "Mujer"}),
    Level(code=9.0, label="1", missing="refused"),
)
SEX = Variable(name="sex", kind="single", label="Sex", labels={"es": "Sexo"}, levels=LEVELS)


@pytest.mark.parametrize(
    ("text", "place"), [("1", 2), ("2", 1), ("9", 2), ("Female", 1), ("Mujer", 1), ("mujer", None), ("3", None)]
)
def test_a_label_wins_over_a_translation_and_a_code(text: str, place: int | None) -> None:
    assert find_level(LEVELS, text) == place


@pytest.mark.parametrize(
    ("code", "text"),
    [(1.0, "1"), (-3.0, "-3"), (2.5, "2.5"), (7, "7"), ("007", "007"), (1e300, "1e+300"), (float(2**62), str(2**62)),
     (float(2**63), repr(float(2**63)))],
)  # fmt: skip
def test_a_code_is_written_as_people_do(code: float | str, text: str) -> None:
    assert code_text(code) == text


def test_answers_are_levels_that_are_not_missing() -> None:
    assert [each.label for each in SEX.valid_levels()] == ["Male", "Female"]


def test_a_title_is_the_label_in_the_language_else_the_name() -> None:
    assert (SEX.title(), SEX.title("es"), SEX.title("fr")) == ("Sex", "Sexo", "Sex")
    assert Variable(name="q1", kind="single").title("es") == "q1"


@pytest.mark.parametrize(
    ("kind", "sensitive", "shown"), [("single", False, 3), ("single", True, 0), ("text", False, 0), ("id", False, 0)]
)
def test_answers_of_people_are_never_listed(kind: str, sensitive: bool, shown: int) -> None:
    held = Variable(name="q", kind=kind, levels=LEVELS, sensitive=sensitive)  # type: ignore[arg-type]
    assert len(held.shown_levels()) == shown


def test_a_codebook_is_a_mapping_that_knows_near_names() -> None:
    book = Codebook({"sex": SEX})
    assert (list(book), len(book), "sex" in book, "age" in book, book["sex"]) == (["sex"], 1, True, False, SEX)
    with pytest.raises(UnknownVariable, match=r"no variable named 'sexo'\. Did you mean 'sex'\?"):
        book["sexo"]


def test_a_design_names_its_columns_once() -> None:
    design = Design(
        weights="w", strata="h", psu=("p", "q"), fpc=("n", "p"),
        replicates=Replicates(columns=("rw*",), method="brr"),
        calibrated=Calibrated(margins=("sex", "h"), base_weights="w0"),
    )  # fmt: skip
    assert design.columns() == ("w", "h", "p", "q", "n", "w0", "sex")
    assert Design().columns() == ()
    assert (Design().nest, Design().lonely_psu, Design().sample) == (True, "fail", "probability")


@pytest.mark.parametrize(
    ("path", "shown"),
    [("data/transit.sav", "data/transit.sav"), ("/home/ana/transit.sav", "transit.sav"), ("~/x.csv", "x.csv"),
     (None, None)],
)  # fmt: skip
def test_a_file_is_shown_without_the_folders_of_a_machine(path: str | None, shown: str | None) -> None:
    assert Provenance(path=path).shown == shown


def test_a_survey_shows_no_respondent() -> None:
    held = Survey(frame={"sex": ["canary"]}, codebook=Codebook({"sex": SEX}), provenance=Provenance(rows=531))
    assert repr(held) == "Survey(531 respondents, 1 variables)"


def test_a_text_in_several_languages() -> None:
    assert (said({"es": "Sexo", "en": "Sex"}, "fr"), said(None), said({"es": ""}, "es")) == ("Sex", "", "")
    assert translations({"es": "Sexo"}) == {"es": "Sexo"}
    assert translations(None) == translations("Sex") == {}

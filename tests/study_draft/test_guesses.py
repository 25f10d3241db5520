"""A guess needs name, content and neighbours: the design, and whose sex and age a column holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from surveytool import read
from surveytool.checks.raw_survey import RawSurvey
from surveytool.study_draft.design_guess import guesses
from surveytool.study_draft.drafted_recodes import age_column
from surveytool.study_draft.drafted_tables import breakdowns

ROWS = 240
DRAWN = np.random.default_rng(14)


def guessed(**columns: Any) -> dict[str, Any]:
    frame = pd.DataFrame({"q": ["a", "b"] * (ROWS // 2), **columns})
    return {guess.setting: guess.value for guess in guesses(RawSurvey(read(frame)))}


def kilograms() -> Any:
    return np.round(DRAWN.uniform(4.9, 20.7, ROWS), 1)


def fine() -> Any:
    return DRAWN.uniform(0.2, 4.0, ROWS)


def test_body_weight_is_no_survey_weight() -> None:
    assert guessed(weight=kilograms(), muac=np.round(DRAWN.normal(140, 10, ROWS), 0), height=kilograms()) == {}
    assert guessed(Weight=kilograms(), Height=kilograms(), BMI=kilograms(), WTMEC2YR=fine())["weights"] == "WTMEC2YR"
    assert guessed(birth_weight=1000 * kilograms()) == {}
    assert guessed(weight=fine())["weights"] == "weight"


@pytest.mark.parametrize(
    "name",
    ["v005", "hv005", "wmweight", "WTINT2YR", "PONDERA", "fac_tri", "fex_c", "V1028", "pesoano", "anweight", "wtssall",
     "W_FSTUWT", "_LLCPWT", "RB050", "withinwt", "FACTORADULTO", "finalwgt", "NWEIGHT"],
)  # fmt: skip
def test_official_names_of_weights(name: str) -> None:
    assert guessed(**{name: fine()})["weights"] == name


@pytest.mark.parametrize(
    ("strata", "psu"),
    [("SDMVSTRA", "SDMVPSU"), ("VSTRAT", "VPSU"), ("v022", "v021"), ("est_dis", "CONGLOME"), ("varstrat", "varunit")],
)
def test_official_names_of_strata_and_units(strata: str, psu: str) -> None:
    at = np.arange(ROWS)
    found = guessed(**{strata: at // 40 + 1.0, psu: at // 10 + 1.0})
    assert (found["strata"], found["psu"]) == (strata, [psu])


def test_the_best_of_several_weights_comes_first() -> None:
    mostly_zero = np.where(np.arange(ROWS) % 3 == 0, fine(), 0.0)
    assert guessed(weight_ftf=mostly_zero, weight_full=fine())["weights"] == "weight_full"
    assert guessed(dweight=fine(), pspwght=fine(), anweight=fine())["weights"] == "anweight"


@pytest.fixture
def barometer(tmp_path: Path) -> Path:
    """Facilities of the area, the previous respondent, the interviewer, and ages with a code that means no answer."""
    at = np.arange(ROWS)
    frame = pd.DataFrame({
        "EA_SVC_C": at % 2 + 0.0, "EA_FAC_A": at // 7 % 2 + 0.0, "PREVINT": at % 2 + 1.0, "THISINT": at // 2 % 2 + 1.0,
        "Q113": at % 20 + 25.0, "Q1": np.where(at % 50 == 0, 999.0, at % 60 + 18.0), "Q85C": at % 4 + 1.0,
        "withinwt": np.where(at % 2, 0.8, 1.2) + at / 10000,
    })  # fmt: skip
    labels = {
        "EA_SVC_C": "Sewage system in the PSU/EA", "EA_FAC_A": "Post-office in the PSU/EA",
        "PREVINT": "Previous interview, gender", "THISINT": "This interview, gender", "Q113": "Q113. Interviewer's age",
        "Q1": "Q1. Age", "Q85C": "Q85C. Proud of nationality", "withinwt": "Within country weighting factor",
    }  # fmt: skip
    sexes = {1: "Male", 2: "Female"}
    values = {
        "EA_SVC_C": {0: "No", 1: "Yes"}, "EA_FAC_A": {0: "No", 1: "Yes"}, "PREVINT": sexes, "THISINT": sexes,
        "Q1": {999: "Don't know"}, "Q85C": {1: "Not at all", 2: "A little", 3: "Somewhat", 4: "Very"},
    }  # fmt: skip
    path = tmp_path / "barometer.sav"
    pyreadstat.write_sav(frame, str(path), column_labels=labels, variable_value_labels=values)
    return path


def test_a_facility_is_no_unit_and_other_people_are_no_breakdown(barometer: Path) -> None:
    raw = RawSurvey(read(barometer))
    assert {guess.setting: guess.value for guess in guesses(raw)} == {"weights": "withinwt"}
    assert breakdowns(raw) == ["THISINT", "age_band"]
    assert age_column(raw) == "Q1"


@pytest.mark.parametrize(
    "head",
    [
        ("enum_gender", "enum_age", "resp_gender", "resp_age"), ("interviewer_sex", "interviewer_age", "sex", "age"),
        ("sexo_encuestador", "edad_encuestador", "sexo", "edad"),
        ("intro/enum_gender", "intro/enum_age", "demo/resp_gender", "demo/resp_age"),
    ],
)  # fmt: skip
def test_the_enumerator_is_not_the_respondent(head: tuple[str, ...]) -> None:
    at = np.arange(ROWS)
    sexes = [np.where(at % 2, "f", "m"), np.where(at // 3 % 2, "f", "m")]
    frame = pd.DataFrame(dict(zip(head, (sexes[0], at % 20 + 25, sexes[1], at % 60 + 18), strict=True)))
    raw = RawSurvey(read(frame))
    assert breakdowns(raw)[0] == head[2]
    assert age_column(raw) == head[3]


def test_a_guess_is_in_no_published_note(tmp_path: Path, run: Callable[..., Any]) -> None:
    path = tmp_path / "data.csv"
    pd.DataFrame({"q": ["a", "b"] * 20, "weight": np.linspace(0.5, 1.5, 40)}).to_csv(path, index=False)
    done = run("summarize", path, "q")
    assert "--weights weight" in done.err
    assert "looks like" not in done.out

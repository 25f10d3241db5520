"""Python is as strict as the command line: one text is one name, and every setting is checked when it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import surveytool as st


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame({
        "q": rng.choice(["x", "y"], 200), "w": 1.0, "a": np.repeat(range(20), 10), "b": np.tile(range(10), 20),
        "ab": np.repeat(range(40), 5), "name": [f"Ana Perez {place}" for place in range(200)],
        "r1": rng.uniform(0.5, 2, 200), "r2": rng.uniform(0.5, 2, 200),
    })  # fmt: skip


def test_one_text_is_one_name(frame: pd.DataFrame) -> None:
    rows = [st.summarize(frame, "q", design=st.Design(weights="w", psu=psu)).rows[0] for psu in ("ab", ("ab",))]  # type: ignore[arg-type]
    assert rows[0] == rows[1] and rows[0].df == 39
    assert st.Design(psu=["a", "b"], fpc="n").psu == ("a", "b")  # type: ignore[arg-type]
    assert st.Calibrated(margins="sex").margins == ("sex",)  # type: ignore[arg-type]
    replicates = st.Replicates(columns="r*", method="bootstrap")  # type: ignore[arg-type]
    assert st.summarize(frame, "q", design=st.Design(weights="w", replicates=replicates)).rows[0].se


def _guarded(**rules: Any) -> st.Survey:
    return st.guard(st.read(pd.DataFrame({"q": ["x", "y"]})), st.Protection(**rules))


@pytest.mark.parametrize("make, words", [
    (lambda: st.Design(lonely_psu="adjsut"), "lonely_psu: 'adjsut' is not known. Did you mean 'adjust'?"),
    (lambda: st.Design(sample="convinience"), "Did you mean 'convenience'?"),
    (lambda: st.Replicates(columns="rw*", method="boot"), "Did you mean 'bootstrap'?"),
    (lambda: st.Replicates(columns=(), method="jk1"), "columns: replicate weights need columns."),
    (lambda: st.Replicates(columns="rw*", method="fay", fay_rho=1.5), "fay_rho: must be at least 0 and at most 1"),
    (lambda: st.Design(weights=pd.Series([1.0])), "weights: must be the name of a column, and is a Series."),
    (lambda: st.Design(psu=pd.Series(["a"])), "psu: must be names of columns, and is a Series."),
    (lambda: st.Design(psu=(1, 2)), "psu: must be names of columns"),
    (lambda: st.Design(df=-1), "df: must be above 0, and is -1."),
    (lambda: st.Design(replicates="rw*"), "replicates: must be a Replicates"),
    (lambda: st.Design(calibrated=("sex",)), "calibrated: must be a Calibrated"),
    (lambda: st.Calibrated(margins=()), "margins: calibrated weights need margins."),
    (lambda: _guarded(cell=-3), "cell: must be at least 1, and is -3."),
    (lambda: _guarded(base=3), "base: is below the smallest count."),
    (lambda: _guarded(dominance=2), "dominance: must be at least 0 and at most 1"),
    (lambda: st.Protection(method="supression"), "Did you mean 'suppression'?"),
])  # fmt: skip
def test_a_setting_that_cannot_be_meant_is_refused_when_it_is_given(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(st.SurveytoolError) as told:
        make()
    assert words in str(told.value)


def test_reading_and_tables_check_theirs_too(frame: pd.DataFrame) -> None:
    with pytest.raises(st.SurveytoolError, match="Did you mean 'number'"):
        st.read(frame, kinds={"w": "numbr"})  # type: ignore[dict-item]
    with pytest.raises(st.SurveytoolError, match="must be a Design, and is a str"):
        st.read(frame, design="w")  # type: ignore[arg-type]
    with pytest.raises(st.SurveytoolError, match=r"the level '0\.95' is not between"):
        st.summarize(frame, "q", level="0.95")  # type: ignore[arg-type]
    with pytest.raises(st.SurveytoolError, match="must be a Protection"):
        st.guard(st.read(frame), "yes")  # type: ignore[arg-type]


def test_what_is_shown_of_a_survey_holds_nobody(frame: pd.DataFrame) -> None:
    survey = st.read(frame, design=st.Design(weights="w"))
    guarded = st.guard(survey, st.Protection(active=True))
    for shown in (survey, guarded, survey.codebook, survey.codebook["name"], survey.codebook["q"], survey.design):
        assert "Ana" not in repr(shown) and "'x'" not in repr(shown) and len(repr(shown)) < 300
    assert repr(survey) == "Survey(200 respondents, 8 variables, Design(weights='w'))"
    assert "guarded" in repr(guarded)
    assert repr(survey.codebook["q"]) == "Variable('q', single, 2 answers)"

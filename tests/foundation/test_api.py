"""The Python interface: one call from a file or a frame to numbers that print, save and become a frame."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import surveytool as st


@pytest.fixture(scope="module")
def summary(example: Path) -> st.Summary:
    design = st.Design(weights="weight", strata="country_interview", psu=("site",))
    survey = st.read(example / "transit.sav", design=design)
    return st.summarize(survey, ["social_media", "age"], by=["sex", ("sex", "age_group")])


def test_it_becomes_a_pandas_frame_in_one_call(summary: st.Summary) -> None:
    frame = summary.to_pandas()
    assert len(frame) == len(summary.rows)
    assert list(frame.columns)[:6] == ["table", "variable", "level", "level_code", "by_sex", "by_age_group"]
    men = frame[(frame.by_sex == "Male") & frame.by_age_group.isna() & (frame.level == "Yes")].iloc[0]
    assert men["estimate"] == pytest.approx(0.47, abs=1e-4)
    assert men["n"] == 324


def test_it_shows_itself(summary: st.Summary) -> None:
    html = summary._repr_html_()
    assert "<table" in html and "Used social networks to plan the departure" in html
    assert "47.0" in str(summary) and repr(summary) == str(summary)
    assert "| 47.0" in summary.render("markdown") or "47.0 (" in summary.render("markdown")


def test_it_saves_by_suffix_and_never_over_a_file(summary: st.Summary, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    summary.save(target)
    assert len(json.loads(target.read_text(encoding="utf-8"))["rows"]) == len(summary.rows)
    with pytest.raises(st.SurveytoolError, match="--overwrite"):
        summary.save(target)
    summary.save(target, overwrite=True)


def test_names_are_exported_and_lazy() -> None:
    for name in st.__all__:
        assert getattr(st, name) is not None
    assert set(st.__all__) <= set(dir(st))
    with pytest.raises(AttributeError):
        _ = st.nonsense


def test_errors_are_one_tree(example: Path) -> None:
    with pytest.raises(st.SurveytoolError, match=r"'social_medai'.*Did you mean 'social_media'"):
        st.summarize(example / "transit.sav", "social_medai")
    with pytest.raises(st.SurveytoolError, match="base"):
        st.summarize(example / "transit.sav", "sex", base="everybody")  # type: ignore[arg-type]
    with pytest.raises(st.SurveytoolError, match="cannot read a dict"):
        st.read({"a": [1]})

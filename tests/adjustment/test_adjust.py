"""``surveytool adjust`` and ``st.adjust``: rows, groups, totals, doubts, and what stops it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import surveytool as st
from surveytool.errors import SurveytoolError, UsageError

TOTALS = "variable,level,value\nage,old,2300\nage,young,1700\nsex,f,2000\nsex,m,2000\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adjust")
    draw = np.random.default_rng(8)

    def people(n: int, young: float) -> list[tuple[str, str, int]]:
        age = draw.choice(["old", "young"], n, p=[1 - young, young])
        sex = draw.choice(["f", "m"], n)
        works = draw.uniform(size=n) < np.where(age == "young", 0.7, 0.4)
        return list(zip(age, sex, works.astype(int), strict=True))

    own = "\n".join(
        f"{age},{sex},{'yes' if works else 'no'},{20 + 10 * works + i % 7}"
        for i, (age, sex, works) in enumerate(people(400, 0.8))
    )
    other = "\n".join(f"{age},{sex},{12.5 + i % 2},{i % 40}" for i, (age, sex, _) in enumerate(people(300, 0.4)))
    (folder / "online.csv").write_text(f"age,sex,works,income\n{own}\n", "utf-8")
    (folder / "survey.csv").write_text(f"age,sex,w,psu\n{other}\n", "utf-8")
    return folder


def adjusted(files: Path, **more: Any) -> Any:
    given = {"reference_weights": "w", "by": ["age", "sex"], "outcome": "works", **more}
    return st.adjust(files / "online.csv", files / "survey.csv", **given)


def test_every_method_brings_the_share_near_that_of_the_population(files: Path) -> None:
    made = adjusted(files)
    rows = [row for row in made.rows if row.level == "yes"]
    assert [row.method for row in rows] == ["ipw", "impute", "dr"]
    for row in rows:
        assert row.unadjusted is not None and row.estimate is not None and row.se is not None
        assert row.estimate < row.unadjusted - 0.05 and row.ci_low < row.estimate < row.ci_high
        assert row.n == 400 and row.se_sample > 0 and row.se_reference > 0
    codes = {note.code for note in made.notes}
    assert {"adjust_assumption", "adjust_never", "adjust_effective", "adjust_variance"} <= codes


def test_the_reference_design_counts(files: Path) -> None:
    plain, clustered = (adjusted(files, method="impute", **more).rows[0] for more in ({}, {"reference_psu": "psu"}))
    assert plain.estimate == clustered.estimate and plain.se_sample == clustered.se_sample
    assert plain.se_reference != clustered.se_reference


def test_groups_have_figures_of_their_own(files: Path) -> None:
    made = adjusted(files, group="age", method="dr")
    rows = {tuple(row.by.items()): row for row in made.rows if row.level == "yes"}
    assert set(rows) == {(), (("age", "old"),), (("age", "young"),)}
    assert rows[(("age", "old"),)].estimate < rows[()].estimate < rows[(("age", "young"),)].estimate


def test_by_one_variable_all_methods_are_the_poststratified_mean(files: Path) -> None:
    """With one category the chances are group shares: every method gives sum N_g / N times the group's mean."""
    made = {row.method: row for row in adjusted(files, by="age", participation="calibrated").rows if row.level == "yes"}
    own = np.genfromtxt(files / "online.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")
    other = np.genfromtxt(files / "survey.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")
    expected = sum(
        other["w"][other["age"] == age].sum() / other["w"].sum() * (own["works"][own["age"] == age] == "yes").mean()
        for age in ("old", "young")
    )
    for row in made.values():
        assert row.estimate == pytest.approx(expected, rel=1e-8)


def test_totals_stand_for_a_reference_survey(files: Path) -> None:
    (files / "totals.csv").write_text(TOTALS, "utf-8")
    made = st.adjust(files / "online.csv", totals=files / "totals.csv", by=["age", "sex"], outcome="income")
    assert [row.method for row in made.rows] == ["ipw", "impute", "dr"]
    assert all(row.se_reference == 0 and row.level is None for row in made.rows)
    assert made.coverage.weight_sum == pytest.approx(4000)
    with pytest.raises(UsageError, match="linear"):
        st.adjust(
            files / "online.csv", totals=files / "totals.csv", by=["age", "sex"], outcome="works", family="logistic"
        )
    (files / "shares.csv").write_text("variable,level,value\nage,old,0.6\nage,young,0.4\n", "utf-8")
    with pytest.raises(UsageError, match="no numbers of people"):
        st.adjust(files / "online.csv", totals=files / "shares.csv", by="age", outcome="works")


@pytest.mark.parametrize(("more", "words"), [
    ({"by": ["age", "income"]}, "lacks 1 of 2 variables (income)"),
    ({"by": []}, "needs variables"),
    ({"outcome": ()}, "needs an outcome"),
    ({"outcome": "age"}, "cannot adjust itself"),
    ({"by": ["agee"]}, "Did you mean 'age'"),
    ({"method": "ips"}, "not known"),
    ({"reference_weights": None}, "needs weights"),
    ({"family": "logistic", "outcome": "income"}, "of answers, not of numbers"),
    ({"group": "income"}, "lacks the group income"),
])  # fmt: skip
def test_what_cannot_be_asked_stops_in_one_line(files: Path, more: dict[str, Any], words: str) -> None:
    with pytest.raises(SurveytoolError) as refused:
        adjusted(files, **more)
    assert words in str(refused.value) and "\n" not in str(refused.value)


def test_a_group_that_never_took_part_stops(files: Path, tmp_path: Path) -> None:
    text = (files / "survey.csv").read_text("utf-8").replace("\nold,f", "\nvery old,f", 9)
    (tmp_path / "survey.csv").write_text(text, "utf-8")
    with pytest.raises(UsageError, match="1 groups of age are in the reference only: nobody of the sample is very old"):
        st.adjust(files / "online.csv", tmp_path / "survey.csv", reference_weights="w", by="age", outcome="works")


def test_missing_answers_are_left_out_and_told(files: Path, tmp_path: Path) -> None:
    lines = (files / "online.csv").read_text("utf-8").splitlines()
    lines[3] = ",".join([*lines[3].split(",")[:2], "", "5"])
    (tmp_path / "online.csv").write_text("\n".join(lines) + "\n", "utf-8")
    made = st.adjust(tmp_path / "online.csv", files / "survey.csv", reference_weights="w", by="age", outcome="works")
    assert made.rows[0].n == 399 and any(note.code == "adjust_missing" for note in made.notes)
    gone = "\n".join(["age,sex,works,income", ",f,yes,3", *lines[5:]])
    (tmp_path / "online.csv").write_text(gone + "\n", "utf-8")
    with pytest.raises(UsageError, match="1 rows of the sample and 0 of the reference have no age"):
        st.adjust(tmp_path / "online.csv", files / "survey.csv", reference_weights="w", by="age", outcome="income")


def test_the_command_prints_rows_for_programs_and_tables_for_readers(files: Path, run: Callable[..., Any]) -> None:
    asked = ["adjust", str(files / "online.csv"), "--reference", str(files / "survey.csv"), "--reference-weights", "w",
             "--by", "age", "--by", "sex", "--outcome", "works"]  # fmt: skip
    told = run(*asked, "--method", "ipw", "--format", "json").json
    keys = {
        "method",
        "estimate",
        "se",
        "se_reference",
        "se_sample",
        "level",
        "by",
        "ci_low",
        "ci_high",
        "n",
        "unadjusted",
    }
    assert keys <= set(told["rows"][0]) and {row["method"] for row in told["rows"]} == {"ipw"}
    direct = adjusted(files, method="ipw").rows[0]
    assert told["rows"][0]["estimate"] == pytest.approx(direct.estimate, rel=1e-12)
    assert told["overlap"]["n"] == 400 and told["notes"]
    for language, word in (("en", "doubly robust"), ("es", "doblemente robusto"), ("fr", "doublement robuste")):
        page = run(*asked, "--lang", language)
        assert page.status == 0 and word in page.out and "{" not in page.out
    for name in ("rows.csv", "page.html", "page.docx", "page.xlsx"):
        assert run(*asked, "-o", str(files / name)).status == 0 and (files / name).stat().st_size > 200
    assert run(*asked, "--method", "all").status == 2


def test_a_study_holds_the_settings(files: Path, run: Callable[..., Any]) -> None:
    study = files / "study.toml"
    study.write_text(
        '[data]\npath = "online.csv"\n[design]\nsample = "convenience"\n[adjust]\nreference = "survey.csv"\n'
        'reference_weights = "w"\nby = ["age", "sex"]\noutcome = ["works"]\nmethod = "dr"\n', "utf-8"
    )  # fmt: skip
    told = run("adjust", str(study), "--format", "json").json
    assert told["rows"][0]["estimate"] == pytest.approx(adjusted(files, method="dr").rows[0].estimate)
    assert {row["method"] for row in run("adjust", str(study), "--method", "ipw", "--format", "json").json["rows"]} == {
        "ipw"
    }
    protected = study.read_text("utf-8") + "[protect]\nactive = true\ncell = 300\nbase = 300\n"
    study.write_text(protected, "utf-8")
    hidden = json.loads(st.adjust(study).render("json"))
    assert all(row["estimate"] is None and row["flag"] == "suppressed" for row in hidden["rows"])


def test_a_study_is_a_reference_with_its_design(files: Path) -> None:
    (files / "reference.toml").write_text(
        '[data]\npath = "survey.csv"\n[design]\nweights = "w"\npsu = ["psu"]\n', "utf-8"
    )
    asked = {"by": ["age", "sex"], "outcome": "works", "method": "impute"}
    whole = st.adjust(files / "online.csv", files / "reference.toml", **asked).rows[0]
    named = st.adjust(
        files / "online.csv", files / "survey.csv", reference_weights="w", reference_psu="psu", **asked
    ).rows[0]
    assert (whole.estimate, whole.se) == pytest.approx((named.estimate, named.se))

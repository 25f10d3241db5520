"""Where survey tools print wrong numbers, and what ours does. The numbers of the traps are R's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from golden import parity

import surveytool as st
from surveytool.checks.raw_survey import RawSurvey
from surveytool.recoding import recode
from surveytool.recoding.recode_types import Multiple
from surveytool.study_draft.drafted_recodes import families

Run = Callable[..., Any]


def api(name: str, **design: Any) -> st.Survey:
    return st.read(parity.folder() / f"{name}.csv", design=st.Design(weights="pw", **design))


def codes(summary: st.Summary) -> set[str]:
    """The notes of a result by their codes."""
    return {each.code for table in summary.estimates for each in table.notes} | {n.code for n in summary.results.notes}


def table(**columns: list[Any]) -> pa.Table:
    return pa.table(columns)


def test_1_degrees_of_freedom_are_the_domains() -> None:
    clus1 = api("apiclus1", psu=("dnum",))
    whole, high = (st.summarize(clus1, "api00", where=where).rows[0].df for where in (None, "stype == 'H'"))
    assert (whole, high) == (14, 7)


def test_2_replicate_degrees_of_freedom_are_the_rank_minus_one_unless_given(shared: Path) -> None:
    replicates = st.Replicates(columns=("rw*",), method="jk1")
    path = shared / "golden_api" / "api_rep_JK1.csv"
    found = st.summarize(path, "api00", design=st.Design(weights="pw", replicates=replicates))
    assert found.rows[0].df == 14
    given = st.Replicates(columns=("rw*",), method="jk1", df=9)
    assert st.summarize(path, "api00", design=st.Design(weights="pw", replicates=given)).rows[0].df == 9


def test_3_a_lonely_psu_is_an_error_with_every_policy_named(run: Run) -> None:
    ran = run("summarize", parity.folder() / "apistrat_lonely.csv", "api00", "-w", "pw", "--strata", "stype")
    assert ran.status == 4
    for word in ("H", "remove", "certainty", "adjust", "average", "centered", "scaled"):
        assert word in ran.err
    survey = api("apistrat_lonely", strata="stype", lonely_psu="certainty")
    assert st.summarize(survey, "api00").rows[0].df == 148  # 150 + 1 schools minus 3 strata; not moved by the policy


def test_4_lonely_in_a_domain_counts_zeros_and_says_so() -> None:
    data = table(
        y=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0],
        h=["a"] * 4 + ["b"] * 4,
        p=[1, 1, 2, 2, 3, 3, 4, 4],
        d=["in", "in", "out", "out", "in", "in", "in", "in"],
    )
    design = st.Design(strata="h", psu=("p",))
    found = st.summarize(data, "y", where="d == 'in'", design=design)
    assert "lonely_in_domain" in codes(found)
    assert found.rows[0].se is not None and found.rows[0].se > 0
    assert "lonely_in_domain" not in codes(st.summarize(data, "y", design=design))


def test_5_zero_and_all_have_an_interval() -> None:
    data = table(y=["yes"] * 40, w=[1.0, 2.0] * 20, g=["a", "b"] * 20)
    book = st.read(data, design=st.Design(weights="w")).codebook
    assert book["y"].kind == "single"
    found = st.summarize(data, "y", by=["g"], design=st.Design(weights="w"))
    for row in found.rows:
        assert row.estimate == 1.0 and row.se == 0.0
        assert row.ci_high == 1.0 and 0.5 < (row.ci_low or 0) < 1
    assert "ci_at_bounds" in codes(found)


def test_6_beta_is_korn_graubard_as_r_has_it() -> None:
    rows = [theirs for case, method, theirs, _ in parity.intervals() if method == "beta" and case.startswith("clus1_")]
    assert rows, "the reference has beta intervals; test_golden compares them"


def test_9_the_base_is_named_and_the_missing_are_told_apart(run: Run, example: Path) -> None:
    file = example / "transit.sav"
    answered = run("summarize", file, "smuggler_used", "-w", "weight")
    assert "Base: respondents with an answer" in answered.out
    assert "Don't know" in answered.out and "Refused" in answered.out
    rows = {base: run("summarize", file, "smuggler_used", "--base", base, "--format", "json").json["rows"]
            for base in ("answered", "asked", "all")}  # fmt: skip
    assert [row["level"] for row in rows["answered"]] == ["Yes", "No"]
    assert [row["level"] for row in rows["asked"]] == ["Yes", "No", "Don't know", "Refused"]
    assert rows["asked"][0]["n"] == 531 > rows["answered"][0]["n"]
    contact = {base: run("summarize", file, "smuggler_contact", "--base", base, "--format", "json").json["rows"][0]["n"]
               for base in ("answered", "asked", "all")}  # fmt: skip
    assert contact["answered"] < contact["asked"] < contact["all"] == 531


def test_10_a_domain_keeps_the_design() -> None:
    """R 4.1.1: svytotal(~enroll, subset(des, stype == "H")) against the same on a filtered file."""
    clus1 = api("apiclus1", psu=("dnum",))
    right = st.summarize(clus1, "enroll", stat="total", where="stype == 'H'").rows[0]
    assert right.se == pytest.approx(228_996.7385, abs=1e-3)
    high = [text == "H" for text in clus1.frame["stype"].to_pylist()]
    filtered = st.summarize(clus1.frame.filter(pa.array(high)), "enroll", stat="total", design=clus1.design).rows[0]
    assert filtered.estimate == pytest.approx(right.estimate)
    assert filtered.se == pytest.approx(191_863, abs=1)


def test_14_deff_is_against_sampling_with_replacement(shared: Path) -> None:
    design = st.Design(weights="weight", strata="stratum", psu=("psu",))
    rows = st.summarize(shared / "data/yrbs2015_bikehelmet/yrbs.csv", "qn8", design=design).rows
    assert all(1 < (row.deff or 0) < 60 for row in rows)
    srs = st.summarize(parity.folder() / "apistrat.csv", "awards").rows
    assert all(row.deff == pytest.approx(1.0, rel=1e-9) for row in srs)


def test_15_reused_psu_codes_are_nested_with_a_note(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "reused.csv"
    path.write_text("y,h,p\n" + "".join(f"{'ab'[i % 3 == 0]},{'ST'[i % 2]},{i // 2 % 3}\n" for i in range(60)))
    nested = run("summarize", path, "y", "--strata", "h", "--psu", "p", "--format", "json")
    assert any("3 PSU codes" in note for note in nested.json["tables"][0]["notes"])
    assert nested.json["rows"][0]["df"] == 4
    refused = run("summarize", path, "y", "--strata", "h", "--psu", "p", "--no-nest")
    assert refused.status == 4 and "3 PSU codes" in refused.err


def test_16_few_whole_numbers_are_a_category_and_it_is_said(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "coded.csv"
    path.write_text("q,age\n" + "".join(f"{1 + i % 2},{18 + i % 40}\n" for i in range(100)))
    ran = run("summarize", path, "q", "age", "--format", "json")
    assert [(row["variable"], row["level"]) for row in ran.json["rows"]] == [("q", "1"), ("q", "2"), ("age", None)]
    assert any("q" in note and "categor" in note for note in ran.json["tables"][0]["notes"])
    forced = run("summarize", path, "q", "--kind", "q=number", "--format", "json")
    assert forced.json["rows"][0]["estimate"] == 1.5


def test_17_zero_weights_are_said_and_count_nowhere() -> None:
    data = table(y=["a", "b", "a", "b"] * 5, w=[1.0, 1.0, 0.0, 1.0] * 5)
    found = st.summarize(data, "y", design=st.Design(weights="w"))
    assert "zero_weights" in codes(found)
    assert [row.n for row in found.rows] == [15, 15]
    assert found.rows[0].estimate == pytest.approx(1 / 3)


def test_18_weights_that_sum_to_n_are_said_on_totals() -> None:
    data = table(y=["a", "b"] * 10, w=[0.5, 1.5] * 10)
    assert "weights_sum_to_n" in codes(st.summarize(data, "y", stat="total", design=st.Design(weights="w")))
    assert "weights_sum_to_n" not in codes(st.summarize(data, "y", design=st.Design(weights="w")))


def test_19_the_base_of_dummies_comes_from_the_parent(tmp_path: Path) -> None:
    path = tmp_path / "ona.csv"
    rows = ["wa fb,1,1"] * 3 + ["fb,0,1"] * 2 + [",0,0"] * 5
    path.write_text("apps,apps/wa,apps/fb\n" + "\n".join(rows) + "\n")
    found = {row.level: (row.estimate, row.n) for row in st.summarize(path, "apps").rows}
    assert found == {"wa": (0.6, 5), "fb": (1.0, 5)}


def test_20_floating_noise_does_not_decide_about_all() -> None:
    weights = [0.1, 0.2, 0.3, 0.7, 1.1, 1e-3, 3.3] * 30
    data = table(y=["yes"] * len(weights), w=weights, z=["no"] * len(weights))
    for name in ("y", "z"):
        row = st.summarize(data, name, design=st.Design(weights="w")).rows[0]
        assert (row.estimate, row.se, row.ci_high) == (1.0, 0.0, 1.0)


def test_21_extra_header_rows_are_no_respondents(shared: Path) -> None:
    folder = shared / "data" / "formats_platform_exports"
    for name, kind in (("qualtrics_sample.csv", "Qualtrics"), ("hxl_input-valid.csv", "HXL")):
        survey = st.read(folder / name)
        said = [dict(each.values)["kind"] for each in survey.notes if each.code == "header_rows"]
        assert said == [kind]
        assert not any(
            "ImportId" in str(v) or str(v).startswith("#") for c in survey.frame.columns for v in c.to_pylist()
        )


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_21_surveymonkey_writes_options_under_their_question(tmp_path: Path, suffix: str) -> None:
    """The second row is no respondent, and a blank head belongs to the question before it."""
    rows = [
        ["Respondent ID", "Collector ID", "Which did you use?", "", "", "", "How old are you?", "Sex", ""],
        ["", "", "Radio", "TV", "Web", "Other (please specify)", "Open-Ended Response", "Response", "Other"],
        *[["1", "9", "Radio", "", "Web", "", "34", "Male", ""], ["2", "9", "", "TV", "", "", "22", "Female", ""],
          ["3", "9", "", "", "", "a friend", "41", "", "none"], ["4", "9", "", "", "", "", "", "", ""]] * 8,
    ]  # fmt: skip
    path = tmp_path / f"export.{suffix}"
    frame = pd.DataFrame(rows)
    write = frame.to_csv if suffix == "csv" else frame.to_excel
    write(path, index=False, header=False)
    survey = st.read(path)
    assert survey.provenance.rows == 32 and {each.code for each in survey.notes} >= {"header_rows"}
    book = survey.codebook
    stem = "Which did you use?"
    options = ("Radio", "TV", "Web", "Other (please specify)")
    assert list(book)[2:] == [*(f"{stem}/{each}" for each in options), "How old are you?", "Sex", "Sex/Other"]
    assert [book[f"{stem}/{each}"].label for each in options] == list(options)
    assert [book[f"{stem}/{each}"].n for each in options] == [8, 8, 8, 8]
    (family,) = families(RawSurvey(survey))
    assert (family.stem, family.setting, family.value, family.certain) == (stem, "not_chosen", "", True)
    wanted = Multiple(name=stem, type="multiple", columns=family.columns, not_chosen="")
    made = recode(survey, [wanted]).codebook[stem]
    assert made.n == 24 and [(each.label, each.count) for each in made.levels] == [(each, 8) for each in options]


def test_22_a_longer_name_with_the_same_beginning_is_another_question(tmp_path: Path) -> None:
    path = tmp_path / "kobo.csv"
    head = "q14_motivos,q14_motivos/a,q14_motivos/b,q14_motivos_otros_detalle\n"
    path.write_text(head + "a,1,0,texto\na b,1,1,\nb,0,1,otro\n")
    book = st.read(path).codebook
    assert book["q14_motivos"].columns == ("q14_motivos/a", "q14_motivos/b")
    assert book["q14_motivos_otros_detalle"].kind != "multiple"


def test_23_missing_kinds_are_kept_apart(shared: Path, tmp_path: Path) -> None:
    stata = st.read(shared / "data/formats_spss_stata_sas/haven/tagged-na-double.dta").codebook["x"]
    assert [(level.code, level.label, level.count) for level in stata.levels if level.missing] == [
        (".a", "apple", 1), (".h", ".h", 1), (".z", ".zebra", 1)]  # fmt: skip
    spss = st.read(shared / "data/formats_spss_stata_sas/pyreadstat/simple_alltypes.sav").codebook["z"]
    assert {level.code for level in spss.levels if level.missing and level.count} == {999.0, -9.0}
    path = tmp_path / "na.csv"
    path.write_text("country,income,code\nNA,NA,007\nMX,,012\nUS,250,100\n")
    survey = st.read(path)
    assert survey.codebook["code"].levels[0].code == "007"
    assert {level.code for level in survey.codebook["country"].levels} == {"NA", "MX", "US"}
    income = survey.codebook["income"]
    assert (income.kind, income.n, income.n_missing) == ("number", 1, 2)
    assert [(level.code, level.count) for level in income.levels] == [("NA", 1)]


def test_24_a_group_called_total_is_not_the_total() -> None:
    data = table(y=["a", "b", "a", "a"] * 5, g=["Total", "Total", "Overall", "x"] * 5)
    rows = st.summarize(data, "y", by=["g"]).rows
    a = [(dict(row.by), row.n) for row in rows if row.level == "a"]
    assert a == [({}, 20), ({"g": "Overall"}, 5), ({"g": "Total"}, 10), ({"g": "x"}, 5)]


def test_25_an_empty_group_and_a_level_never_chosen_stay() -> None:
    import pandas as pd

    frame = pd.DataFrame({
        "y": pd.Categorical(["a", "b"] * 10, categories=["a", "b", "never"]),
        "g": pd.Categorical(["x", "y"] * 10, categories=["x", "y", "nobody"]),
    })  # fmt: skip
    found = st.summarize(frame, "y", by=["g"])
    never = [row for row in found.rows if row.level == "never"]
    assert [(row.estimate, row.count) for row in never] == [(0.0, 0), (0.0, 0), (0.0, 0), (None, 0)]
    nobody = [row for row in found.rows if row.by == {"g": "nobody"}]
    assert all(row.n == 0 and row.estimate is None and row.flag == "no_respondents" for row in nobody)
    assert {"empty_group", "empty_level"} <= codes(found)


def test_26_yes_and_no_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "yes.csv"
    path.write_text("a,b,c\nYes,TRUE,true\nNo,FALSE,false\nYes,TRUE,true\n")
    book = st.read(path).codebook
    assert [[level.code for level in book[name].levels] for name in "abc"] == [
        ["Yes", "No"], ["TRUE", "FALSE"], ["true", "false"]]  # fmt: skip


def test_28_a_sample_of_convenience_changes_the_words(run: Run, example: Path) -> None:
    asked = ("summarize", example / "transit.sav", "sex", "-w", "weight")
    assert "indicative" in run(*asked, "--sample", "convenience").out
    assert "indicative" not in run(*asked).out

"""Row and table percentages, counts, orders and several statistics: by definition, in every door, past the gate."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import surveytool as st

Run = Callable[..., Any]


def survey(example: Path, **design: Any) -> st.Survey:
    return st.read(example / "transit.sav", design=st.Design(weights="weight", **design))


def test_row_percentages_are_the_groups_shares_among_those_who_gave_an_answer(example: Path) -> None:
    data = survey(example, psu="site", strata="country_interview")
    rows = st.summarize(data, "education", by=["sex", "phone_type"], percent="row").rows
    for name in ("sex", "phone_type"):
        other = {
            (row.level, row.by["education"]): row
            for row in st.summarize(data, name, by="education", where="not (education is missing)").rows if row.by
        }  # fmt: skip
        mine = [row for row in rows if tuple(row.by) == (name,)]
        assert len(mine) == len(other)
        for row in mine:
            same = other[row.by[name], row.level or ""]
            assert (row.estimate, row.se, row.ci_low, row.n, row.count, row.df) == (
                same.estimate, same.se, same.ci_low, same.n, same.count, same.df
            )  # fmt: skip
        for level in {row.level for row in mine}:
            assert sum(row.estimate or 0 for row in mine if row.level == level) == pytest.approx(1)


def test_table_percentages_are_shares_of_all_and_add_up(example: Path) -> None:
    data = survey(example)
    rows = st.summarize(data, "education", by="sex", percent="table").rows
    cells = [row for row in rows if row.by]
    assert sum(row.estimate or 0 for row in cells) == pytest.approx(1)
    total = {row.level: row for row in rows if not row.by}
    plain = {row.level: row for row in st.summarize(data, "education").rows}
    for level, row in total.items():
        assert row.estimate == pytest.approx(sum(cell.estimate or 0 for cell in cells if cell.level == level))
        assert (row.estimate, row.se) == (plain[level].estimate, plain[level].se)
    assert {cell.n for cell in cells} == {523}
    weighted = {row.level: row for row in st.summarize(data, "education", by="sex", stat="total").rows if row.by}
    assert set(weighted) == set(total)


def test_crossed_breakdowns_have_row_percentages_too(example: Path) -> None:
    rows = st.summarize(survey(example), "smartphone_internet", by="sex:travel_company", percent="row").rows
    yes = [row for row in rows if row.by and row.level == "Yes"]
    assert len(yes) == 8 and sum(row.estimate or 0 for row in yes) == pytest.approx(1)
    assert {row.n for row in yes} == {340}


def test_a_large_file_gives_the_same_percentages() -> None:
    import numpy as np

    rng = np.random.default_rng(4)
    rows = 60_000
    data = pa.table(
        {"a": rng.choice(["x", "y", "z"], rows), "g": rng.choice(["m", "f"], rows), "w": 1 + rng.random(rows)}
    )
    from surveytool.aggregate import collect

    large = st.read(data, design=st.Design(weights="w"))
    for percent in ("row", "table"):
        streamed = [row.estimate for row in st.summarize(large, "a", by="g", percent=percent).rows]
        before, collect.LARGE = collect.LARGE, 10**9
        try:
            assert streamed == pytest.approx(
                [row.estimate for row in st.summarize(large, "a", by="g", percent=percent).rows]
            )
        finally:
            collect.LARGE = before


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["--percent", "row"], "row percentages need a breakdown"),
        (["--percent", "rows", "--by", "sex"], "'rows' is not known. Did you mean 'row'?"),
        (["--percent", "row", "--by", "sex", "--base", "asked"], "are of those who answered"),
        (["--sort", "size"], "--sort: 'size' is not known"),
        (["--layout", "banners"], "no layout is called 'banners'. Did you mean 'banner'?"),
        (["--stat", "mean,sdd"], "no statistic is called 'sdd'"),
    ],
)
def test_what_cannot_be_is_told(run: Run, example: Path, typed: list[str], told: str) -> None:
    done = run("summarize", example / "transit.sav", "education" if "--stat" not in typed else "age", *typed)
    assert done.status == 2 and told in done.err


def test_a_table_of_all_of_several_answers_is_refused(run: Run, example: Path) -> None:
    done = run("summarize", example / "transit.sav", "platforms", "--by", "sex", "--percent", "table")
    assert done.status == 2 and "several answers" in done.err


def test_answers_and_groups_are_ordered_as_asked(example: Path) -> None:
    data = survey(example)

    def order(**asked: Any) -> tuple[list[str | None], list[str]]:
        rows = st.summarize(data, "travel_company", by="education", **asked).rows
        return [row.level for row in rows if not row.by], list(
            dict.fromkeys(row.by["education"] for row in rows if row.by)
        )

    answers, groups = order()
    assert order(sort="file", sort_by="file") == (answers, groups)
    share = {row.level: row.estimate for row in st.summarize(data, "travel_company").rows}
    assert order(sort="-value")[0] == sorted(answers, key=lambda level: -(share[level] or 0))
    assert order(sort="value")[0] == sorted(answers, key=lambda level: share[level] or 0)
    assert order(sort="label", sort_by="label") == (sorted(answers, key=str), sorted(groups))
    rows = st.summarize(data, "age", by="education", sort_by="-value").rows
    means = [row.estimate or 0 for row in rows if row.by]
    assert means == sorted(means, reverse=True)


def test_crossed_groups_are_ordered_inside_of_the_outer_ones(example: Path) -> None:
    rows = [row for row in st.summarize(survey(example), "age", by="sex:education", sort_by="-value").rows if row.by]
    assert [row.by["sex"] for row in rows] == ["Male"] * 5 + ["Female"] * 5
    for sex in ("Male", "Female"):
        means = [row.estimate or 0 for row in rows if row.by["sex"] == sex]
        assert means == sorted(means, reverse=True)


def test_an_order_tells_nothing_of_what_is_withheld(example: Path) -> None:
    """What is not printed stands last, in the file's order."""
    from dataclasses import replace

    from surveytool.crosstabs import ordered
    from surveytool.disclosure_control.withheld_rows import blank

    results = st.summarize(survey(example), "education", sort="file").results
    (plain,) = results.estimates
    hidden = {"Secondary", "None"}
    rows = tuple(blank(row) if row.level in hidden else row for row in plain.rows)
    asked = replace(plain, rows=rows, request=replace(plain.request, sort="-value"))
    (made,) = ordered(replace(results, estimates=(asked,))).estimates
    assert [row.level for row in made.rows][-2:] == ["None", "Secondary"]
    assert made.levels == tuple(row.level for row in made.rows)


def test_several_statistics_are_one_table_everywhere(run: Run, example: Path) -> None:
    typed = (
        "summarize",
        example / "transit.sav",
        "age",
        "--stat",
        "mean",
        "--stat",
        "sd,median",
        "--by",
        "sex",
        "-w",
        "weight",
    )
    made = run(*typed, "--format", "json").json
    (table,) = made["tables"]
    assert table["id"] == "age" and table["statistics"] == ["mean", "sd", "median"]
    assert {row["table"] for row in made["rows"]} == {"age"}
    assert [row["statistic"] for row in made["rows"]] == ["mean"] * 3 + ["sd"] * 3 + ["median"] * 3
    for stat in ("mean", "sd", "median"):
        alone = run(*typed[:3], "--stat", stat, "--by", "sex", "-w", "weight", "--format", "json").json["rows"]
        assert [row for row in made["rows"] if row["statistic"] == stat] == alone
    rows = list(csv.DictReader(io.StringIO(run(*typed, "--format", "csv").out)))
    assert [row["statistic"] for row in rows] == [row["statistic"] for row in made["rows"]]
    text = run(*typed).out
    assert all(head in text for head in ("Mean", "SD", "Median")) and text.count("Age in years") == 1


def test_statistics_of_answers_and_numbers_go_to_their_questions(run: Run, example: Path) -> None:
    made = run(
        "summarize", example / "transit.sav", "age", "sex", "--stat", "mean,sd,count,proportion", "--format", "json"
    ).json
    found = {(row["table"], row["statistic"]) for row in made["rows"]}
    assert found == {("age", "mean"), ("age", "sd"), ("age", "count"), ("sex", "count"), ("sex", "proportion")}


def test_counts_are_unweighted(example: Path) -> None:
    counts = st.summarize(survey(example), "sex", stat="count").rows
    assert [(row.level, row.estimate, row.se) for row in counts] == [("Male", 324, None), ("Female", 207, None)]


def test_a_study_has_them_as_settings(run: Run, tmp_path: Path, example: Path) -> None:
    study = tmp_path / "s.toml"
    study.write_text(
        f'[data]\npath = "{example / "transit.sav"}"\n[design]\nweights = "weight"\n'
        '[[tables]]\nvariable = "age"\nstatistic = ["mean", "sd"]\nby = ["sex"]\n'
        '[[tables]]\nvariable = "education"\nby = ["sex"]\npercent = "row"\nsort = "-value"\n'
        '[[tables]]\nvariable = ["age", "weeks_travel"]\nstatistic = "median"\nsort_by = "label"\nby = ["sex"]\n',
        encoding="utf-8",
    )
    made = run("summarize", study, "--format", "json").json
    assert [(table["id"], table["statistic"]) for table in made["tables"]] == [
        ("age", "mean"), ("education", "proportion"), ("age_2", "median"), ("weeks_travel", "median"),
    ]  # fmt: skip
    assert made["tables"][0]["statistics"] == ["mean", "sd"] and made["tables"][1]["percent"] == "row"
    assert [row["by"]["sex"] for row in made["rows"] if row["table"] == "weeks_travel" and row["by"]] == [
        "Female",
        "Male",
    ]
    assert run("summarize", study, "--stat", "count", "--format", "json").json["rows"][0]["estimate"] == 531
    assert run("check", study).status == 0


def test_an_order_of_text_answers_is_the_study_s(run: Run, tmp_path: Path) -> None:
    data, study = tmp_path / "d.csv", tmp_path / "s.toml"
    data.write_text("q\n" + "low\nhigh\nmiddle\nlow\n" * 3, encoding="utf-8")
    study.write_text('[data]\npath = "d.csv"\n[variables.q]\norder = ["low", "middle", "high"]\n', encoding="utf-8")
    rows = run("summarize", study, "q", "--format", "json").json["rows"]
    assert [row["level"] for row in rows] == ["low", "middle", "high"]


@pytest.mark.parametrize("percent", ["row", "table"])
def test_percentages_of_a_protected_run_pass_the_gate(example: Path, percent: Any) -> None:
    guarded = st.guard(survey(example), st.Protection(active=True))
    summary = st.summarize(guarded, "nationality", by="education", percent=percent)
    plain = st.summarize(survey(example), "nationality", by="education", percent=percent)
    for row, whole in zip(summary.rows, plain.rows, strict=True):
        assert (row.level, dict(row.by)) == (whole.level, dict(whole.by))
        if row.by and whole.count is not None and 0 < whole.count < 5:
            assert row.flag == "suppressed" and row.estimate is None and row.count is None
    assert any(row.flag == "suppressed" for row in summary.rows)
    assert all(row.se is None for row in summary.rows)


def test_table_percentages_are_not_kept_in_a_ledger(example: Path, tmp_path: Path) -> None:
    rules = st.Protection(active=True, ledger=str(tmp_path / "ledger.json"))
    with pytest.raises(st.SurveytoolError, match="not kept in a ledger"):
        st.summarize(st.guard(survey(example), rules), "education", by="sex", percent="table")

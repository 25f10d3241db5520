"""Lists of analysis: every line a table or a reason, results as IMPACT's programs keep them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

import surveytool as st
from surveytool.analysis_list import read_list
from surveytool.cli.app import main
from surveytool.render.analysis_results import _wide

SHARED = Path(__file__).parents[3] / "shared" / "data"
TOOLS, SHOWN = SHARED / "impact_analysistools", SHARED / "impact_presentresults"
DATA = """id,sex,water,apps,apps/sms,apps/web,apps/dk,girls,enrolled,w
1,f,well,sms web,1,1,0,2,1,1
2,m,tap,web,0,1,0,2,,2
3,f,dk,dk,0,0,1,0,,1
4,m,tap,sms,1,0,0,4,4,1
5,f,well,,,,,1,,2
6,m,tap,sms web,1,1,0,1,1,1
"""


def book(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    made = xlsxwriter.Workbook(path)
    for title, rows in sheets.items():
        page = made.add_worksheet(title)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    made.close()
    return path


def study(folder: Path, loa: str | dict[str, list[list[object]]], more: str = "") -> Path:
    (folder / "d.csv").write_text(DATA)
    name = "loa.csv"
    if isinstance(loa, str):
        (folder / name).write_text(loa)
    else:
        name = book(folder / "loa.xlsx", loa).name
    (folder / "s.toml").write_text(f'[data]\npath = "d.csv"\n{more}\n[[tables]]\nloa = "{name}"\n')
    return folder / "s.toml"


def impact(path: Path, capture: Any, *more: str) -> dict[str, dict[str, str]]:
    assert main(["summarize", str(path), "--layout", "impact", *more]) == 0
    rows = csv.DictReader(io.StringIO(capture.readouterr().out.decode()))
    return {row["analysis_key"]: row for row in rows}


IMPACT = """analysis_type,analysis_var,group_var,level,analysis_var_numerator,analysis_var_denominator
prop_select_one,water,,0.95,,
prop_select_multiple,apps,sex,0.95,,
ratio,,,0.95,enrolled,girls
prop_select_one,water,"sex, water",90,,
mean,girls,,,,
mean,nothing,,,,
prop_select_multiple,water,,,,
"""


def test_lines_of_impact_are_tables_or_reasons(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    rows = impact(study(tmp_path, IMPACT), capfdbinary)
    assert float(rows["prop_select_one @/@ water %/% tap @/@ NA %/% NA"]["stat"]) == 0.5
    assert rows["prop_select_multiple @/@ apps %/% web @/@ sex %/% m"]["n"] == "2"
    assert float(rows["mean @/@ girls %/% NA @/@ NA %/% NA"]["stat"]) == pytest.approx(10 / 6)
    # blank above is 0, the one with 0 below is left out: (1 + 0 + 4 + 0 + 1) / (2 + 2 + 4 + 1 + 1)
    ratio = rows["ratio @/@ enrolled %/% NA -/- girls %/% NA @/@ NA %/% NA"]
    assert (float(ratio["stat"]), ratio["n_total"], ratio["analysis_var"]) == (0.6, "5", "enrolled %/% girls")
    crossed = "prop_select_one @/@ water %/% tap @/@ sex %/% m -/- water %/% tap"
    assert rows[crossed]["group_var"] == "sex %/% water"
    survey = st.open_study(st.load_study(tmp_path / "s.toml"))
    told = {note.code: dict(note.values) for note in survey.notes}
    assert (told["loa_made"]["made"], told["loa_made"]["n"]) == (5, 7)
    assert told["loa_refused"]["lines"] == (
        "loa 7 (no variable nothing)", "loa 8 (water is no question with several answers)",
    )  # fmt: skip


def test_a_ratio_without_its_rules_keeps_blanks_out(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    loa = "analysis_type,analysis_var,analysis_var_numerator,analysis_var_denominator,numerator_NA_to_0\n"
    rows = impact(study(tmp_path, f"{loa}ratio,,enrolled,girls,FALSE\n"), capfdbinary)
    assert [(float(row["stat"]), row["n_total"]) for row in rows.values()] == [(pytest.approx(6 / 7), "3")]


def test_humind_writes_its_ratios_and_datasets_in_other_columns(tmp_path: Path) -> None:
    loa = 'var,analysis,indicator,dataset,weighted\n"enrolled,girls",ratio,Girls at school,main,yes\n'
    loa += "water,select_one,W,main,no\n"
    (tmp_path / "l.csv").write_text(loa + "x,select_one,X,loop,yes\n")
    lines = read_list(tmp_path / "l.csv").lines
    assert [(line.kind, line.variable, line.denominator, line.title) for line in lines] == [
        ("ratio", "enrolled", "girls", "Girls at school"), ("select_one", "water", None, "W"),
        ("select_one", "x", None, "X"),
    ]  # fmt: skip
    assert [line.unweighted for line in lines] == [False, True, False]
    assert lines[2].roster == "loop"


MMC: dict[str, list[list[object]]] = {
    "readme": [["anything"]],
    "analysis": [["analysis_type", "analysis_var", "sector"], ["prop_select_multiple", "apps", "Tech"],
                 ["prop_select_one", "water", "WASH"]],
    "group_analysis": [["raw_data_name", "new_name"], ["sex", "Respondent_Gender"]],
    "exclude_choices": [["choice_label"], ["dk"]],
    "count_selections": [["analysis_var"], ["apps"]],
    "count_combinations": [["analysis_var", "choice_label", "display_name"], ["apps", "sms", "SMS"],
                           ["apps", "web", "Web"]],
    "settings": [["setting", "value"], ["weight_column", "w"], ["engine", "auto"]],
}  # fmt: skip


def test_the_workbook_of_the_mmc(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = study(tmp_path, MMC)
    rows = impact(path, capfdbinary)
    # of 1, 2, 4 and 6, who chose and did not say dk; their weights are 1, 2, 1, 1
    web = rows["prop_select_multiple @/@ apps %/% web @/@ NA %/% NA"]
    assert (float(web["stat"]), web["n_total"]) == (0.8, "4")
    assert not any("%/% dk" in key for key in rows)
    assert float(rows["prop_select_one @/@ apps_combinations %/% SMS + Web @/@ NA %/% NA"]["stat"]) == 0.4
    assert float(rows["prop_select_one @/@ apps_selections %/% Selected exactly 1 choice @/@ NA %/% NA"]["stat"]) == 0.6
    assert "prop_select_one @/@ water %/% tap @/@ sex %/% m" in rows
    survey = st.open_study(st.load_study(path))
    assert survey.design.weights == "w"
    assert survey.codebook["sex"].label == "Respondent_Gender"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"grupos": [["x"]]}, "no sheet is called 'grupos'"),
        (
            {"settings": [["setting", "value"], ["engin", "auto"]]},
            "no setting is called 'engin'",
        ),
        (
            {"analysis": [["analysis_type", "analysis_var"], ["shares", "apps"]]},
            "row 2: no analysis is",
        ),
        ({"exclude_choices": [["choice_label", "include"], ["", "TRUE"]]}, "row 2: choice_label is blank"),
        ({"analysis": [["analysis_type", "variable"], ["mean", "apps"]]}, "has no column analysis_var"),
        ({"group_analysis": [["raw_data_name", "new_name"], ["sex", "Overall"]]}, "Overall is always there"),
    ],
)
def test_what_would_make_a_wrong_table_stops_in_one_line(
    change: dict[str, list[list[object]]], told: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["summarize", str(study(tmp_path, {**MMC, **change}))]) == 2
    error = capfdbinary.readouterr().err.decode()
    assert told in error and error.count("\n") == 1 and "line 5" in error


def test_excluded_answers_leave_the_base(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(DATA)
    summary = st.summarize(tmp_path / "d.csv", ["water", "apps"], exclude="dk")
    shares = {(row.variable, row.level): (row.estimate, row.n) for row in summary.rows}
    assert shares == {
        ("water", "well"): (0.4, 5), ("water", "tap"): (0.6, 5), ("apps", "sms"): (0.75, 4), ("apps", "web"): (0.75, 4),
    }  # fmt: skip
    assert all("excluded_answers" in {note.code for note in each.notes} for each in summary.estimates)
    misspelt = st.summarize(tmp_path / "d.csv", "water", exclude=["dkk"])
    assert "excluded_nothing" in {note.code for note in misspelt.estimates[0].notes}


def test_a_first_study_takes_a_list_and_a_log(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    study(tmp_path, IMPACT)
    (tmp_path / "log.csv").write_text("uuid,question,new_value\n1,sex,m\n")
    line = ["new", str(tmp_path / "d.csv"), "--loa", str(tmp_path / "loa.csv"), "--log", str(tmp_path / "log.csv")]
    assert main([*line, "-o", str(tmp_path / "new.toml")]) == 0
    text = (tmp_path / "new.toml").read_text()
    assert '[[tables]]\nloa = "loa.csv"' in text and 'log = "log.csv"' in text
    capfdbinary.readouterr()
    assert main(["summarize", str(tmp_path / "new.toml"), "--format", "json"]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert len(told["tables"]) == 5


@pytest.mark.skipif(not TOOLS.exists(), reason="the reference data beside the project are not here")
@pytest.mark.parametrize(("loa", "expected"), [("loa_with_ratio.csv", "with_ratio"), ("loa.csv", "no_ratio")])
def test_results_are_those_of_analysistools(
    loa: str, expected: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    text = f'[data]\npath = "{TOOLS / "msna_template_data.csv"}"\n[[tables]]\nloa = "{TOOLS / loa}"\n'
    (tmp_path / "s.toml").write_text(text)
    ours = impact(tmp_path / "s.toml", capfdbinary, "--ci", "wald", "--df", "99")
    with (TOOLS / f"expected_results_{expected}.csv").open(encoding="utf-8") as file:
        theirs = {row["analysis_key"]: row for row in csv.DictReader(file)}
    assert set(ours) == set(theirs)
    assert len(theirs) == (147 if expected == "with_ratio" else len(theirs))
    for key, row in theirs.items():
        for name in ("stat", "n", "n_total", "n_w", "n_w_total", "stat_upp"):
            assert float(ours[key][name]) == pytest.approx(float(row[name]), abs=1e-9), (key, name)
        low = float(row["stat_low"])
        clipped = max(low, 0.0) if row["analysis_type"].startswith("prop") else low
        assert float(ours[key]["stat_low"]) == pytest.approx(clipped, abs=1e-9)


@pytest.mark.skipif(not SHOWN.exists(), reason="the reference data beside the project are not here")
def test_the_wide_layout_is_that_of_presentresults() -> None:
    with (SHOWN / "resultstable.csv").open(encoding="utf-8") as file:
        records: list[dict[str, Any]] = [
            {name: None if value in ("", "NA") else value for name, value in row.items()}
            for row in csv.DictReader(file)
        ]
    page = CalamineWorkbook.from_path(SHOWN / "table_variable_x_group_totals.xlsx")
    head, *theirs = page.get_sheet_by_name("variable_x_group_table").to_python()
    names, rows = _wide(records)
    ours = {tuple(row[:3]): dict(zip(names, row, strict=True)) for row in rows}
    assert len(ours) == len(theirs)
    for row in theirs:
        mine = ours[tuple(row[:3])]
        for name, value in zip(head[3:], row[3:], strict=True):
            if value != "":
                assert float(mine[name]) == pytest.approx(value, abs=1e-12), (row[:3], name)


def test_check_tells_every_line_that_is_not_made(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    loa = "analysis_type,analysis_var\n" + "".join(f"mean,no{line}\n" for line in range(30))
    assert main(["check", str(study(tmp_path, loa)), "--format", "json"]) == 0
    told = [each["what"] for each in json.loads(capfdbinary.readouterr().out)["findings"] if each["kind"] == "loa_line"]
    assert len(told) == 30 and "loa 31 (no variable no29)" in told[-1]

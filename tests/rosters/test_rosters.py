"""Rows below an interview: what comes down, what goes up, and standard errors that are R's."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

import surveytool as st
from surveytool.cli.app import main
from surveytool.errors import SurveytoolError

HOUSES, SITES = 60, 8


def sheets() -> dict[str, list[list[object]]]:
    """An invented survey of 60 households in 8 sites, 0 to 3 children each, some of them ill."""
    random = np.random.default_rng(5)
    main_rows: list[list[object]] = [["site", "w", "sex", "_index", "_uuid"]]
    children: list[list[object]] = [["age", "in_school", "sex", "_index", "_parent_table_name", "_parent_index"]]
    ills: list[list[object]] = [["kind", "days", "_parent_table_name", "_parent_index"]]
    for house in range(1, HOUSES + 1):
        site = house % SITES
        main_rows.append([f"s{site}", round(float(random.uniform(0.5, 2)), 3), "fm"[house % 2], house, f"u{house}"])
        for _ in range(int(random.integers(0, 4))):
            schooled = "yes" if random.random() < 0.3 + 0.08 * site else "no"
            children.append([int(random.integers(3, 17)), schooled, "bg"[int(random.integers(0, 2))], len(children),
                             "main", house])  # fmt: skip
            for _ in range(int(random.integers(0, 2))):
                ills.append(["cough", int(random.integers(1, 9)), "children", len(children) - 1])
    return {"main": main_rows, "children": children, "ills": ills}


def written(folder: Path, tables: dict[str, list[list[object]]]) -> Path:
    book = xlsxwriter.Workbook(folder / "export.xlsx")
    for title, rows in tables.items():
        page = book.add_worksheet(title)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    book.close()
    return folder / "export.xlsx"


STUDY = """[data]
path = "export.xlsx"
[design]
weights = "w"
psu = ["site"]
[[rosters]]
name = "children"
[[rosters]]
name = "ills"
"""


def study(folder: Path, more: str, tables: dict[str, list[list[object]]] | None = None) -> Path:
    written(folder, tables or sheets())
    (folder / "s.toml").write_text(STUDY + more, encoding="utf-8")
    return folder / "s.toml"


def by_group(summary: st.Summary, table: str) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    return {
        ("/".join(row.by.values()), row.level or ""): (row.estimate, row.se)
        for row in summary.rows
        if row.table == table
    }


SCRIPT = """
suppressMessages(library(survey))
m <- read.csv("main.csv"); k <- read.csv("children.csv")
j <- merge(k, m, by.x = "X_parent_index", by.y = "X_index", suffixes = c("", ".house"))
d <- svydesign(ids = ~PSU, weights = ~w, data = j, nest = TRUE)
one <- svymean(~I(in_school == "yes"), d)
cat(sprintf("%.12f %.12f\\n", coef(one)[2], SE(one)[2]))
two <- svyby(~I(in_school == "yes"), ~sex.house, subset(d, age >= 6), svymean)
cat(sprintf("%.12f %.12f\\n", two[, 3], two[, 5]))
three <- svymean(~age, d); cat(sprintf("%.12f %.12f\\n", coef(three), SE(three)))
"""


@pytest.mark.parametrize(("units", "psu"), [("site + X_parent_index", '["site"]'), ("X_parent_index", "[]")])
def test_standard_errors_are_those_of_r_of_the_joined_rows(units: str, psu: str, tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not here")
    tables = '[[tables]]\nid = "a"\nvariable = "children.in_school"\n'
    tables += '[[tables]]\nid = "b"\nroster = "children"\nvariable = "in_school"\nby = ["interview_sex"]\n'
    tables += 'where = "age >= 6"\n[[tables]]\nid = "c"\nvariable = "children.age"\nstat = "mean"\n'
    path = study(tmp_path, tables.replace('"interview_sex"', '"house_sex"'), renamed(sheets()))
    path.write_text(path.read_text().replace('psu = ["site"]', f"psu = {psu}"))
    for name, rows in sheets().items():
        (tmp_path / f"{name}.csv").write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    script = SCRIPT.replace("PSU", units)
    done = subprocess.run(["Rscript", "-e", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    if "survey" in done.stderr and done.returncode:
        pytest.skip("R's survey package is not here")
    theirs = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
    summary = st.summarize(path)
    a, b, c = (by_group(summary, table) for table in "abc")
    ours = [a["", "yes"], b["f", "yes"], b["m", "yes"], c["", ""]]
    assert np.allclose(np.array(ours, dtype=float), np.array(theirs), rtol=1e-8)


def renamed(tables: dict[str, list[list[object]]]) -> dict[str, list[list[object]]]:
    """The household's sex under a name of its own."""
    tables["main"][0] = ["site", "w", "house_sex", "_index", "_uuid"]
    return tables


def test_both_ways_to_ask_are_the_same_and_stand_beside_tables_of_interviews(tmp_path: Path) -> None:
    tables = (
        '[[tables]]\nid = "a"\nvariable = "children.age"\nby = ["children.in_school"]\nwhere = "children.age > 4"\n'
    )
    tables += '[[tables]]\nid = "m"\nvariable = "sex"\n'
    tables += '[[tables]]\nid = "b"\nroster = "children"\nvariable = "age"\nby = ["in_school"]\nwhere = "age > 4"\n'
    summary = st.summarize(study(tmp_path, tables))
    assert [each.id for each in summary.estimates] == ["a", "m", "b"]
    assert by_group(summary, "a") == by_group(summary, "b")
    assert next(row.n for row in summary.rows if row.table == "m") == HOUSES
    told = {note.code for note in summary.estimates[0].notes}
    assert {"roster_rows", "roster_without_rows"} <= told
    assert not {"roster_rows"} & {note.code for note in summary.estimates[1].notes}


def test_the_interview_is_a_sampling_unit_where_none_is_named(tmp_path: Path) -> None:
    survey = st.roster(st.read(written(tmp_path, sheets()), design=st.Design(weights="w")), "children")
    assert survey.design.psu == ("_interview",)
    children = sheets()["children"]
    houses = {row[-1] for row in children[1:]}
    assert st.summarize(survey, "in_school").rows[0].df == len(houses) - 1
    assert survey.frame.num_rows == len(children) - 1


def test_a_roster_in_a_roster_finds_its_interview(tmp_path: Path) -> None:
    tables = sheets()
    survey = st.open_study(st.load_study(study(tmp_path, "")))
    rows = st.roster(survey, "ills")
    owners = {row[3]: row[5] for row in tables["children"][1:]}
    assert rows.frame.column("_interview").to_pylist() == [str(owners[row[3]]) for row in tables["ills"][1:]]


def test_rows_without_their_interview_are_left_out_and_counted(tmp_path: Path) -> None:
    tables = sheets()
    tables["main"] = [row for row in tables["main"] if row[3] != 3]
    lost = sum(row[5] == 3 for row in tables["children"][1:])
    assert lost
    summary = st.summarize(study(tmp_path, '[[tables]]\nvariable = "children.age"\n', tables))
    assert ("roster_orphans", lost) in {(note.code, dict(note.values)["n"]) for note in summary.results.notes
                                        if note.code == "roster_orphans"}  # fmt: skip


SCORES = """[[recodes]]
name = "older"
type = "score"
roster = {from = "children", count = "age >= 6"}
[[recodes]]
name = "share"
type = "score"
roster = {from = "children", share = "in_school == 'yes'"}
[[recodes]]
name = "oldest"
type = "score"
roster = {from = "children", max = "children.age"}
[[recodes]]
name = "years"
type = "score"
roster = {from = "children", sum = "age"}
"""


def test_rows_go_up_to_their_interview(tmp_path: Path) -> None:
    frame = st.open_study(st.load_study(study(tmp_path, SCORES))).frame
    made = {name: frame.column(name).to_pylist() for name in ("older", "share", "oldest", "years")}
    for place in range(HOUSES):
        rows = [row for row in sheets()["children"][1:] if row[5] == place + 1]
        ages = [int(str(row[0])) for row in rows]
        assert made["older"][place] == sum(age >= 6 for age in ages)
        assert made["years"][place] == sum(ages)
        assert made["oldest"][place] == (max(ages) if ages else None)
        assert made["share"][place] == (sum(row[1] == "yes" for row in rows) / len(rows) if rows else None)


def test_the_command_line_counts_rows(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = written(tmp_path, sheets())
    line = [
        "summarize",
        str(path),
        "in_school",
        "--by",
        "interview.sex",
        "--roster",
        "children",
        "-w",
        "w",
        "--psu",
        "site",
    ]
    assert main([*line, "--format", "json"]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert told["source"]["rows"] == len(sheets()["children"]) - 1
    assert told["design"]["psu"] == ["site", "_interview"]
    assert {row["by"].get("interview.sex") for row in told["rows"]} == {None, "f", "m"}


def test_a_roster_read_by_itself_says_so(tmp_path: Path) -> None:
    summary = st.summarize(st.read(written(tmp_path, sheets()), sheet="children"), "in_school")
    assert "roster_sheet" in {note.code for note in summary.results.notes}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[[rosters]]\nname = "pets"\n', "no sheet is called 'pets'"),
        ('[[tables]]\nvariable = "children.agee"\n', "no variable named 'children.agee'"),
        ('[[tables]]\nroster = "kids"\nvariable = "age"\n', "no roster is called 'kids'"),
        ('[[rosters]]\nname = "again"\nsheet = "children"\nparent = "ag"\n', "no variable named 'ag'"),
        (
            '[[recodes]]\nname = "x"\ntype = "score"\nroster = {from = "kids", sum = "age"}\n',
            "no roster is called 'kids'",
        ),
        ('[[recodes]]\nname = "x"\ntype = "score"\nroster = {from = "children"}\n', "roster has no verb"),
        ('[[tables]]\nvariable = "children.age"\nby = ["ills.kind"]\n', "names questions of children and ills"),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    more: str, told: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["summarize", str(study(tmp_path, more)), *(["sex"] if "tables" not in more else [])]) == 2
    assert told in capfdbinary.readouterr().err.decode()


def test_a_key_that_comes_twice_is_refused(tmp_path: Path) -> None:
    tables = sheets()
    tables["main"][1][3] = 2
    with pytest.raises(SurveytoolError, match="has a value twice"):
        st.summarize(study(tmp_path, '[[tables]]\nvariable = "children.age"\n', tables))


def test_a_first_study_proposes_the_rosters(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["new", str(written(tmp_path, sheets()))]) == 0
    told = capfdbinary.readouterr().out.decode()
    assert '[[rosters]]\nname = "children"' in told and 'name = "ills"' in told


def test_the_path_of_the_rosters_own_group_is_left_out(tmp_path: Path) -> None:
    tables = sheets()
    tables["children"][0] = [
        f"children/{name}" if not str(name).startswith("_") else name for name in tables["children"][0]
    ]
    more = '[[tables]]\nvariable = "children.age"\nby = ["children.in_school"]\n' + SCORES
    plain = st.summarize(study(tmp_path, more))
    grouped = st.summarize(study(tmp_path, more, tables))
    assert [(row.estimate, row.se) for row in grouped.rows] == [(row.estimate, row.se) for row in plain.rows]

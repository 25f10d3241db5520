"""What a file leaves open is told, or stops: marks for no answer, blocks, days of no calendar, scales, names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import surveytool as st
from surveytool.cli.app import main
from surveytool.errors import UnreadableData, UnusableDesign
from surveytool.recoding import recode
from surveytool.recoding.recode_types import Collapse, Group


def csv(folder: Path, text: str, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def notes(found: Any) -> dict[str, dict[str, object]]:
    return {each.code: dict(each.values) for each in found}


def shares(survey: st.Survey, name: str, **options: Any) -> dict[str, float]:
    return {
        str(row.level): round(row.estimate, 6) for row in st.summarize(survey, name, stat="proportion", **options).rows
    }


@pytest.mark.parametrize("mark", ["n/a", "N/A", "NULL", "null", "<NA>", "\\N"])
def test_what_is_nobodys_answer_is_missing_in_one_column_too(tmp_path: Path, mark: str) -> None:
    survey = st.read(csv(tmp_path, f"q,w\nYes,1\nNo,1\n{mark},1\nYes,1\n"))
    assert shares(survey, "q") == {"Yes": 0.666667, "No": 0.333333}
    assert notes(survey.notes)["missing_marks"] == {"marks": (mark,)}


def test_it_is_missing_far_down_a_long_file(tmp_path: Path) -> None:
    survey = st.read(csv(tmp_path, "q,w\n" + "Yes,1\nNo,1\n" * 3000 + "NULL,1\n"))
    assert shares(survey, "q") == {"Yes": 0.5, "No": 0.5}


@pytest.mark.parametrize("sign", ["-", ".", "*", "?", "N/D"])
def test_a_sign_is_missing_where_it_also_stands_among_numbers(tmp_path: Path, sign: str) -> None:
    survey = st.read(csv(tmp_path, f"q,income\nYes,100\nNo,{sign}\n{sign},250\nYes,300\n"))
    assert shares(survey, "q") == {"Yes": 0.666667, "No": 0.333333}
    alone = st.read(csv(tmp_path, f"q,w\nYes,1\nNo,1\n{sign},1\nYes,1\n"))
    assert len(shares(alone, "q")) == 3


def test_an_unasked_list_that_says_na_is_blank(tmp_path: Path) -> None:
    rows = ["sms radio,1,1", "sms,1,0", "radio,0,1", "n/a,0,0", "n/a,0,0"] * 3
    survey = st.read(csv(tmp_path, "apps,apps/sms,apps/radio\n" + "\n".join(rows) + "\n"))
    found = {row.level: round(row.estimate, 6) for row in st.summarize(survey, "apps").rows}
    assert found == {"sms": 0.666667, "radio": 0.666667}


def test_answers_in_the_first_row_of_a_block_are_told_also_of_what_is_made_of_them(tmp_path: Path) -> None:
    survey = st.read(csv(tmp_path, "region,q\nNorth,1\n,2\n,1\nSouth,2\n,2\n,1\n"))
    assert notes(survey.notes)["blocks"] == {"variables": ("region",)}
    made = recode(
        survey,
        [
            Collapse(
                name="r",
                type="collapse",
                source="region",
                groups=(Group(label="One", levels=("North",)), Group(label="Rest", rest=True)),
            )
        ],
    )
    assert notes(st.summarize(made, "r").results.notes)["blocks"] == {"variables": ("r",)}
    asked = st.summarize(survey, "q", where="region == 'North'")
    assert notes(asked.results.notes)["blocks"] == {"variables": ("region",)}


def test_a_condition_tells_that_it_counts_non_answers(tmp_path: Path) -> None:
    survey = st.read(csv(tmp_path, "q,water\n1,Well\n2,Piped\n1,Don't know\n2,Piped\n"))

    def told(where: str) -> bool:
        return any("domain_non_answers" in notes(one.notes) for one in st.summarize(survey, "q", where=where).estimates)

    assert told("water != 'Well'") and told("not (water == 'Well')") and told("not (water in ('Well'))")
    assert not told("water == 'Well'") and not told('water != "Don\'t know"') and not told("not (water != 'Well')")


def test_a_group_for_the_rest_tells_that_it_counts_them(tmp_path: Path) -> None:
    survey = st.read(csv(tmp_path, "water\nWell\nPiped\nDon't know\nPiped\n"))
    rest = Group(label="Rest", rest=True)
    made = recode(
        survey,
        [Collapse(name="own", type="collapse", source="water", groups=(Group(label="Well", levels=("Well",)), rest))],
    )
    assert notes(made.notes)["rest_non_answers"]["variables"] == ("own",)
    named = recode(
        survey,
        [
            Collapse(
                name="own",
                type="collapse",
                source="water",
                groups=(Group(label="Well", levels=("Well",)), Group(label="Open", levels=("Don't know",)), rest),
            )
        ],
    )
    assert "rest_non_answers" not in notes(named.notes)


def test_dates_in_no_calendar_are_counted(tmp_path: Path) -> None:
    pandas, pyreadstat = pytest.importorskip("pandas"), pytest.importorskip("pyreadstat")
    frame = pandas.DataFrame({"day": [20000.0, 9e8, -4e8, 1e15, 23000.0]})
    pyreadstat.write_dta(frame, str(tmp_path / "a.dta"), variable_format={"day": "%td"})
    survey = st.read(tmp_path / "a.dta")
    assert survey.codebook["day"].n == 2
    assert notes(survey.notes)["no_days"] == {"n": 3, "variables": ("day",)}


@pytest.mark.parametrize("suffix", [".sav", ".dta", ".csv", ".xlsx", ".parquet"])
def test_the_ends_of_a_scale_keep_their_labels(tmp_path: Path, suffix: str) -> None:
    pandas, pyreadstat = pytest.importorskip("pandas"), pytest.importorskip("pyreadstat")
    frame = pandas.DataFrame({"trust": [1.0, 2, 3, 4, 5, 3, 2, 4]})
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"), variable_value_labels={"trust": {1: "None", 5: "Full"}})
    survey = st.read(tmp_path / "a.sav")
    assert [row.level for row in st.summarize(survey, "trust", stat="proportion").rows] == [
        "None",
        "2",
        "3",
        "4",
        "Full",
    ]
    assert st.summarize(survey, "trust").rows[0].estimate == 3.0
    assert st.summarize(survey, "trust", where="trust == 'Full'").rows[0].n == 1
    assert st.summarize(survey, "trust", where="trust in ('Full', '4')").rows[0].n == 3
    assert main(["convert", str(tmp_path / "a.sav"), str(tmp_path / f"b{suffix}")]) == 0
    again = st.read(tmp_path / f"b{suffix}")
    assert shares(again, "trust") == shares(survey, "trust")


def test_a_weight_that_is_blank_outside_of_the_condition_is_0(tmp_path: Path) -> None:
    path = csv(tmp_path, "q,w,sub\n" + "1,2.5,1\n2,1.5,1\n1,,2\n2,,2\n" * 6)
    survey = st.read(path, design=st.Design(weights="w"))
    found = st.summarize(survey, "q", where="sub == 1")
    assert [round(row.estimate, 4) for row in found.rows] == [0.625, 0.375]
    assert {row.n for row in found.rows} == {12}
    assert notes(found.results.notes)["blank_weights"] == {"column": "w", "n": 12}
    zeros = csv(tmp_path, "q,w,sub\n" + "1,2.5,1\n2,1.5,1\n1,0,2\n2,0,2\n" * 6, "zeros.csv")
    same = st.summarize(st.read(zeros, design=st.Design(weights="w")), "q", where="sub == 1")
    assert [row.se for row in same.rows] == [row.se for row in found.rows]
    for where in (None, "q == 1"):
        with pytest.raises(UnusableDesign, match="weights are missing in 12 rows"):
            st.summarize(survey, "q", where=where)


def test_a_cport_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xpt"
    path.write_bytes(b"**COMPRESSED** " * 20)
    with pytest.raises(UnreadableData, match="is a SAS CPORT file, which only SAS can read"):
        st.read(path)


def test_a_file_of_the_longest_name_is_read(tmp_path: Path) -> None:
    assert st.read(csv(tmp_path, "q\nYes\nNo\n", "a" * 251 + ".csv")).codebook["q"].n == 2

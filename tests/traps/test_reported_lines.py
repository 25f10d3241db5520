"""Public reports rebuilt as small files, line by line: the right value of each, as `../shared/cases` says it.

A line is a command and what it must give: figures of the rows without a breakdown, words, or a stop.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran

Run = Callable[..., Ran]
FILES, FIELD, REAL, PYTHON = "files", "field", "real", "python"


@pytest.fixture
def cases(shared: Path) -> Path:
    folder = shared / "cases"
    if not folder.is_dir():
        pytest.skip("the reported files (../shared/cases) are not beside the project")
    return folder


def named(lines: list[Any]) -> list[Any]:
    """The lines of a page as parameters that are called as the page calls them."""
    return [pytest.param(*rest, id=name) for name, *rest in lines]


def figures(ran: Ran, variable: str | None) -> dict[str, Any]:
    """Estimates by level, and n, of the rows without a breakdown."""
    assert ran.status == 0, ran.err
    rows = [row for row in ran.json["rows"] if not row["by"] and variable in (None, row["variable"])]
    return {str(row["level"]): (row["estimate"], row["n"]) for row in rows}


# page line, folder, command, variable, {level: (estimate, n)}; a None is not looked at
FIGURES: list[tuple[str, str, str, str | None, dict[str, tuple[float | None, int | None]]]] = [
    (
        "W2 where by label",
        FILES,
        "32-label-is-other-code/k.sav|children|--where|children == '1'",
        None,
        {"1": (1.0, 2), "0": (0.0, 2)},
    ),
    ("W2 where by number", FILES, "32-label-is-other-code/k.sav|children|--where|children == 1", None, {"1": (1.0, 2)}),
    (
        "W2 where above",
        FILES,
        "32-label-is-other-code/k.sav|children|--where|children >= 2",
        None,
        {"2": (0.6, 5), "3": (0.4, 5)},
    ),
    (
        "W3 printed name",
        FILES,
        "02-duplicate-labels/walls.dta|q|--where|q == 'Other [96]'",
        None,
        {"Other [96]": (1.0, 2)},
    ),
    ("W4 mean", FILES, "04-negative-codes/wvs_no5.sav|life|-w|w", None, {"None": (6.37, 7)}),
    (
        "W4 ends",
        FILES,
        "05-partly-labelled/scale.sav|agree|--stat|proportion",
        None,
        {"Disagree": (0.2, 10), "3": (0.3, 10), "Agree": (0.2, 10)},
    ),
    ("W4 condition", FILES, "33-compare-labelled-missing/undeclared.sav|y|--where|age >= 60", None, {"None": (5.5, 3)}),
    (
        "W4 condition, dta",
        FILES,
        "33-compare-labelled-missing/undeclared.dta|y|--where|age >= 60",
        None,
        {"None": (5.5, 3)},
    ),
    ("W5 dots", FILES, "16-csv-decimals/thousands_dot.csv|income|--stat|mean", None, {"None": (4547.625, 4)}),
    (
        "W5 whole numbers",
        FILES,
        "16-csv-decimals/thousands_dot_int.csv|income|--stat|mean",
        None,
        {"None": (4547.5, 4)},
    ),
    ("G2 commas", FILES, "16-csv-decimals/thousands_comma.csv|income|--stat|mean", None, {"None": (4547.5, 4)}),
    ("G2 currency", FILES, "16-csv-decimals/currency.csv|inc|--stat|mean", None, {"None": (None, 4)}),
    ("W6 two towns", FILES, "46-por-cyrillic/c.por|CITY", None, {"Київка": (0.5, 4), "Львівк": (0.5, 4)}),
    ("W8 ticks, sav", FILES, "45-tick-only/t.sav|src", None, {"none": (1 / 7, 7)}),
    ("W10 spaces", FILES, "42-missing-marks/space.csv|q", None, {"Yes": (22 / 35, 35), "No": (13 / 35, 35)}),
    ("W10 spaces among numbers", FILES, "42-missing-marks/space.csv|income", None, {"None": (None, 36)}),
    ("W10 #NULL! and kin", FILES, "42-missing-marks/hashna.csv|q", None, {"Yes": (22 / 35, 35)}),
    (
        "W11 order, a",
        FILES,
        "36-quantile-order-ties/a.csv|x|--stat|median|--quantile-rule|hf7",
        None,
        {"None": (3.0, 4)},
    ),
    (
        "W11 order, b",
        FILES,
        "36-quantile-order-ties/b.csv|x|--stat|median|--quantile-rule|hf7",
        None,
        {"None": (3.0, 4)},
    ),
    ("B1 title", FILES, "19-xlsx/title_row.xlsx|sex", None, {"Female": (0.5, 4), "Male": (0.5, 4)}),
    ("B2 sep=", FILES, "40-excel-sep-line/s.csv|q", None, {"Yes": (2 / 3, 3)}),
    ("B3 one byte", FILES, "48-xpt-cp1252/c.xpt", None, {"Bogotá": (0.5, 4)}),
    ("B4 dates", FILES, "17-datelike-text/dmy.csv|d|--kind|d=date", None, {"2023-04-13": (1 / 3, 3)}),
    ("G3 Google Forms", FILES, "41-platform-multi/gforms.csv|media", None, {"Newspapers, magazines": (28 / 60, 60)}),
    ("G5 subsample", FILES, "38-subsample-weights/n.csv|y|-w|WTSAF|--where|WTSAF > 0", None, {"None": (97.92, 31)}),
    ("G6 merged", FILES, "19-xlsx/merged_down.xlsx|region", None, {"North": (0.6, 5), "South": (0.4, 5)}),
    ("G9 months", FILES, "15-stata-dates/d.dta|tm", None, {"2022-03": (1 / 3, 3)}),
    ("18 codes of 21 digits", FILES, "18-long-ids/psu21.csv", None, {}),
    ("31 forms", FILES, "31-unicode-forms/u.csv|c", None, {"México": (0.4, 5), "Perú": (0.6, 5)}),
    ("F3 label row", FIELD, "ona_label_row.csv|sex", None, {"f": (0.5, 40), "m": (0.5, 40)}),
    ("F4 n/a", FIELD, "ona_na.csv|age", None, {"None": (None, 35)}),
    ("F4 study", FIELD, "na_number.toml|age", None, {"None": (36.75, 4)}),
    ("F5 labels", FIELD, "kobo_labels.csv|Which apps?", None, {"WhatsApp": (2 / 3, 30), "SMS, calls": (2 / 3, 30)}),
    ("F5 one column", FIELD, "kobo_onecolumn.csv|apps", None, {"whatsapp": (2 / 3, 30)}),
    ("F8 Qualtrics", FIELD, "qualtrics.csv|Q2", None, {"WhatsApp": (26 / 30, 30)}),
    ("B3 numbers as text", FIELD, "text_numbers.xlsx|age", None, {"None": (39.5, 40)}),
    ("F10 consent", FIELD, "refusal.csv|phone|-w|weight|--where|consent == 'yes'", None, {"yes": (None, 35)}),
    ("F1 age", REAL, "labelled_scale.sav|age", None, {"None": (48.9, 196)}),
    ("F1 china", REAL, "labelled_scale.dta|china", None, {"None": (5.19, 101)}),
    ("F1 kids", REAL, "labelled_scale.sav|kids", None, {"None": (4.97, 182)}),
    (
        "F1b partner",
        REAL,
        "labelled_scale.sav|partner",
        None,
        {"Yes": (0.57, 200), "No": (0.285, 200), "0": (0.145, 200)},
    ),
    ("F5 typing error", REAL, "list_one_typo.csv|concerns", None, {"armed_conflict": (35 / 120, 120)}),
    ("F8 label is code", REAL, "factor_codes.dta|q", None, {"1": (0.525, 40), "2": (0.375, 40), "8": (0.1, 40)}),
    ("F10 leading zeros", REAL, "age_leading_zero.csv|age|--stat|mean", None, {"None": (None, 60)}),
    ("F12 one id", REAL, "surveymonkey_one_id.csv", "Have you seen any film?", {"Yes": (0.84, 50)}),
    ("W4 thousands in Spanish", PYTHON, "punto_es.csv|peso|--stat|mean", None, {"None": (1969.75, 4)}),
    ("W4 both marks", PYTHON, "excel_es.csv|ingreso|--stat|mean", None, {"None": (None, 200)}),
    ("W4 thousands in English", PYTHON, "thousands_en.csv|income|--stat|mean", None, {"None": (4719.75, 4)}),
]


@pytest.mark.parametrize(("folder", "words", "variable", "right"), named(FIGURES))
def test_figures(cases: Path, run: Run, folder: str, words: str, variable: str | None,
                 right: dict[str, tuple[float | None, int | None]]) -> None:  # fmt: skip
    source, *rest = words.split("|")
    ran = run("summarize", cases / folder / source, *rest, "--format", "json")
    printed = figures(ran, variable)
    for level, (estimate, n) in right.items():
        assert level in printed, (level, list(printed))
        if estimate is not None:
            assert printed[level][0] == pytest.approx(estimate, rel=2e-3), level
        if n is not None:
            assert printed[level][1] == n, level


# page line, folder, command, exit status, what is said (on the screen or in the answer), what is not
SAID: list[tuple[str, str, str, int, tuple[str, ...], tuple[str, ...]]] = [
    (
        "W1 one PSU",
        FILES,
        "summarize|50-quality-one-psu/d.csv|q|--by|district|-w|w|--psu|psu|--quality|nchs",
        0,
        (),
        ("7.4",),
    ),
    (
        "W1 n 12",
        FILES,
        "summarize|50-quality-one-psu/d.csv|q|--by|district|-w|w|--psu|psu|--quality|min-n:50",
        0,
        ("44.2",),
        ("7.4",),
    ),
    (
        "W3 two answers",
        FILES,
        "summarize|02-duplicate-labels/walls.dta|--where|q == 'Other'",
        2,
        ("several answers", "Other [95]", "Other [96]"),
        (),
    ),
    (
        "W3 not equal",
        FILES,
        "summarize|02-duplicate-labels/walls.dta|--where|q != 'Other'",
        2,
        ("several answers",),
        (),
    ),
    ("W7 DHS", FILES, "summarize|43-dhs-normalised/dhs.csv|--stat|total|-w|v005", 0, ("1,000,000",), ()),
    ("G8 band", FILES, "summarize|19-xlsx/band_as_date.xlsx", 0, ("age_band", "days"), ()),
    ("B4 no evidence", FILES, "summarize|17-datelike-text/amb.csv|d|--kind|d=date", 2, ("whether the day",), ()),
    ("G5 the cure", FILES, "summarize|38-subsample-weights/n.csv|-w|WTSAF", 4, ("--where 'WTSAF > 0'",), ("drop",)),
    ("F1 names", FIELD, "summarize|pii_group.csv", 0, ("Left out because",), ("Ali Noor",)),
    ("F1 codebook", FIELD, "codebook|pii_group.csv", 0, ("sensitive",), ("Ali Noor",)),
    ("F1 study", FIELD, "summarize|pii.toml", 2, ("may say who",), ("Ali Noor",)),
    ("F1 GPS", FIELD, "check|gps.csv", 0, ("GPS", "SubmitterName"), ()),
    ("F8 previews", FIELD, "check|qualtrics.csv", 0, ("previews", "not finished"), ()),
    ("F8 unfinished", FIELD, "check|limesurvey.csv", 0, ("submitdate",), ("lastpage ==",)),
    ("F10 the cure", FIELD, "check|refusal.csv|-w|weight", 4, ("--where", "without consent"), ("drop those rows",)),
    ("B1 one n/a", FIELD, "check|na_number.csv|--kind|age=number", 0, (), ("internal",)),
    ("F2 body weight", REAL, "summarize|smart_body_weight.csv", 0, (), ("--weights weight",)),
    ("F2 check", REAL, "check|smart_body_weight.csv", 0, ("psu",), ("looks like weights",)),
    ("F4 a question of facilities", REAL, "check|barometer.sav", 0, ("withinwt",), ("--psu EA_SVC_C",)),
    ("F8 codes", REAL, "check|factor_codes.dta", 0, (), ("no label",)),
    ("F11 the reason", REAL, "reproduce|claims_dk.toml", 0, ("without don't know", "25.76%"), ()),
    ("R3 C and C#", REAL, "check|spelt_lang.csv", 0, (), ("several ways",)),
    ("R3 commas", REAL, "check|spelt_comma.csv", 0, (), ("several ways",)),
    ("R4 states", REAL, "check|states.csv", 0, (), ("missing code",)),
]


@pytest.mark.parametrize(("folder", "words", "status", "said", "unsaid"), named(SAID))
def test_words(cases: Path, run: Run, folder: str, words: str, status: int, said: tuple[str, ...],
               unsaid: tuple[str, ...]) -> None:  # fmt: skip
    command, source, *rest = words.split("|")
    ran = run(command, cases / folder / source, *rest)
    text = " ".join(f"{ran.out} {ran.err}".split())
    assert ran.status == status, text[:500]
    for each in said:
        assert each in text, (each, text[:1500])
    for each in unsaid:
        assert each not in text, (each, text[:1500])


# page line, folder, file, what the draft must hold, what it must not
DRAFTS: list[tuple[str, str, str, tuple[str, ...], tuple[str, ...]]] = [
    (
        "F2 enumerators",
        FIELD,
        "enum.csv",
        ('by = ["resp_gender", "age_band"]', 'from = "resp_age"'),
        ('["enum_gender"',),
    ),
    ("F1 GPS", FIELD, "gps.csv", (), ('variable = "_intro/gps_latitude"',)),
    (
        "F3 the interviewer's age",
        REAL,
        "barometer.sav",
        ('from = "Q1"', '"Q101"', '# weights = "withinwt"'),
        ('from = "Q113"', 'EA_SVC_C"]'),
    ),
    ("F2 body weight", REAL, "smart_body_weight.csv", ('# psu = ["psu"]',), ('weights = "weight"',)),
    ("F9 DHS", REAL, "dhs_like.dta", ('# weights = "v005"', '# strata = "v022"', '# psu = ["v021"]'), ()),
    ("R4 states", REAL, "states.csv", (), ("missing =",)),
]


@pytest.mark.parametrize(("folder", "source", "held", "left"), named(DRAFTS))
def test_drafts(cases: Path, run: Run, tmp_path: Path, folder: str, source: str, held: tuple[str, ...],
                left: tuple[str, ...]) -> None:  # fmt: skip
    target = tmp_path / "draft.toml"
    ran = run("new", cases / folder / source, "-o", target)
    assert ran.status == 0, ran.err
    text = target.read_text(encoding="utf-8")
    for each in held:
        assert each in text, each
    for each in left:
        assert each not in text, each


COPIES = [
    ("W9 long codes", FILES, "01-long-string-labels/camp.sav"),
    ("B5 NA", FILES, "42-missing-marks/NA.csv"),
    ("03 tags", FILES, "03-tagged-missing/q.dta"),
    ("F7 mostly missing", REAL, "mostly_missing_1200.sav"),
    ("10 decimal codes", FILES, "10-float-codes/f.sav"),
    ("44 empty table", FILES, "44-empty-label-table/empty.dta"),
    ("G9 SPSS dates", FILES, "07-spss-dates/dates.sav"),
]


@pytest.mark.parametrize("suffix", [".sav", ".dta", ".csv", ".xlsx", ".parquet"])
@pytest.mark.parametrize(("folder", "source"), named(COPIES))
def test_copies(cases: Path, run: Run, tmp_path: Path, folder: str, source: str, suffix: str) -> None:
    """Written and read again: the labels, the counts, and how many have no answer; or a note names the loss."""
    written = run("convert", cases / folder / source, tmp_path / f"copy{suffix}")
    assert written.status == 0, written.err
    books = [
        run("codebook", path, "--format", "json").json for path in (cases / folder / source, tmp_path / f"copy{suffix}")
    ]
    before, after = ({each["name"]: each for each in book["variables"]} for book in books)
    assert list(before) == list(after)
    for name, each in before.items():
        mine, theirs = ({(level["label"], level["count"]) for level in one[name]["levels"] if level["count"]}
                        for one in (before, after))  # fmt: skip
        assert (each["n"], each["n_missing"]) == (after[name]["n"], after[name]["n_missing"]), name
        assert mine == theirs or name in written.err, name

"""Layouts, words around the numbers, and what stands for no number."""

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from surveytool.estimate.result import BaseCount
from surveytool.notes import note
from surveytool.survey import Codebook, Design, Level, Provenance, Variable
from surveytool.table import Table, arrange, arrange_codebook, report
from surveytool.text import words

EN = words("en")


def texts(table: Table) -> list[tuple[str, ...]]:
    return [(row.label, *(cell.text for cell in row.cells)) for row in table.rows]


def test_a_topline_has_levels_down_and_percent_interval_n_across(samples: ModuleType) -> None:
    table = report(samples.shapes()["topline"], EN).tables[0]
    assert [column.label for column in table.columns] == ["Percent", "95% CI", "n"]
    assert [row.label for row in table.rows] == ["Yes, always", "Sometimes", "No"]
    assert table.rows[0].cells[0].text == "11.5" and table.rows[0].cells[2].text == "61"
    assert table.base == (
        "Base: respondents with an answer, n = 520 of 531 (left out: Don't know 5, Refused 2, blank 4)"
    )


def test_few_levels_stand_across_and_groups_under_their_heads(samples: ModuleType) -> None:
    table = report(samples.shapes()["two_levels"], EN).tables[0]
    assert [column.label for column in table.columns] == ["Yes", "No", "n"]
    kinds = [(row.kind, row.indent, row.label) for row in table.rows[:4]]
    assert kinds == [
        ("total", 0, "Total"),
        ("group_head", 0, "Sex"),
        ("data", 1, "Male"),
        ("data", 1, "Female"),
    ]
    assert table.rows[2].cells[0].interval and table.rows[2].cells[-1].text == "67"


def test_many_levels_go_down_and_groups_stand_under_spanners(samples: ModuleType) -> None:
    table = report(samples.shapes()["multiple"], EN).tables[0]
    assert [column.spanner for column in table.columns] == ["", "Sex", "Sex", *["Age group"] * 4]
    assert table.rows[-1].kind == "n" and table.rows[-1].cells[0].text == "531"
    assert [row.label for row in table.rows[:-1]] == list(samples.PURPOSES)


def test_crossed_groups_nest(samples: ModuleType) -> None:
    table = report(samples.shapes()["crossed"], EN).tables[0]
    assert [(row.label, row.indent) for row in table.rows[1:5]] == [
        ("Sex × Age group", 0), ("Male", 1), ("18-25", 2), ("26-35", 2),
    ]  # fmt: skip
    assert [row.label for row in table.rows].count("Male") == 1


def test_a_group_called_total_is_not_the_total(samples: ModuleType) -> None:
    odd = samples.breakdown("odd", "Odd", ["Total", "Overall"])
    table = arrange(samples.shares("plan", "Plan", ("Yes", "No"), (odd,)), EN)
    assert [(row.kind, row.label) for row in table.rows] == [
        ("total", "Total"), ("group_head", "Odd"), ("data", "Total"), ("data", "Overall"),
    ]  # fmt: skip
    assert table.rows[0].cells[0].text != table.rows[2].cells[0].text


def test_without_a_total_none_is_made_up(samples: ModuleType) -> None:
    rows = [samples.share("plan", level, {"sex": sex}, 0.4, 50) for sex in ("Male", "Female") for level in "ab"]
    for levels in (("a", "b"), tuple("abcdefgh")):
        table = arrange(samples.shares("plan", "Plan", levels, (samples.SEX,), rows=rows), EN)
        assert "Total" not in [row.label for row in table.rows] + [column.label for column in table.columns]


@pytest.mark.parametrize(
    ("changes", "cell", "n"),
    [
        ({"flag": "no_respondents", "estimate": None, "n": 0, "count": 0}, "–", "0"),
        ({"flag": "no_respondents", "estimate": 0.0, "n": 0, "count": 0}, "–", "0"),
        ({"flag": "suppressed"}, "*", "50"),
        ({"flag": "no_df", "ci_low": None, "ci_high": None, "df": 0.0}, "40.0 (–)", "50"),
        ({"flag": "undefined", "estimate": None}, "–", "50"),
        ({"flag": "wide"}, "40.0† (26.1–53.9)", "50"),
        ({"estimate": -0.0, "ci_low": 0.0, "ci_high": 0.06}, "0.0 (0.0–6.0)", "50"),
        ({"estimate": 0.0004, "ci_low": 0.0, "ci_high": 0.01}, "<0.1 (0.0–1.0)", "50"),
    ],
)
def test_no_number_where_there_is_none(samples: ModuleType, changes: dict[str, Any], cell: str, n: str) -> None:
    rows = [samples.share("plan", "Yes", {}, 0.4, 500), samples.share("plan", "No", {}, 0.6, 500)]
    rows.append(replace(samples.share("plan", "Yes", {"sex": "Male"}, 0.4, 50), **changes))
    rows.append(samples.share("plan", "No", {"sex": "Male"}, 0.6, 50))
    table = arrange(samples.shares("plan", "Plan", ("Yes", "No"), (samples.SEX,), rows=rows), EN)
    assert (table.rows[2].cells[0].text, table.rows[2].cells[-1].text) == (cell, n)
    marked = {"suppressed": "* Not shown", "wide": "† Flagged: wide."}.get(changes.get("flag") or "")
    assert not marked or any(each.startswith(marked) for each in table.notes)


def test_decimals_follow_the_standard_error(samples: ModuleType) -> None:
    def first(**values: Any) -> str:
        return arrange(samples.means(**values), EN).rows[0].cells[0].text

    assert first() == "31.40" and first(se=4.3) == "31.4" and first(se=43.0) == "31"
    assert first(statistic="total", estimate=1234567.4, se=321.0) == "1,234,567"
    assert arrange(samples.means(), EN, decimals=1).rows[0].cells[0].text == "31.4"
    assert arrange(samples.means(), words("es-ES"), decimals=1).rows[0].cells[0].text == "31,4"


def test_words_follow_the_design(samples: ModuleType) -> None:
    estimates = samples.shapes()["two_levels"].estimates[0]

    def subtitle(**design: Any) -> str:
        return arrange(estimates, EN, results=samples.results(estimates, design=Design(**design))).subtitle

    assert subtitle() == "plan · Unweighted percent, 95% confidence interval in brackets"
    assert subtitle(weights="w").endswith("Weighted percent, 95% confidence interval in brackets, n unweighted")
    assert "indicative 95% interval" in subtitle(sample="convenience", as_if_random=True)


@pytest.mark.parametrize(
    ("statistic", "title", "head"),
    [
        ("median", "Weighted median", "Median (years)"),
        ("p90", "Weighted percentile 90", "Percentile 90 (years)"),
        ("ratio:hours", "Weighted ratio to hours", "Ratio (years)"),
        ("total", "Weighted total", "Total (years)"),
    ],
)
def test_every_statistic_has_its_words(samples: ModuleType, statistic: str, title: str, head: str) -> None:
    table = arrange(samples.means(statistic=statistic), EN)
    assert title in table.subtitle and table.columns[0].label == head


def test_the_base_says_where_and_what_counts_in(samples: ModuleType) -> None:
    base = BaseCount(rows=531, domain=200, base=200, included=(("Don't know", 5),))
    table = arrange(samples.shares("plan", "Plan", ("Yes", "No"), base=base, where="sex == 'Female'"), EN)
    assert table.base == ("Base: respondents with an answer, where sex == 'Female', n = 200 (counted in: Don't know 5)")


def test_notes_and_source(samples: ModuleType) -> None:
    made = report(samples.shapes()["multiple"], EN)
    assert made.tables[0].notes[0] == "Percent of respondents; answers may add to more than 100%."
    assert made.notes == (EN.say(note("zero_weights", n=2)),)
    assert made.source == "Source: transit.sav, 531 respondents; weights weight; strata country; PSU site."


def test_a_codebook_hides_answers_that_are_microdata() -> None:
    levels = (Level(code="Ana", label="Ana", count=1),)
    book = Codebook(
        {
            "sex": Variable(
                name="sex", kind="single", label="Sex", n=520, n_missing=11,
                levels=(
                    Level(code=1.0, label="Male", count=310),
                    Level(code=98.0, label="Refused", count=11, missing="refused"),
                ),
            ),
            "name": Variable(name="name", kind="text", levels=levels, n=1),
            "id": Variable(name="id", kind="id", levels=levels, n=1),
            "phone": Variable(name="phone", kind="single", levels=levels, sensitive=True, n=1),
        }
    )  # fmt: skip
    table = arrange_codebook(book, Provenance(path="a.csv", rows=531), EN).tables[0]
    assert texts(table)[:3] == [
        ("sex · Sex", "one answer", "520", "11"), ("Male", "1", "310", ""), ("Refused", "98", "", "11"),
    ]  # fmt: skip
    assert "Ana" not in str(texts(table)) and len(table.rows) == 6

"""Conditions, names and answers as R and Stata write them, and the lines of a do-file, word for word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

import surveytool as st
from surveytool.aggregate import where_language
from surveytool.replication_code import stata_code
from surveytool.replication_code.condition_code import R, Stata, answered, holds, literal, written
from surveytool.replication_code.explanation import _lines
from surveytool.replication_code.exported import exported
from surveytool.replication_code.r_code import _domain, _extreme, _standard_groups, _statistic
from surveytool.survey import Codebook, Level, Request, Standard, Variable
from surveytool.tabulation import tabulate
from surveytool.text import words

SEX = Variable(name="sex", kind="single", columns=("sex",), levels=(
    Level(code=1.0, label="Male"), Level(code=2.0, label="Female"), Level(code=9.0, label="Refused", missing="refused"),
    Level(code=".a", label="Not asked", missing="not_asked")))  # fmt: skip
AGE = Variable(name="age in years", kind="number", columns=("age in years",))
WHY = Variable(name="why", kind="multiple", columns=("why/work", "why/war"), counted=1,
               levels=(Level(code="work", label="Work"), Level(code="war", label="War")))  # fmt: skip
RANK = Variable(name="rank", kind="multiple", columns=("rank1", "rank2"), parent="ranked",
                levels=(Level(code=1.0, label="First"), Level(code=2.0, label="Second")))  # fmt: skip
WORD = Variable(name="word", kind="single", columns=("word",), levels=(Level(code='a"b', label='a"b'),))
BOOK = Codebook({each.name: each for each in (SEX, AGE, WHY, RANK, WORD)})


@pytest.mark.parametrize(("condition", "r", "stata"), [
    ("sex == 'Male'", "ifelse(!is.na(sex) & !(sex == 9), sex == 1, NA)", "(sex == 1) & (!missing(sex) & !(sex == 9))"),
    ("sex != 'Male'", "ifelse(!is.na(sex) & !(sex == 9), !(sex == 1), NA)",
     "(!(sex == 1)) & (!missing(sex) & !(sex == 9))"),
    ("sex in ('Male', 2)", "ifelse(!is.na(sex) & !(sex == 9), sex %in% c(1, 2), NA)",
     "(inlist(sex, 1, 2)) & (!missing(sex) & !(sex == 9))"),
    ("`age in years` >= 18", "ifelse(!is.na(`age in years`), `age in years` >= 18, NA)",
     "(age_in_years >= 18) & (!missing(age_in_years))"),
    ("sex is missing", "!(!is.na(sex) & !(sex == 9))", "!(!missing(sex) & !(sex == 9))"),
    ("not sex is missing", "!(!(!is.na(sex) & !(sex == 9)))", "!(!(!missing(sex) & !(sex == 9)))"),
    ("why == 'War'", "ifelse(!is.na(`why/work`) | !is.na(`why/war`), (`why/war` == 1), NA)",
     "((why_war == 1)) & (!missing(why_work) | !missing(why_war))"),
    ("why != 'Work'", "ifelse(!is.na(`why/work`) | !is.na(`why/war`), !(`why/work` == 1), NA)",
     "(!(why_work == 1)) & (!missing(why_work) | !missing(why_war))"),
    ("why in ('Work', 'War')", "ifelse(!is.na(`why/work`) | !is.na(`why/war`), (`why/work` == 1 | `why/war` == 1), NA)",
     "((why_work == 1 | why_war == 1)) & (!missing(why_work) | !missing(why_war))"),
    ("rank == 'Second'", "ifelse(!is.na(ranked), ((rank1 == 2 | rank2 == 2)), NA)",
     "(((rank1 == 2 | rank2 == 2))) & (!missing(ranked))"),
])  # fmt: skip
def test_a_condition_in_other_words(condition: str, r: str, stata: str) -> None:
    parsed = where_language.parse(condition)
    assert written(parsed, BOOK, R()) == r
    assert written(parsed, BOOK, Stata()) == stata


def test_conditions_are_joined_part_by_part() -> None:
    parsed = where_language.parse("`age in years` > 18 and (`age in years` < 30 or `age in years` == 65)")
    text = written(parsed, BOOK, R())
    known = "ifelse(!is.na(`age in years`), `age in years` {}, NA)"
    assert text == f"({known.format('> 18')}) & (({known.format('< 30')}) | ({known.format('== 65')}))"


@pytest.mark.parametrize(("name", "r", "stata"), [
    ("sex", "sex", "sex"), ("comp.imp", "comp.imp", "comp_imp"), ("q 1", "`q 1`", "q_1"), ("1st", "`1st`", "_1st"),
    ("año", "`año`", "año"), ("why/work", "`why/work`", "why_work"), ("x" * 33, "x" * 33, "x" * 32),
])  # fmt: skip
def test_a_name_as_the_programs_read_it(name: str, r: str, stata: str) -> None:
    assert (R().name(name), Stata().name(name)) == (r, stata)


def test_codes_and_answers() -> None:
    assert [literal(code, R()) for code in (1.0, 2.5, "x", 'a"b\\')] == ["1", "2.5", '"x"', '"a\\"b\\\\"']
    assert holds(SEX, "Female", R()) == "sex == 2" and holds(SEX, "7", R()) == 'sex == "7"'
    assert holds(WHY, "War", Stata()) == "why_war == 1"
    assert holds(WORD, 'a"b', R()) == 'word == "a\\"b"'
    assert answered(AGE, R(), numbers=True) == "!is.na(`age in years`)"
    labelled = replace(SEX, levels=(*SEX.levels, Level(code=8.0, label="Don't know")))
    assert answered(labelled, R(), numbers=True) == "!is.na(sex) & !(sex %in% c(9, 8))"
    assert answered(labelled, R()) == "!is.na(sex) & !(sex == 9)"


@pytest.mark.parametrize(("path", "file", "first"), [
    ("people.csv", "people.csv", False), ("data.duckdb::main.people", "people.csv", True),
    ("DATA.DDB", "table.csv", True), ("a::b.csv", "a::b.csv", False), ("postgres://me@host/db::f.p", "p.csv", True),
])  # fmt: skip
def test_a_table_of_a_database_is_exported_first(path: str, file: str, first: bool) -> None:
    made, command = exported(path)
    assert made == file
    assert (command is not None) is first
    if command is not None:
        assert command == f'surveytool convert "{path}" {file} --with-identifiers'


DATA: dict[str, Any] = {
    "y": [1.0, 3.0, 2.0, 5.0, 4.0, 2.0], "x": [2.0, 2.0, 4.0, 4.0, 2.0, 1.0], "c": ["a", "b", "a", "b", "a", "a"],
    "g": ["u", "u", "u", "v", "v", "v"], "w": [1.0, 2.0, 1.0, 2.0, 1.0, 3.0], "p": [1, 1, 2, 2, 3, 3], "n": [9.0] * 6,
    "r1": [1.0] * 6, "r2": [2.0, 1.0] * 3,
}  # fmt: skip


def stata(design: st.Design, **asked: Any) -> list[str]:
    """The do-file of the first row."""
    survey = st.read(pa.table(DATA), design=design, kinds={"y": "number", "x": "number", "p": "single"})
    results = tabulate(survey, [Request(**{"variable": "y", **asked})])
    made = results.estimates[0]
    text = stata_code.script(results, made, made.rows[0], survey.codebook)
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.mark.parametrize(("design", "line"), [
    (st.Design(), "svyset _n, singleunit(missing)"),
    (st.Design(weights="w"), "svyset _n [pweight = w], singleunit(missing)"),
    (st.Design(weights="w", psu="p", fpc="n"), "svyset p [pweight = w], fpc(n) singleunit(missing)"),
    (st.Design(weights="w", strata="g", psu="p", lonely_psu="adjust"),
     "svyset p [pweight = w], strata(g) singleunit(centered)"),
    (st.Design(weights="w", replicates=st.Replicates(columns="r*", method="fay", fay_rho=0.3)),
     "svyset [pweight = w], brrweight(r*) fay(0.3) vce(brr) dof(1)"),
    (st.Design(weights="w", replicates=st.Replicates(columns="r*", method="brr")),
     "svyset [pweight = w], brrweight(r*) vce(brr) dof(1)"),
    (st.Design(weights="w", replicates=st.Replicates(columns="r*", method="jk1")),
     "svyset [pweight = w], jkrweight(r*) vce(jackknife) dof(1)"),
    (st.Design(weights="w", replicates=st.Replicates(columns="r*", method="bootstrap")),
     "svyset [pweight = w], bsrweight(r*) vce(bootstrap) dof(1)"),
])  # fmt: skip
def test_a_design_as_stata_sets_it(design: st.Design, line: str) -> None:
    assert line in stata(design)


@pytest.mark.parametrize(("asked", "line"), [
    ({}, "svy, subpop(inside) level(95): mean y"),
    ({"level": 0.9}, "svy, subpop(inside) level(90): mean y"),
    ({"statistic": "total"}, "svy, subpop(inside) level(95): total y"),
    ({"statistic": "ratio:x"}, "svy, subpop(inside) level(95): ratio y / x"),
    ({"statistic": "median"}, "* Stata has no survey quantiles of its own; see the R code."),
    ({"variable": "c", "interval": "logit"}, "svy, subpop(inside) level(95): proportion answer, citype(logit)"),
    ({"variable": "c", "interval": "beta"}, "svy, subpop(inside) level(95): proportion answer, citype(exact)"),
    ({"variable": "c", "statistic": "total"}, "svy, subpop(inside) level(95): total answer"),
    ({"variable": "c"}, 'generate byte answer = c == "a"'),
    ({"variable": "c", "base": "all"}, "generate byte inside = 1"),
    ({"base": "all", "where": "c == 'a'"}, 'generate byte inside = ((c == "a") & (!missing(c)))'),
    ({}, "generate byte inside = (!missing(y))"),
])  # fmt: skip
def test_a_figure_as_stata_computes_it(asked: dict[str, Any], line: str) -> None:
    assert line in stata(st.Design(weights="w"), **asked)


def test_shares_that_figures_are_standardised_to_sum_to_one() -> None:
    lines = stata(st.Design(weights="w"), standard=Standard(variable="g", shares=(("u", 30.0), ("v", 10.0))))
    start = lines.index("generate int standard_group = .")
    assert lines[start : start + 7] == [
        "generate int standard_group = .", "generate double standard_share = .",
        'replace standard_group = 1 if g == "u"', 'replace standard_share = 0.75 if g == "u"',
        'replace standard_group = 2 if g == "v"', 'replace standard_share = 0.25 if g == "v"',
        "replace inside = 0 if missing(standard_group)",
    ]  # fmt: skip
    assert lines[start + 7] == "svy, subpop(inside) level(95): mean y, stdize(standard_group) stdweight(standard_share)"


def test_the_variance_of_margins_is_not_in_a_do_file() -> None:
    tied = st.Design(weights="w", calibrated=st.Calibrated(margins="g", base_weights="w"))
    text = "* the margins of the weights are not in this script: its standard errors take the weights as fixed"
    data = {**DATA, "w": [1.0] * 6}
    survey = st.read(pa.table(data), design=tied, kinds={"y": "number"})
    results = tabulate(survey, [Request(variable="y")])
    assert text in stata_code.script(results, results.estimates[0], results.estimates[0].rows[0], survey.codebook)
    assert text not in stata(st.Design(weights="w"))


def computed(design: st.Design, **asked: Any) -> Any:
    survey = st.read(pa.table(DATA), design=design, kinds={"y": "number", "x": "number", "p": "single"})
    results = tabulate(survey, [Request(**{"variable": "y", **asked})])
    return survey, results, results.estimates[0], results.estimates[0].rows[0]


def test_the_lines_of_r() -> None:
    survey, results, made, row = computed(st.Design(weights="w"), statistic="p90", level=0.9)
    first = _statistic(results, made, row, survey.codebook)[0]
    assert "svyquantile(~y, row, 0.9, alpha = 0.1, " in first
    survey, results, made, row = computed(st.Design(weights="w"), where="c == 'a'", base="all")
    assert _domain(made, row, survey.codebook) == '(ifelse(!is.na(c), c == "a", NA))'
    survey, results, made, row = computed(st.Design(weights="w"), base="all")
    assert _domain(made, row, survey.codebook) == "TRUE"
    survey, results, made, row = computed(st.Design(weights="w"))
    assert _domain(made, row, survey.codebook) == "(!is.na(y))"
    survey, results, made, row = computed(
        st.Design(weights="w"), standard=Standard(variable="g", shares=(("u", 30.0), ("v", 10.0)))
    )
    lines = _standard_groups(made, survey.codebook)
    assert lines[1] == 'standard[with(d, g == "u") %in% TRUE] <- 1'
    assert lines[2] == 'standard[with(d, g == "v") %in% TRUE] <- 2'
    assert lines[-2:] == ["d$standard_ <- factor(standard, 1:2)", "shares <- c(0.75, 0.25)"]


def test_everybody_and_nobody_have_an_interval_of_their_own() -> None:
    survey, results, made, row = computed(st.Design(weights="w"), variable="c")
    for share, own in ((0.0, True), (1.0, True), (0.5, False)):
        turned = replace(row, estimate=share, ci_method="logit")
        lines = _statistic(results, made, turned, survey.codebook)
        assert (_extreme(turned, "row")[-1] in lines) is own


def test_a_total_is_not_below_its_count() -> None:
    survey, results, made, row = computed(st.Design(weights="w"), variable="c", statistic="total")
    row = replace(row, ci_method="log", ci_low=float(row.count))
    assert _statistic(results, made, row, survey.codebook)[-1] == f"low <- {row.count}  # as many were counted"
    row = replace(row, ci_low=float(row.count) + 0.1)
    assert _statistic(results, made, row, survey.codebook)[-1] == "low <- estimate / reach; high <- estimate * reach"


def test_an_effective_number_is_n_over_the_design_effect() -> None:
    _, results, made, row = computed(st.Design(weights="w"))
    said = words("en")
    lines = _lines(results, made, replace(row, deff=1.25, n=200), said)
    assert said.fill("explain_deff", deff="1.250", n="160.0") in lines
    assert not any("160.0" in line for line in _lines(results, made, replace(row, deff=None), said))

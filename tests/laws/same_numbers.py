"""What must be the same however a design is said: each law names what it found different, and how much it compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from laws.designs import KINDS, STANDARD, Drawn, draw
from laws.law import FIRST, SECOND, Found, rows, tests
from laws.other_doors import claims_are_figures, files_are_one, groups_are_domains

import surveytool as st
from surveytool.disclosure_control.reliability_scheme import SCHEMES, scheme
from surveytool.estimate.group_tests import Comparison
from surveytool.regression import Specification, fit
from surveytool.survey import Standard
from surveytool.tabulation import compare, tabulate
from surveytool.weighting import Wanted, make, weighted, written_margin


def jackknife_is_its_psus(seed: int) -> Found:
    """Estimates and df are equal, totals' errors too; other errors to the second order."""
    drawn, found = draw(seed, psus=24), Found()
    one, other = drawn.by_psus(), drawn.by_replicates()
    for where in (None, "dom == 'in'"):
        for (name, left), (_, right) in zip(rows(one, where), rows(other, where), strict=True):
            found.same(f"{name} estimate", left.estimate, right.estimate)
            found.same(f"{name} se", left.se, right.se, FIRST if "total" in name else SECOND)
            if not drawn.stratified:
                found.same(f"{name} df", left.df, right.df)
    for left, right in zip(tests(one).tests, tests(other).tests, strict=True):
        about = f"{left.variable} {left.by} {left.test} {left.groups} {left.level}"
        found.same(f"{about} estimate", left.estimate, right.estimate)
        found.same(f"{about} se", left.se, right.se, SECOND)
        found.same(f"{about} df", left.df2, right.df2, FIRST if left.test not in ("rao-scott-f",) else SECOND)
    for formula, family in (("y ~ x + g", "linear"), ("bin ~ x + g", "logistic"), ("k ~ x + g", "poisson"),
                            ("y ~ x*g", "linear"), ("k ~ x*dom", "poisson")):  # fmt: skip
        models = [fit(survey, Specification(formula=formula, family=family)) for survey in (one, other)]
        for left, right in zip(*(model.terms for model in models), strict=True):
            found.same(f"{formula} {left.term}", left.estimate, right.estimate, 1e-7)
            near = 2 * SECOND if "*" in formula else SECOND  # few respondents are behind a crossed coefficient
            found.same(f"{formula} {left.term} se", left.se, right.se, near)
            found.same(f"{formula} {left.term} df", left.df, right.df)
        for mine, theirs in zip(*(model.effects for model in models), strict=True):
            found.same(f"{formula} effect {mine.term}", mine.estimate, theirs.estimate, 1e-7)
            found.same(f"{formula} effect {mine.term} se", mine.se, theirs.se, 2 * SECOND if "*" in formula else SECOND)
    return found


def complements_and_differences(seed: int) -> Found:
    """Two shares that add up to 1 have one error; a difference has one in compare and in a model of its groups."""
    drawn, found = draw(seed), Found()
    drawn = drawn.changed(c=["a" if answer == "a" else "b" for answer in drawn.columns["c"]])
    standard = Standard(variable="age", shares=tuple(STANDARD.items()))
    for survey in (drawn.by_psus(), drawn.by_replicates(), drawn.by_replicates(mse=True)):
        asked = [st.Request(variable="c", by=(("g",),)), st.Request(variable="c", by=(("g",),), standard=standard)]
        for table in tabulate(survey, asked).estimates:
            shown = [row for row in table.rows if row.estimate is not None]
            for left, right in zip(shown[::2], shown[1::2], strict=True):
                found.same(f"{dict(left.by)} shares", left.se, right.se)
        pairs = compare(survey, [st.Request(variable="y", by=(("g",),))], Comparison(tests=("difference",))).tests
        terms = {term.term: term for term in fit(survey, Specification(formula="y ~ g")).terms}
        for pair in pairs:
            first, last = pair.groups or ("", "")
            if first == "u":
                found.same(f"{last} difference", pair.estimate, -terms[f"g: {last}"].estimate, 1e-8)
                found.same(f"{last} error of the difference", pair.se, terms[f"g: {last}"].se, 1e-8)
    return found


def nothing_but_totals(seed: int) -> Found:
    """Order of rows and names of codes change nothing; weights times a constant change totals alone."""
    drawn, found = draw(seed), Found()
    order = np.random.default_rng(seed).permutation(len(drawn.columns["w"]))
    for way in ("by_psus", "by_replicates"):
        base = rows(getattr(drawn, way)())
        shuffled = rows(getattr(drawn.reordered(order), way)())
        renamed = rows(getattr(drawn.changed(psu=[f"p{at * 7 % 101:03d}" for at in drawn.columns["psu"]]), way)())
        scaled = {name: [3.5 * value for value in values] for name, values in drawn.columns.items()
                  if name == "w" or (name[0] == "r" and name[1:].isdigit())}  # fmt: skip
        heavier = rows(getattr(drawn.changed(**scaled), way)())
        for (name, left), *others in zip(base, shuffled, renamed, heavier, strict=True):
            for index, (_, right) in enumerate(others):
                factor = 3.5 if index == 2 and "total" in name else 1.0
                counted = index == 2 and "total" in name and name[0] == "c"  # never below the respondents counted
                ends = ("ci_high",) if counted else ("ci_low", "ci_high")
                for key in ("estimate", "se", *ends, "df"):
                    value = getattr(right, key)
                    value = value if value is None or key == "df" else value / factor
                    found.same(f"{way} {name} {key}", getattr(left, key), value, 1e-8)
    for rule in ("hf4", "hf6", "hf7"):
        coarse = drawn.changed(y=[round(value, -1) for value in drawn.columns["y"]])
        asked = [st.Request(variable="y", statistic="p25", quantile_rule=rule)]
        one, other = (
            tabulate(each.by_psus(), asked).estimates[0].rows[0] for each in (coarse, coarse.reordered(order))
        )
        found.same(f"{rule} of shuffled rows", one.estimate, other.estimate)
    return found


def calibrated_margins_are_met(seed: int) -> Found:
    """The estimate of a margin is the margin, without an error; trimmed weights keep it or say that they do not."""
    drawn, found = draw(seed), Found()
    margins = (written_margin("g: u=0.3, v=0.4, w=0.3"), written_margin("age: mid=0.4, old=0.3, young=0.3"))
    survey = drawn.by_psus()
    for trim in (None, (0.3, 2.5)):
        made = make(survey, Wanted(margins=margins, trim=trim))
        new = weighted(survey, made, "new")
        for row, share in zip(st.summarize(new, "g").rows, (0.3, 0.4, 0.3), strict=True):
            found.same(f"margin {row.level}", row.estimate, share, max(1e-8, 2 * made.gap))
            if made.calibrated is not None:
                found.same(f"error of margin {row.level}", row.se, 0.0)
            elif not (row.se or 0) > 0:
                found.wrong.append(f"trimmed {row.level} has no error")
    return found


def less_is_never_gentler(seed: int) -> Found:
    """Of two figures that differ in df, or in n and its error, no scheme is gentler to the one with less."""
    dice, found = np.random.default_rng(seed), Found()
    rank = {None: 0, "mark": 1, "withhold": 2}
    from surveytool.disclosure_control.reliability_measures import measures
    from surveytool.estimate.result import Estimates, Row

    estimates = rows_of_one_table()
    for _ in range(40):
        p, n = float(np.round(dice.uniform(0.02, 0.98), 3)), int(dice.integers(8, 400))
        se, df = float(np.sqrt(p * (1 - p) / n) * dice.uniform(0.8, 2)), float(dice.integers(1, 60))
        rich = Row(table="t", variable="c", estimate=p, se=se, df=df, deff=1.2, cv=se / p, count=round(n * p), n=n)
        poorer = (
            {"df": 0.0, "cv": None, "deff": None}, {"df": 0.0, "se": None, "cv": None, "deff": None},
            {"df": max(df - 5, 0.0)},
            {"n": max(n // 2, 1), "count": round(max(n // 2, 1) * p), "se": 1.5 * se, "cv": 1.5 * se / p},
        )  # fmt: skip
        for name in SCHEMES:
            for statistic in ("proportion", "mean", "total"):
                table: Estimates = estimates(statistic)
                judged = scheme(name).judge(statistic, measures(rich, table))
                for change in poorer:
                    less = scheme(name).judge(statistic, measures(_changed(rich, change), table))
                    found.numbers += 1
                    before, after = (rank[rule.action if rule is not None else None] for rule in (judged, less))
                    if after < before:
                        found.wrong.append(f"{name} {statistic} {rich} {change}: {before} then {after}")
    return found


def rows_of_one_table() -> Callable[[str], Any]:
    """A table of each statistic, of which only the statistic is looked at."""
    survey = st.read(pa.table({"c": ["a", "b"] * 6, "y": [1.5, 2.5, 3.5] * 4}), kinds={"c": "single", "y": "number"})
    asked = [("c", "proportion"), ("y", "mean"), ("c", "total")]
    made = tabulate(survey, [st.Request(variable=name, statistic=stat) for name, stat in asked]).estimates
    return lambda statistic: made[("proportion", "mean", "total").index(statistic)]


def _changed(row: Any, change: dict[str, Any]) -> Any:
    from dataclasses import replace

    return replace(row, **change)


LAWS: dict[str, Callable[[int], Found]] = {
    "a jackknife is its PSUs": jackknife_is_its_psus,
    "complements and differences have one error": complements_and_differences,
    "order, names and units change nothing": nothing_but_totals,
    "calibrated margins are met": calibrated_margins_are_met,
    "less information is never treated more gently": less_is_never_gentler,
    "published claims are figures, in every design": claims_are_figures,
    "files in parts are one file": files_are_one,
    "a group is its own domain": groups_are_domains,
}


def seeds(first: int, count: int) -> Iterator[int]:
    yield from range(first, first + count)


__all__ = ["KINDS", "LAWS", "Drawn", "Found", "seeds"]

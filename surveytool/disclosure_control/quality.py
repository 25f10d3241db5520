"""Figures judged by a reliability scheme: marked, or withheld with their n left."""

from __future__ import annotations

from dataclasses import replace

from surveytool.disclosure_control.reliability_measures import measures
from surveytool.disclosure_control.reliability_scheme import Rule, Scheme, scheme
from surveytool.estimate.result import Estimates, Results, Row
from surveytool.notes import note


def assess(results: Results, name: str) -> Results:
    """The results with the flags of a scheme; figures without an interval are judged too, undefined ones stay."""
    chosen = scheme(name)
    if not chosen.rules:
        return results
    made = tuple(_judged(estimate, chosen) for estimate in results.estimates)
    gone = {
        (row.table, row.group, row.level_code)
        for before, after in zip(results.estimates, made, strict=True)
        for old, row in zip(before.rows, after.rows, strict=True)
        if old.estimate is not None and row.estimate is None
    }
    tests = tuple(
        test for test in results.tests
        if not any((test.table, group, test.level_code) in gone for group in test.pair or ())
    )  # fmt: skip
    withheld = len(gone)
    marked = sum(row.flag is not None and row.flag.startswith(_stem(chosen)) for each in made for row in each.rows)
    said = note("quality", scheme=name, n=marked - withheld, withheld=withheld)
    return replace(results, estimates=made, tests=tests, notes=(*results.notes, said))


def _stem(chosen: Scheme) -> str:
    return chosen.name.partition(":")[0].replace("-", "_")


def _judged(estimates: Estimates, chosen: Scheme) -> Estimates:
    statistic = "mean" if estimates.statistic not in ("proportion", "total", "mean") else estimates.statistic
    rows = []
    for row in estimates.rows:
        free = row.flag in (None, "no_df") and row.estimate is not None
        rule = chosen.judge(statistic, measures(row, estimates)) if free else None
        rows.append(row if rule is None else _flagged(row, rule))
    return replace(estimates, rows=tuple(rows))


def _flagged(row: Row, rule: Rule) -> Row:
    if rule.action == "mark":
        return replace(row, flag=rule.flag)
    return replace(
        row, estimate=None, se=None, ci_low=None, ci_high=None, deff=None, cv=None, count=None, flag=rule.flag
    )

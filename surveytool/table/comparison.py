"""Tests arranged for a reader: one table a question, and its differences as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from surveytool.estimate.decimals import decimals_of
from surveytool.estimate.result import Estimates, Results, Test
from surveytool.table import table_words
from surveytool.table.table_parts import Cell, Column, Number, Table, TableRow
from surveytool.text import NOTHING, Words

MOST_PAIRS = 30
MOST_SENTENCES = 8


def arrange_tests(estimates: Estimates, results: Results, words: Words, *, decimals: int | None = None) -> Table | None:
    """The tests of one question as a table; None where there are none."""
    tests = [test for test in results.tests if test.table == estimates.id]
    if not tests:
        return None
    places = decimals_of(estimates, decimals)
    shown, hidden = _shown(tests, estimates)
    rows = [
        row for by in dict.fromkeys(test.by for test in shown) for row in _rows(by, shown, estimates, words, places)
    ]
    notes = [words.word("tests_note")] if any(test.p_adjusted is not None for test in tests) else []
    if hidden:
        notes.append(words.fill("tests_hidden", n=hidden))
    if results.design.sample not in table_words.RANDOM:
        notes.append(words.word("tests_indicative"))
    return Table(
        id=f"{estimates.id}_tests",
        title=words.fill("tests_title", variable=estimates.label or estimates.request.variable),
        columns=(
            Column(key="estimate", label=words.word("estimate_head")),
            Column(key="interval", label=table_words.interval_head(estimates, words), role="interval"),
            Column(key="p", label="p"),
            Column(key="p_adjusted", label=words.word("p_adjusted_head")),
        ),
        rows=tuple(rows),
        notes=(*sentences(estimates, results, words, decimals=decimals), *notes),
    )


def _shown(tests: list[Test], estimates: Estimates) -> tuple[list[Test], int]:
    """Tests for the eye: two answers mirror each other, and of many pairs only those that differ."""
    mirrored = estimates.codes[1] if len(estimates.codes) == 2 and not estimates.multiple else None
    kept = [test for test in tests if mirrored is None or test.level_code != mirrored]
    pairs = [test for test in kept if test.groups is not None]
    if len(pairs) <= MOST_PAIRS:
        return kept, 0
    alpha = 1 - estimates.request.level
    told = [test for test in kept if test.groups is None or (test.p_adjusted is not None and test.p_adjusted < alpha)]
    return told, len(kept) - len(told)


def _rows(
    by: tuple[str, ...], tests: list[Test], estimates: Estimates, words: Words, places: int
) -> Iterator[TableRow]:
    titles = {breakdown.names: table_words.heading(breakdown) for breakdown in estimates.breakdowns}
    yield TableRow(label=titles.get(by, ":".join(by)), kind="group_head")
    code: str | None = None
    for test in (candidate for candidate in tests if candidate.by == by):
        if test.level is not None and test.level_code != code:
            yield TableRow(label=table_words.label(test.level, words), kind="group_head", indent=1)
        code = test.level_code
        yield _row(test, estimates, words, places)


def _row(test: Test, estimates: Estimates, words: Words, places: int) -> TableRow:
    name = words.word(f"test_{test.test.replace('-', '_')}")
    label = name
    if test.groups is not None:
        between = words.fill("pair_ratio" if test.test == "ratio" else "pair", a=test.groups[0], b=test.groups[1])
        label = between if test.test in ("difference", "ratio", "change") else f"{name}, {between}"
    share = estimates.statistic == "proportion" and test.test not in ("ratio", "rank")
    digits = 2 if test.test == "ratio" else 3 if test.test == "rank" else places
    scale = 100 if share else 1
    value = NOTHING if test.estimate is None else words.number(test.estimate * scale, digits)
    interval = words.interval(test.ci_low, test.ci_high, digits, share) if test.ci_low is not None else ""
    if test.order:
        label = f"{label} ({', '.join(test.order)})"
    if test.groups is None or test.test in ("t", "rank"):
        label = f"{label} {_statistic(test, words)}"
    if test.reason is not None:
        label = f"{label} ({words.word(f'no_test_{test.reason}')})"
    number = Number(decimals=digits, share=share)
    cells = (
        Cell() if test.estimate is None else Cell(value=value, number=replace(number, value=test.estimate)),
        Cell(value=interval, number=replace(number, low=test.ci_low, high=test.ci_high) if interval else None),
        p_cell(p_text(test.p, words), test.p),
        p_cell("" if test.p_adjusted is None else p_text(test.p_adjusted, words), test.p_adjusted),
    )
    return TableRow(label=label, indent=2 if test.level is not None else 1, cells=cells)


def _statistic(test: Test, words: Words) -> str:
    """``F(2, 38.4) = 13.5``, ``t(196) = 2.1``, ``X²(2) = 26.2``."""
    if test.statistic is None:
        return NOTHING
    value = words.number(test.statistic, 2)
    df1, df2 = (None if df is None else words.number(df, 0 if float(df).is_integer() else 1) for df in
                (test.df1, test.df2))  # fmt: skip
    if test.test in ("difference", "ratio", "change", "t", "trend") or (test.test == "rank" and test.groups):
        return f"t({df2}) = {value}"
    if test.test == "rao-scott-chisq":
        return f"X²({df1}) = {value}"
    return f"F({df1}; {df2}) = {value}" if words.marks.decimal == "," else f"F({df1}, {df2}) = {value}"


def p_text(p: float | None, words: Words) -> str:
    """Three decimals; below that ``<0.001``."""
    if p is None:
        return NOTHING
    return f"<{words.number(0.001, 3)}" if p < 0.001 else words.number(p, 3)


def p_cell(text: str, p: float | None) -> Cell:
    """A p value as a cell."""
    return Cell(value=text, number=None if p is None else Number(value=p, decimals=3))


def sentences(estimates: Estimates, results: Results, words: Words, *, decimals: int | None = None) -> tuple[str, ...]:
    """Differences in words; of many only those that differ."""
    shown, _ = _shown([test for test in results.tests if test.table == estimates.id], estimates)
    pairs = [test for test in shown if test.test == "difference" and test.estimate is not None]
    if len(pairs) > MOST_SENTENCES:
        alpha = 1 - estimates.request.level
        pairs = [pair for pair in pairs if pair.p_adjusted is not None and pair.p_adjusted < alpha][:MOST_SENTENCES]
    return tuple(filter(None, (sentence(pair, estimates, results, words, decimals) for pair in pairs)))


def sentence(test: Test, estimates: Estimates, results: Results, words: Words, decimals: int | None = None) -> str:
    """``Men 47.0%, women 35.0%: 12.0 points more (95% CI 3.4 to 20.5, p = 0.006).``; empty for other tests."""
    if test.test != "difference" or test.groups is None or test.estimate is None or test.ci_low is None:
        return ""
    share, places = estimates.statistic == "proportion", decimals_of(estimates, decimals)
    values = {row.group: row.estimate for row in estimates.rows if row.level_code == test.level_code}
    shown = [values.get(group) for group in test.pair or ()]
    if None in shown:
        return ""
    said = [words.percent(number, places) if share else words.number(number, places) for number in shown]
    scale = 100 if share else 1
    low, high = (test.ci_low, test.ci_high) if test.estimate >= 0 else (-(test.ci_high or 0), -test.ci_low)
    random = results.design.sample in table_words.RANDOM
    p = p_text(test.p if test.p_adjusted is None else test.p_adjusted, words)
    key = ("more" if test.estimate >= 0 else "less") + ("_points" if share else "_units")
    return words.fill(
        "compare_sentence" if random else "compare_sentence_indicative",
        level_text=""
        if test.level is None
        else words.fill("compare_level", level=table_words.label(test.level, words)),
        a=test.groups[0],
        x=said[0],
        b=test.groups[1],
        y=said[1],
        how=words.fill(f"compare_{key}", d=words.number(abs(test.estimate) * scale, places)),
        level=words.level(estimates.request.level),
        low=words.number((low or 0) * scale, places),
        high=words.number((high or 0) * scale, places),
        p=p if p.startswith("<") else f"= {p}",
    )

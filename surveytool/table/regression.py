"""A fitted model arranged for a reader: coefficients or ratios, tests of whole terms, marginal effects."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from surveytool.estimate.result import Effect, Model, Results, Term
from surveytool.table import table_words
from surveytool.table.comparison import p_cell, p_text
from surveytool.table.table_parts import Cell, Column, Number, Table, TableRow
from surveytool.text import NOTHING, Words


def arrange_model(model: Model, results: Results, words: Words, *, decimals: int | None = None) -> tuple[Table, ...]:
    """The model's tables: its terms, and its average marginal effects where it has them."""
    tables = [_terms(model, results, words, 3 if decimals is None else decimals)]
    if model.effects:
        tables.append(_effects(model, words, decimals))
    return tuple(tables)


def _heads(model: Model, words: Words, first: str) -> tuple[Column, ...]:
    return (
        Column(key="estimate", label=first),
        Column(key="interval", label=words.fill("ci", level=words.level(model.level)), role="interval"),
        Column(key="p", label="p"),
    )


def _terms(model: Model, results: Results, words: Words, places: int) -> Table:
    ratio = model.family != "linear"
    head = {"linear": "coefficient", "logistic": "odds_ratio", "poisson": "rate_ratio"}[model.family]
    outcome = f"{model.outcome} = {model.event}" if model.event is not None else model.outcome
    notes = [words.say(note) for note in model.notes]
    if results.design.sample not in table_words.RANDOM:
        notes.append(words.word("tests_indicative"))
    return Table(
        id="model",
        title=words.fill(f"model_{model.family}", outcome=outcome),
        subtitle=model.formula,
        columns=_heads(model, words, words.word(head)),
        rows=tuple(_term_rows(model, words, 2 if ratio and places == 3 else places)),
        base=words.fill("model_base", n=model.n, df=model.terms[0].df if model.terms else 0),
        notes=tuple(notes),
    )


def _term_rows(model: Model, words: Words, places: int) -> Iterator[TableRow]:
    tested = {test.term: test for test in model.tests if test.df1 > 1}
    last = ""
    for term in model.terms:
        if term.term == "(Intercept)" and model.family != "linear":
            continue  # a constant is no ratio; csv and json have it
        parts = [part.partition(": ") for part in term.term.split(" × ")]
        whole = " × ".join(name for name, _, _ in parts)
        label = " × ".join(text or name for name, _, text in parts)
        if whole in tested and whole != last:
            p = p_text(tested[whole].p, words)
            yield TableRow(label=words.fill("whole_term", term=whole), indent=0, cells=_cells("", "", p))
        last = whole
        inside = whole in tested
        yield _term(term, label if inside else term.term, 1 if inside else 0, words, places)


def _term(term: Term, label: str, indent: int, words: Words, places: int) -> TableRow:
    ends = (term.estimate, term.ci_low, term.ci_high)
    value, low, high = (_exp(end) for end in ends) if term.exponential else ends
    text = label if term.term != "(Intercept)" else words.word("intercept")
    texts = (words.number(value, places), words.interval(low, high, places, False), p_text(term.p, words))
    none = math.isnan(low)
    number = Number(value=value, low=None if none else low, high=None if none else high, decimals=places)
    cells = _numbered(texts, number, term.p)
    return TableRow(label=text, indent=indent, cells=cells)


def _exp(value: float) -> float:
    return math.inf if value >= 700 else math.exp(value)


def _effects(model: Model, words: Words, decimals: int | None) -> Table:
    share = model.family == "logistic"
    places = (1 if share else 3) if decimals is None else decimals
    return Table(
        id="effects",
        title=words.word("effects_points" if share else "effects_units"),
        columns=_heads(model, words, words.word("effect")),
        rows=tuple(_effect(effect, share, words, places) for effect in model.effects),
        notes=(words.word("effects_note"),),
    )


def _effect(effect: Effect, share: bool, words: Words, places: int) -> TableRow:
    value = words.number(effect.estimate * (100 if share else 1), places)
    interval = NOTHING
    if effect.ci_low is not None:
        interval = words.interval(effect.ci_low, effect.ci_high, places, share)
    number = Number(value=effect.estimate, low=effect.ci_low, high=effect.ci_high, decimals=places, share=share)
    return TableRow(label=effect.term, cells=_numbered((value, interval, p_text(effect.p, words)), number, effect.p))


def _cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(value=text) for text in texts)


def _numbered(texts: tuple[str, str, str], number: Number, p: float | None) -> tuple[Cell, ...]:
    """Estimate, interval and p value with the numbers behind them."""
    value, interval, said = texts
    return (
        Cell(value=value, number=replace(number, low=None, high=None)),
        Cell(value=interval, number=replace(number, value=None) if number.low is not None else None),
        p_cell(said, p),
    )

"""Kinds that may be mistaken: numbers read as categories, and the reverse; texts that hold numbers or dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveytool.checks.dates import look_like_days
from surveytool.checks.finding import Finding, finding
from surveytool.checks.labels import labelled
from surveytool.checks.raw_survey import RawSurvey
from surveytool.reading import looks_like_design, looks_like_identifier
from surveytool.reading.typed_text import NUMBER
from surveytool.survey import Variable

MOST_CATEGORIES = 20
ENOUGH = 5


def kinds(raw: RawSurvey) -> Iterator[Finding]:
    """Every question that stands in one column."""
    inside = raw.options
    taken = set(raw.design.columns())
    integers, coded = [], []
    for name, variable in raw.book.items():
        column = variable.columns[0] if len(variable.columns) == 1 else name
        if variable.kind == "multiple" or column not in raw.names or name in inside or raw.of_a_route(name):
            continue
        if variable.kind == "single" and raw.is_number(column) and _bare(variable):
            integers.append(name)
        elif variable.kind == "number" and name not in taken and _few(raw, name, column):
            coded.append(name)
        elif variable.kind in ("single", "text") and not raw.is_number(column):
            yield from _texts(raw, variable, column)
    if integers:
        yield finding("note", "numbers_as_categories", *integers, cure="numbers_as_categories", column=integers[0],
                      n=len(integers))  # fmt: skip
    if coded:
        yield finding("note", "categories_as_numbers", *coded, cure="categories_as_numbers", column=coded[0],
                      n=len(coded))  # fmt: skip


def _bare(variable: Variable) -> bool:
    valid = [level for level in variable.valid_levels() if level.count]
    return len(valid) > 2 and not any(labelled(level) for level in variable.levels)


def _few(raw: RawSurvey, name: str, column: str) -> bool:
    """A number with few distinct whole values from 0 or 1 on, without gaps: perhaps codes of answers."""
    if looks_like_design(name) or looks_like_identifier(name):
        return False
    values = sorted(float(value) for value in raw.keys(column)[1])
    if not 2 < len(values) <= MOST_CATEGORIES or any(not value.is_integer() for value in values):
        return False
    return values[0] in (0, 1) and values[-1] - values[0] == len(values) - 1


def _texts(raw: RawSurvey, variable: Variable, column: str) -> Iterator[Finding]:
    """A text column in which nearly every answer is a number or a date."""
    if any(labelled(level) for level in variable.levels):
        return
    texts = raw.texts(column)
    if len(texts) < ENOUGH:
        return
    numbers = sum(bool(re.fullmatch(NUMBER, text)) for text in texts)
    if look_like_days(texts):
        yield finding("note", "dates_as_text", variable.name, cure="dates_as_text")
    elif 0.8 * len(texts) <= numbers < len(texts) and not variable.sensitive:
        yield finding("warning", "numbers_as_text", variable.name, cure="numbers_as_text", n=len(texts) - numbers)

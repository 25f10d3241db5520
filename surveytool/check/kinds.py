"""Kinds that may be mistaken: numbers read as categories, and the reverse; texts that hold numbers or dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveytool.check.dates import look_like_days
from surveytool.check.ground import Ground
from surveytool.check.labels import labelled
from surveytool.check.model import Finding, finding
from surveytool.reading import looks_like_design, looks_like_identifier
from surveytool.reading.plain import NUMBER
from surveytool.survey import Variable

MOST_CATEGORIES = 20
ENOUGH = 5


def kinds(ground: Ground) -> Iterator[Finding]:
    """Every question that stands in one column."""
    inside = ground.options
    taken = set(ground.design.columns())
    integers, coded = [], []
    for name, variable in ground.book.items():
        column = variable.columns[0] if len(variable.columns) == 1 else name
        if variable.kind == "multiple" or column not in ground.names or name in inside or ground.of_a_route(name):
            continue
        if variable.kind == "single" and ground.is_number(column) and _bare(variable):
            integers.append(name)
        elif variable.kind == "number" and name not in taken and _few(ground, name, column):
            coded.append(name)
        elif variable.kind in ("single", "text") and not ground.is_number(column):
            yield from _texts(ground, variable, column)
    if integers:
        yield finding("note", "numbers_as_categories", *integers, cure="numbers_as_categories", column=integers[0],
                      n=len(integers))  # fmt: skip
    if coded:
        yield finding("note", "categories_as_numbers", *coded, cure="categories_as_numbers", column=coded[0],
                      n=len(coded))  # fmt: skip


def _bare(variable: Variable) -> bool:
    valid = [each for each in variable.valid_levels() if each.count]
    return len(valid) > 2 and not any(labelled(each) for each in variable.levels)


def _few(ground: Ground, name: str, column: str) -> bool:
    """A number with few distinct whole values from 0 or 1 on, without gaps: perhaps codes of answers."""
    if looks_like_design(name) or looks_like_identifier(name):
        return False
    values = sorted(float(value) for value in ground.keys(column)[1])
    if not 2 < len(values) <= MOST_CATEGORIES or any(not value.is_integer() for value in values):
        return False
    return values[0] in (0, 1) and values[-1] - values[0] == len(values) - 1


def _texts(ground: Ground, variable: Variable, column: str) -> Iterator[Finding]:
    """A text column in which nearly every answer is a number or a date."""
    if any(labelled(each) for each in variable.levels):
        return
    texts = ground.texts(column)
    if len(texts) < ENOUGH:
        return
    numbers = sum(bool(re.fullmatch(NUMBER, text)) for text in texts)
    if look_like_days(texts):
        yield finding("note", "dates_as_text", variable.name, cure="dates_as_text")
    elif 0.8 * len(texts) <= numbers < len(texts) and not variable.sensitive:
        yield finding("warning", "numbers_as_text", variable.name, cure="numbers_as_text", n=len(texts) - numbers)

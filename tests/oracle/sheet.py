"""A survey as the columns of one file: what stands in each cell, and what the truth knows of it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from oracle.truth import Flags, Floats, Question, Truth

Token = Hashable
FEW = 10  # whole numbers that may well be codes


@dataclass
class Column:
    """One column; ``tokens`` are the answers that its cells stand for, ``names`` what a reader calls them."""

    name: str
    cells: list[Any]
    question: str = ""
    kind: str = "single"
    label: str = ""
    labels: dict[int, str] = field(default_factory=dict)
    missing: list[int] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    real: Flags | None = None
    numbers: Floats | None = None
    names: dict[Token, str] = field(default_factory=dict)
    option: int | None = None
    habits: set[str] = field(default_factory=set)


@dataclass
class Several:
    """How a question with several answers stands in the file: its columns, and the names of its options."""

    question: str
    columns: list[str]
    parent: str | None
    options: list[set[str]]  # every name that an option may be printed by
    habits: set[str] = field(default_factory=set)


@dataclass
class Sheet:
    """One file before it is written."""

    truth: Truth
    platform: str
    columns: list[Column]
    several: list[Several] = field(default_factory=list)
    weights: str = "w"
    habits: set[str] = field(default_factory=set)
    personal: list[str] = field(default_factory=list)
    grouped: bool = False  # whether the personal columns stand in a group of the form
    above: list[list[str]] = field(default_factory=list)  # rows between the names and the respondents
    blocks: bool = False  # whether it is read as large data are

    def column(self, name: str) -> Column:
        return next(each for each in self.columns if each.name == name)


def text_of(code: float) -> str:
    """A code as text."""
    return str(int(code)) if float(code).is_integer() else repr(float(code))


def single(question: Question, style: str, name: str = "") -> Column:
    """One answer: ``labelled`` codes, bare ``codes``, or the ``words`` of the labels."""
    column = Column(name or question.name, [], question.name, label=question.label, habits=set(question.habits))
    held = [None if np.isnan(value) else int(value) for value in question.values]
    said = {code: question.labels.get(code, str(code)) for code in {each for each in held if each is not None}}
    if style == "words":
        column.cells = [None if code is None else said[code] for code in held]
        column.tokens = list(column.cells)
        column.names = {text: text for text in said.values()}
        column.habits -= {"duplicate labels", "one code without a label"}
        column.habits -= {"labels that are other codes", "labels equal to codes"}
    else:
        column.cells = [None if code is None else float(code) for code in held]
        column.tokens = list(held)
        column.names = {code: said[code] if style == "labelled" else str(code) for code in said}
        if style == "labelled":
            column.labels = dict(question.labels)
            column.missing = sorted(question.non_answers) if question.declared else []
        else:
            column.habits -= {"duplicate labels", "labels that are other codes", "labels equal to codes"}
            column.habits -= {"one code without a label", "answers that sound like non-answers"}
            column.habits -= {
                "labelled non-answers",
                "declared non-answers",
            }  # no file of bare codes says which they are
    if question.declared and style != "labelled" and "declared non-answers" in column.habits:
        column.habits = (column.habits - {"declared non-answers"}) | {"labelled non-answers"}
    column.real = ~np.isnan(question.values) if style == "codes" else question.real
    return column


def number(question: Question, style: str, name: str = "") -> Column:
    """A number; its labelled non-answers stay codes where the file can label them, and are blanks elsewhere."""
    column = Column(name or question.name, [], question.name, "number", question.label, habits=set(question.habits))
    column.real = question.real
    column.numbers = np.where(question.real, question.values, np.nan)
    values = question.values if style == "labelled" else column.numbers
    column.cells = [None if np.isnan(value) else float(value) for value in values]
    if style == "labelled":
        column.labels = dict(question.labels)
        column.missing = sorted(question.non_answers) if question.declared else []
    else:
        column.habits = set()
    held = {cell for cell in column.cells if cell is not None}
    if len(held) <= FEW and all(float(cell).is_integer() for cell in held):
        column.habits.add("few whole numbers")
    return column


def day(question: Question) -> Column:
    """A date."""
    cells = [np.datetime64(int(value), "D").item() for value in question.values]
    column = Column(question.name, cells, question.name, "date", question.label)
    column.numbers = question.values
    column.real = question.real
    return column


def weights(truth: Truth, name: str = "w") -> Column:
    """The weights as the file holds them."""
    return Column(name, [float(each) for each in truth.weights * truth.scale], kind="weights", label="Final weight")


def design(truth: Truth) -> list[Column]:
    """The strata and the sampling units."""
    made = (("stratum", truth.strata, "Stratum"), ("psu", truth.units, "Sampling unit"))
    return [Column(name, [float(each) for each in codes], name, "design", label) for name, codes, label in made]


def personal(truth: Truth, prefix: str = "") -> list[Column]:
    """Names and telephones of the respondents."""
    return [Column(f"{prefix}{name}", list(cells), kind="personal", label=name.replace("_", " ").capitalize())
            for name, cells in truth.personal.items()]  # fmt: skip


def questions(truth: Truth, style: str, rng: np.random.Generator) -> list[Column]:
    """Every question but those with several answers, in one style."""
    made = []
    for question in truth.questions.values():
        if question.kind == "single":
            made.append(single(question, style))
        elif question.kind == "number":
            made.append(number(question, style))
        elif question.kind == "date":
            made.append(day(question))
    return made


def options(truth: Truth, names: list[str], marks: tuple[Any, Any, Any]) -> list[Column]:
    """One column an option: the marks of chosen, not chosen and not asked; a mark ``*`` is the option's label."""
    question = truth.questions["apps"]
    assert question.chosen is not None and question.asked is not None
    made = []
    for place, (name, (_, label)) in enumerate(zip(names, question.options, strict=True)):
        yes, no, never = (label if mark == "*" else mark for mark in marks)
        cells = [
            (yes if chosen else no) if asked else never
            for chosen, asked in zip(question.chosen[:, place], question.asked, strict=True)
        ]
        column = Column(name, cells, "apps", "option", f"{question.label} {label}", option=place)
        column.habits = set(question.habits)
        made.append(column)
    return made


def list_cells(truth: Truth, joined: str, by_label: bool, end: str = "") -> list[str | None]:
    """The chosen options of each respondent in one cell."""
    question = truth.questions["apps"]
    assert question.chosen is not None
    words = [label if by_label else name for name, label in question.options]
    cells: list[str | None] = []
    for row in question.chosen:
        text = joined.join(word for word, chosen in zip(words, row, strict=True) if chosen)
        cells.append(text + end if text else None)
    return cells

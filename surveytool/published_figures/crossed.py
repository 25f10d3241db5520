"""Shares of all with an interval: a group and an answer together as one answer of everybody.

``47% of respondents are men who use them`` is a share of the crossed question
of ``sm_use`` and ``sex``. ``asker`` answers requests about such names by adding the crossed
column, so that its variance comes out of the same pass as every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from surveytool.estimate.result import Results, Row
from surveytool.published_figures.claim_requests import Ask
from surveytool.published_figures.claims import Claim
from surveytool.survey import Codebook, Level, Request, Survey, Variable

LINK = " · "
CROSS = "\x1f"  # no column of a file is named with it


def asker(survey: Survey, *, interval: str | None = None, level: float = 0.95) -> Ask:
    """What ``verify`` asks: a survey's estimates of many requests in one pass, with one kind of interval."""

    def ask(requests: Sequence[Request]) -> Results:
        from surveytool.tabulation import tabulate

        asked = [replace(request, interval=interval, level=level) for request in requests]
        return tabulate(_extended(survey, {request.variable for request in asked}), asked)

    return ask


def crossed_request(claim: Claim) -> Request | None:
    """The request for a claim that is a share of all; None for every other claim."""
    plain = claim.base == "answered" and claim.stat in (None, "proportion")
    if claim.percent_of != "all" or not claim.by or claim.variable is None or not plain:
        return None
    return Request(variable=CROSS.join([claim.variable, *claim.by]), statistic="proportion", where=claim.where)


def crossed_label(row: Row) -> str:
    """The crossed answer that a row of a group stands for."""
    return LINK.join([row.level or "", *row.by.values()])


def _extended(survey: Survey, names: Iterable[str]) -> Survey:
    """The survey with a column for every crossed name that is asked about."""
    crossable = [name for name in sorted(names) if name not in survey.codebook and _crossable(survey, name)]
    if not crossable:
        return survey
    from surveytool.recoding.apply import extended
    from surveytool.recoding.recode_result import Made

    def crossed(columns: Any, name: str) -> Made:
        texts, variable = _cross(columns, name)
        return Made(variables=(variable,), columns={name: texts})

    for name in crossable:
        survey = extended(survey, partial(crossed, name=name), name.split(CROSS))
    return survey


def _crossable(survey: Survey, name: str) -> bool:
    parts = name.split(CROSS)
    known_parts = all(part in survey.codebook for part in parts)
    return len(parts) > 1 and known_parts and all(survey.codebook[part].kind == "single" for part in parts)


def _cross(columns: Any, name: str) -> tuple[Any, Variable]:
    """The crossed answers of every row, and the question they make; who is in no group stays in the base."""
    import pyarrow as pa

    from surveytool.aggregate.question import answers

    everybody = np.ones(columns.rows, dtype=bool)
    book = columns.survey.codebook
    ready = [answers(columns, book[part], "levels", "answered", None, everybody) for part in name.split(CROSS)]
    codes = [np.array([*(code for _, code in answers.levels), ""], dtype=object) for answers in ready]
    texts = codes[0][ready[0].key]
    for code_texts, answer in zip(codes[1:], ready[1:], strict=True):
        texts = texts + LINK + code_texts[answer.key]
    texts[ready[0].key < 0] = None
    return pa.array(list(texts), type=pa.string()), crossed_variable(name, [answers.levels for answers in ready])


def crossed_variables(book: Codebook, names: Iterable[str]) -> dict[str, Variable]:
    """The crossed questions among some names, as a codebook has their parts."""
    from surveytool.aggregate.question import option_labels

    return {
        name: crossed_variable(name, [option_labels(book[part]) for part in name.split(CROSS)])
        for name in names if name not in book and CROSS in name and all(part in book for part in name.split(CROSS))
    }  # fmt: skip


def crossed_variable(name: str, answers: Sequence[Sequence[tuple[str, str]]]) -> Variable:
    """The question of a crossed name, from the labels and codes of its parts; "" stands for who is in no group."""
    choices = product(answers[0], *([*part_levels, ("", "")] for part_levels in answers[1:]))
    levels = tuple(
        Level(code=LINK.join(code for _, code in choice), label=LINK.join(label for label, _ in choice), order=index)
        for index, choice in enumerate(choices)
    )
    return Variable(name=name, kind="single", label=name, levels=levels, columns=(name,))

"""Questions that a list of analysis asks for: a number whose blank is 0, answers counted and combined."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from surveytool.analysis_list.analysis_line import AnalysisLine
from surveytool.recoding.apply import extended
from surveytool.recoding.recode_result import Made, category, level_of
from surveytool.survey import Survey, Variable, code_text, find_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.aggregate.encoded_columns import Columns

NONE, ONE, MANY = "No choice selected", "Selected exactly 1 choice", "Selected more than 1 choice"


def or_zero(survey: Survey, name: str, source: str) -> Survey:
    """The survey with a number in which a blank of another is 0."""

    def make(columns: Columns) -> Made:
        import pyarrow as pa

        from surveytool import arrow

        values = np.nan_to_num(columns.numbers(source), nan=0.0)
        everybody = np.ones(columns.rows, dtype=bool)
        label = survey.codebook[source].label
        variable = Variable(name=name, kind="number", label=label, columns=(name,), n=columns.respondents)
        return Made(variables=(variable,), columns={name: arrow.fixed(values, everybody, pa.float64())})

    return extended(survey, make, (source,))


def selections(survey: Survey, name: str, line: AnalysisLine, settings: Mapping[str, str]) -> Survey:
    """The survey with the number of answers that each respondent chose: none, one, more."""

    def make(columns: Columns) -> Made:
        options = [code_text(valid_level.code) for valid_level in survey.codebook[line.variable].valid_levels()]
        flags = _flags(columns, line.variable, options)
        count = (flags == 1).sum(axis=1)
        codes = np.where(_left_out(columns, line), -1, np.minimum(count, 2)).astype(np.int32)
        texts = [settings.get(f"count_selections_label_{key}", text) for key, text in
                 (("none", NONE), ("one", ONE), ("many", MANY))]  # fmt: skip
        return category(name, survey.codebook[line.variable].label, [level_of(text, text) for text in texts], codes)

    return extended(survey, make, (line.variable,))


def combinations(survey: Survey, name: str, line: AnalysisLine, settings: Mapping[str, str]) -> Survey:
    """The survey with which of some answers each respondent chose together; all of them add up to everybody."""
    joiner = settings.get("count_combinations_joiner", " + ")
    nothing = settings.get("count_combinations_none_label", "None of these")

    def make(columns: Columns) -> Made:
        variable = survey.codebook[line.variable]
        places = [find_level(variable.levels, label, line.variable) for label, _ in line.options]
        codes = [code_text(variable.levels[place].code) for place in places if place is not None]
        shown = [text for place, (_, text) in zip(places, line.options, strict=True) if place is not None]
        flags = _flags(columns, line.variable, codes) == 1
        patterns = sorted(product((True, False), repeat=len(codes)), key=lambda each: -sum(each))
        made = np.full(columns.rows, -1, dtype=np.int32)
        for index, pattern in enumerate(patterns):
            made[(flags == np.array(pattern)).all(axis=1)] = index
        made[_left_out(columns, line)] = -1
        texts = [joiner.join(text for text, there in zip(shown, pattern, strict=True) if there) or nothing
                 for pattern in patterns]  # fmt: skip
        return category(name, variable.label, [level_of(text, text) for text in texts], made)

    return extended(survey, make, (line.variable,))


def _flags(columns: Columns, name: str, codes: list[str]) -> NDArray[np.int8]:
    """Whether each answer was chosen [rows, answers]: 1, 0, -1 where that is not known."""
    from surveytool.recoding.derived import truth
    from surveytool.recoding.recode_types import Answered

    return np.stack([truth(columns, Answered(variable=name, levels=(code,))) for code in codes], axis=1)


def _left_out(columns: Columns, line: AnalysisLine) -> NDArray[np.bool_]:
    """Who [rows] did not answer the question, or gave an answer that leaves the base."""
    variable = columns.survey.codebook[line.variable]
    flags = _flags(columns, line.variable, [code_text(valid_level.code) for valid_level in variable.valid_levels()])
    out = (flags < 0).all(axis=1)
    for text in line.exclude:
        place = find_level(variable.levels, text, line.variable)
        if place is not None and variable.levels[place].missing is None:
            chosen = _flags(columns, line.variable, [code_text(variable.levels[place].code)])[:, 0] == 1
            out = np.logical_or(out, chosen)
    left: NDArray[np.bool_] = np.asarray(out, dtype=np.bool_)
    return left

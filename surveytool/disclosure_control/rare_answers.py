"""Answers that too few gave, put together before anything is counted: a name alone tells that somebody gave it.

A rare answer is one of fewer respondents than the smallest count, in the whole
file. Rare ones of a question become "Other answers", so that no table, chart,
codebook, model or claim can name them. The question gets columns of its own; those
of the file stay, since routes and scores may be made of them. Questions with two answers stay (the
questionnaire names both), and so do numbers and the columns of the design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from surveytool.notes import note
from surveytool.survey import Codebook, Level, Survey, Variable, code_text
from surveytool.survey.label import said

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.recoding.recode_result import Made

FEWEST = 3  # answers of a question, below which a name tells nothing that the questionnaire does not
CODE = "other_answers"
OWN = "{}//named"


def gathered(survey: Survey, least: int, kept: Sequence[str] = (), language: str = "en") -> Survey:
    """The survey with answers of fewer than ``least`` respondents put together, under a name in ``language``.

    Columns ``kept`` stay as they are.
    """
    from surveytool.recoding.apply import extended

    fixed = {*survey.design.columns(), *kept}
    found: list[str] = []
    gone: set[str] = set()
    for name, variable in list(survey.codebook.items()):
        if fixed & {name, *variable.columns} or not rare(variable, least):
            continue
        survey = extended(survey, partial(_made, variable, least), (name,))
        found.append(name)
        gone |= _columns_of_rare(variable, least)
    if not found:
        return survey
    book = {name: each for name, each in survey.codebook.items() if name not in gone}
    survey = replace(survey, codebook=Codebook({**book, **_named(survey, found, language)}))
    return replace(survey, notes=(*survey.notes, note("rare_answers", variables=tuple(found), cell=least)))


def _named(survey: Survey, names: Sequence[str], language: str) -> dict[str, Variable]:
    """The questions with their other answers named in a language."""
    from surveytool.recoding.recode_result import phrase

    labels = phrase("other_answers")
    book = survey.codebook
    return {
        name: replace(
            book[name],
            levels=tuple(
                replace(level, label=said(labels, language)) if str(level.code).startswith(CODE) else level
                for level in book[name].levels
            ),
        )
        for name in names
    }


def of_file(column: str) -> str:
    """What a column is called in the file.

    >>> of_file("nat//named"), of_file("apps//named/1"), of_file("sex")
    ('nat', 'apps/1', 'sex')
    """
    return column.replace(OWN.format(""), "", 1)


def rare(variable: Variable, least: int) -> list[int]:
    """The places of a question's rare answers among its valid ones; none where names tell nothing."""
    levels = variable.valid_levels()
    if variable.kind not in ("single", "multiple") or len(levels) < FEWEST or _numbers(levels):
        return []
    return [index for index, level in enumerate(levels) if 0 < level.count < least]


def _columns_of_rare(variable: Variable, least: int) -> set[str]:
    """The columns of rare options, which are questions of their own with that name."""
    if variable.kind != "multiple" or variable.counted is None or len(variable.columns) < 2:
        return set()
    return {variable.columns[place] for place in rare(variable, least)}


def _numbers(levels: Sequence[Level]) -> bool:
    return all(level.label.strip().replace(".", "", 1).replace("-", "", 1).isdigit() for level in levels)


def _made(variable: Variable, least: int, columns: Columns) -> Made:
    """The question with one answer for all rare ones, after the others."""
    from surveytool.recoding.recode_result import level_of, phrase

    levels, places = variable.valid_levels(), set(rare(variable, least))
    kept = [index for index in range(len(levels)) if index not in places]
    taken = {code_text(level.code) for level in levels}
    code = next(code for code in (CODE + "_" * turn for turn in range(len(levels) + 1)) if code not in taken)
    words = phrase("other_answers")
    same = next((at for at, place in enumerate(kept) if levels[place].label in words.values()), None)
    belongs = np.full(len(levels) + 1, -1, dtype=np.int32)
    belongs[kept] = np.arange(len(kept))
    belongs[sorted(places)] = len(kept) if same is None else same
    new = [replace(levels[place], code=code_text(levels[place].code)) for place in kept]
    new += [level_of(code, words)] if same is None else []
    made = (_several if variable.kind == "multiple" else _single)(columns, variable, new, belongs)
    own = made.variables[0]
    told = replace(
        variable, levels=own.levels, columns=own.columns, counted=own.counted, parent=own.parent, tags=own.tags,
        n=own.n, n_missing=own.n_missing,
    )  # fmt: skip
    return replace(made, variables=(told,))


def _single(columns: Columns, variable: Variable, new: list[Level], belongs: np.ndarray) -> Made:
    from surveytool.recoding.recode_result import category, gaps_of

    codes, own = columns.codes(variable.name)
    valid = iter(range(len(belongs) - 1))
    table = np.array([*(next(valid) if each.missing is None else -1 for each in own), -1])
    return category(
        OWN.format(variable.name), None, new, belongs[table[codes]], gaps_of(columns, variable), columns.sizes
    )


def _several(columns: Columns, variable: Variable, new: list[Level], belongs: np.ndarray) -> Made:
    from surveytool.recoding.answer_options import options
    from surveytool.recoding.recode_result import gaps_of

    chosen, answered = columns.chosen(variable)
    groups = belongs[:-1]
    flags = np.stack([chosen[:, groups == number].any(axis=1) for number in range(len(new))], axis=1)
    gaps = gaps_of(columns, variable)
    return options(OWN.format(variable.name), None, new, flags, answered, gaps, sizes=columns.sizes)

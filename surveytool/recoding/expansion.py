"""Weights of a sampling frame: N_h / n_h of each stratum h (Cochran 1977, chapter 5), counted when the data are read.

A stratum with respondents and no population stops; one with a population and no respondents is told, for nobody stands
for its people.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UsageError
from surveytool.notes import Note, note
from surveytool.recoding.level_lookup import level_at
from surveytool.recoding.recode_result import Made
from surveytool.recoding.recode_types import Expansion
from surveytool.survey import Variable, printed_names
from surveytool.survey.label import said, translations

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns

CURE = "Write populations = {North = 1200, South = 800}"


def faults(recode: Expansion) -> Iterator[UsageError]:
    """Populations that are none: absent, zero, negative, infinite."""
    if not recode.populations:
        yield UsageError("populations is empty.", "populations", CURE)
    for name, people in recode.populations.items():
        if not (people > 0 and math.isfinite(people)):
            yield UsageError(f"the population of {name!r} is {people:g}.", "populations", "Write numbers above 0.")


def sources(recode: Expansion) -> tuple[str, ...]:
    """The question whose answers are the strata."""
    return (recode.source,)


def make(columns: Columns, recode: Expansion) -> Made:
    """The weight of each respondent; ``UsageError`` for an answer without a population."""
    import pyarrow as pa

    from surveytool import arrow

    source = columns.survey.codebook[recode.source]
    populations, uncovered = _populations(recode, source)
    codes, levels = columns.codes(source.name)
    people = np.full(len(levels) + 1, np.nan)
    for place, level in enumerate(levels):
        people[place] = populations.get(str(level.code), np.nan)
    respondents = np.array([max(columns.count(codes == place), 1) for place in range(len(levels))] + [1])
    weights = (people / respondents)[codes]
    valid = ~np.isnan(weights)
    n = columns.count(valid)
    variable = Variable(
        name=recode.name, kind="number", label=said(recode.label), labels=translations(recode.label),
        columns=(recode.name,), n=n, n_missing=columns.respondents - n,
    )  # fmt: skip
    column = arrow.fixed(np.where(valid, weights, 0.0), valid, pa.float64())
    return Made(variables=(variable,), columns={recode.name: column}, notes=uncovered)


def _populations(recode: Expansion, source: Variable) -> tuple[dict[str, float], tuple[Note, ...]]:
    """People by the code of an answer, and what is to be told of strata in which nobody answered."""
    levels = source.valid_levels()
    if not levels:
        raise UsageError(
            f"{source.name} has no answers to be strata.", "from", "Name a question with a choice of answers."
        )
    people: dict[str, float] = {}
    empty: list[float] = []
    for name, population in recode.populations.items():
        try:
            level = levels[level_at(source, name, "populations")]
        except UsageError:
            empty.append(population)
            continue
        people[str(level.code)] = people.get(str(level.code), 0.0) + population
        if not level.count:
            empty.append(population)
    names = printed_names(levels)
    absent = [name for name, level in zip(names, levels, strict=True) if level.count and str(level.code) not in people]
    if absent:
        shown = ", ".join(repr(name) for name in absent[:6])
        raise UsageError(f"{source.name} has answers without a population: {shown}.", "populations", "Add them.")
    if not empty:
        return people, ()
    share = sum(empty) / sum(recode.populations.values())
    return people, (note("expansion_uncovered", n=len(empty), share=round(100 * share, 1), name=source.name),)

"""Respondents of a domain as arrays, and the way back: any values of theirs summed into cells.

Models need rows, not cells. What they return are linearised values, one a
respondent and coefficient; summed by unit these are cells like any other and
go through the one variance door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells
from surveytool.aggregate.grouping import Grouping, start
from surveytool.aggregate.question import Answers
from surveytool.aggregate.recruited_sample import refuse_question
from surveytool.aggregate.sums import Sums
from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.survey import Request, Survey

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys


@frozen
class Factor:
    """A category: codes [rows] into labels, -1 where there is no answer."""

    codes: Keys
    labels: tuple[str, ...]


@frozen
class Respondents:
    """Variables by name (Factor, or numbers with NaN) and the rows of the domain [rows]."""

    values: dict[str, Factor | Floats]
    weights: Floats
    inside: Flags
    replicates: Floats | None
    notes: tuple[Note, ...]
    grouping: Grouping

    def cells(self, rows: Keys, values: Floats) -> Cells:
        """Weighted sums by unit of values [N, Q] of the rows [N] as the moments 1 to Q of a single cell."""
        everyone = len(self.weights)
        key = np.full(everyone, -1, dtype=np.intp)
        key[rows] = 0
        moments = []
        for column in values.T:
            moment = np.zeros(everyone)
            moment[rows] = column
            moments.append(moment)
        ready = Answers(key=key, depth=1, moments=tuple(moments))
        keys, breakdown = self.grouping.groups(())
        sums = Sums(self.grouping.sample, ready, self.inside, keys, breakdown)
        sums.add(self.grouping.sample.classes(slice(0, everyone)))
        return sums.cells()


def respondents(survey: Survey, names: list[str], where: str | None) -> Respondents:
    """The named variables of a survey, ready for a model.

    Numbers stay numbers, categories become codes in their levels' order; every missing
    kind is missing. Raises ``UsageError`` for a question with several answers, or text.
    """
    from surveytool.aggregate.question import answers

    requests = [Request(variable=name, where=where) for name in names]
    grouping = start(survey, requests)
    recruited = grouping.sample.recruited
    if recruited is not None and recruited.settings.by_question:
        raise refuse_question(recruited.settings, "a model")
    inside, notes = grouping.domain(where)
    values: dict[str, Factor | Floats] = {}
    for name in names:
        variable = survey.codebook[name]
        if variable.kind == "number":
            ready = answers(grouping.columns, variable, "quantile", "answered", None, inside)
            values[name] = np.where(ready.key < 0, np.nan, ready.moments[0])
            notes = (*notes, *ready.notes)
        else:
            key, levels = grouping.single(name, "the formula")
            values[name] = Factor(codes=key, labels=tuple(label for label, _ in levels))
    return Respondents(
        values=values, weights=grouping.sample.weights, inside=np.asarray(inside), grouping=grouping,
        replicates=grouping.sample.replicates, notes=(*notes, *grouping.sample.notes),
    )  # fmt: skip

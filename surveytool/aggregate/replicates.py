"""What is seen of replicate weights while they go by, column by column: faults, largest factors, rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate import replicate_rank
from surveytool.aggregate.replicate_classes import ReplicateClassesFound
from surveytool.aggregate.sample import (
    bad_replicates,
    not_numbers,
    replicate_notes,
    replicate_scales,
    rows_text,
)
from surveytool.notes import Note
from surveytool.stream import LARGEST, Column
from surveytool.stream.design_combinations import Faults
from surveytool.survey import Survey

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows: their weights, who has one, random numbers for the rank (all [rows]); ``first`` rows are before."""

    weights: Floats
    positive: Flags
    draws: Floats | None
    first: int = 0


class ReplicatePass:
    """The replicate weights of a survey. Columns may come from several threads, no two of them the same column."""

    def __init__(self, survey: Survey, names: Sequence[str], columns: Mapping[str, Column]) -> None:
        given = survey.design.replicates
        assert given is not None
        self.given, self.names = given, tuple(names)
        for name in names:
            if not columns[name].is_number:
                raise not_numbers(name, "replicate weights")
        self.ranked = given.df is None and survey.design.df is None
        self.sketch = np.zeros((len(names), replicate_rank.size_for(len(names)) if self.ranked else 0))
        self.factors = np.zeros(len(names))
        self.classes = ReplicateClassesFound(len(names)) if self.ranked else None
        self.faults = Faults()

    def rows(self, weights: Floats, first: int) -> Rows:
        """The next rows, by weights [rows]; ``first`` counts the rows before, from which random numbers follow."""
        return Rows(weights, weights > 0, replicate_rank.draws(len(weights), first) if self.ranked else None, first)

    def whole(self, replicate: int, column: Floats, rows: Rows) -> Floats:
        """A column of whole replicate weights [rows], factors multiplied out."""
        if not self.given.combined:
            column = column * rows.weights
        if self.given.method == "jkn" and self.given.rscales is None:
            factors = column[rows.positive] / rows.weights[rows.positive]
            self.factors[replicate] = max(self.factors[replicate], factors.max(initial=0.0))
        if rows.draws is not None:
            replicate_rank.fold(self.sketch[replicate], column, rows.draws, rows.first)
        return column

    @property
    def rank(self) -> float:
        """The rank of the replicate weights, columns scaled as in ``sample``."""
        return replicate_rank.rank(self.sketch.T)

    def refuse_faults(self) -> None:
        """Once all rows have gone by: raise ``UnusableDesign`` where some hold no usable weight."""
        if self.faults.count:
            raise bad_replicates(rows_text(self.faults.count, self.faults.first))

    def scales(self) -> tuple[float, Floats, bool]:
        """``scale``, ``rscales`` [R] and ``mse`` once all rows have gone by."""
        return replicate_scales(self.given, len(self.names), lambda: self.factors)

    def notes(self) -> list[Note]:
        """What a reader must know."""
        return replicate_notes(self.given, len(self.names))


def unusable(column: Floats) -> Flags | None:
    """Which rows [rows] hold no usable number; None where all do."""
    if len(column) == 0 or max(column.max(), -column.min()) <= LARGEST:  # NaN passes no comparison
        return None
    return np.asarray(~(np.abs(column) <= LARGEST))

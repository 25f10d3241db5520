"""One question under way: its answers, its domain, and the sums of each of its breakdowns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.aggregate.cells import BaseCount, Tally
from surveytool.aggregate.overlap import Overlap
from surveytool.aggregate.question import Answers, Question
from surveytool.aggregate.sample import Sample
from surveytool.aggregate.sums import Sums
from surveytool.notes import Note, unique
from surveytool.survey import Variable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]


class Job:
    """One question under way."""

    def __init__(
        self, question: Question, variable: Variable, ready: Answers, domain: Flags, sums: list[Sums | Overlap],
        notes: tuple[Note, ...], sample: Sample,
    ) -> None:  # fmt: skip
        self.question, self.variable, self.ready = question, variable, ready
        self.domain, self.sums, self.notes, self.sample = domain, sums, notes, sample
        self.trips: tuple[int, ...] = ()

    def tally(self) -> Tally:
        """The question's cells, once all rows have gone by."""
        ready, request = self.ready, self.question.request
        return Tally(
            request=request,
            id=self.question.id,
            statistic=self.question.statistic,
            label=self.variable.title(),
            levels=ready.levels,
            multiple=ready.indicators is not None,
            unit=self.variable.unit,
            cells=tuple(total.cells() for total in self.sums),
            base=self._base(),
            notes=unique(self.notes),
            trips=self.trips,
            stages=self.variable.stages,
        )

    def _base(self) -> BaseCount:
        """Who is behind the table."""
        count = self.sample.count

        def counted(reasons: tuple[tuple[str, Flags], ...]) -> tuple[tuple[str, int], ...]:
            found = ((label, count(flags & self.domain)) for label, flags in reasons)
            return tuple((label, number) for label, number in found if number)

        return BaseCount(
            rows=self.sample.units.rows,
            domain=count(self.domain),
            base=count(self.domain & (self.ready.key >= 0)),
            excluded=counted(self.ready.excluded),
            included=counted(self.ready.included),
        )

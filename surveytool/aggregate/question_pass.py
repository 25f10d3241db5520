"""One question under way: its answers, its domain, and the sums of each of its breakdowns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.aggregate.cells import BaseCount, Tally
from surveytool.aggregate.overlap import Overlap
from surveytool.aggregate.question import Asked
from surveytool.aggregate.sample import Sample
from surveytool.aggregate.sums import Sums
from surveytool.notes import Note, unique
from surveytool.survey import Variable

if TYPE_CHECKING:
    from surveytool.arrays import Flags


class Job:
    """One question under way."""

    def __init__(
        self, asked: Asked, variable: Variable, sums: list[Sums | Overlap], notes: tuple[Note, ...], sample: Sample
    ) -> None:
        self.asked, self.variable, self.sums, self.notes, self.sample = asked, variable, sums, notes, sample
        self.trips: tuple[int, ...] = ()

    def tally(self) -> Tally:
        """The question's cells, once all rows have gone by."""
        question, ready = self.asked.question, self.asked.ready
        return Tally(
            request=question.request,
            id=question.id,
            statistic=question.statistic,
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
        count, ready, domain = self.sample.count, self.asked.ready, self.asked.domain

        def counted(reasons: tuple[tuple[str, Flags], ...]) -> tuple[tuple[str, int], ...]:
            counts = ((label, count(flags & domain)) for label, flags in reasons)
            return tuple((label, number) for label, number in counts if number)

        return BaseCount(
            rows=self.sample.units.rows,
            domain=count(domain),
            base=count(domain & (ready.key >= 0)),
            excluded=counted(ready.excluded),
            included=counted(ready.included),
        )

"""Numbers of one table as cells: how many decimals, which mark, what stands for no number.

Decimals, where none are asked for: percentages have one, totals none, quantiles
of whole numbers none, and means, ratios and other quantiles as many as show two
digits of their typical standard error.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from surveytool.estimate.decimals import decimals_of
from surveytool.estimate.result import NONE, Estimates, Group, Row, Test
from surveytool.frozen import frozen
from surveytool.table.letters import Letters, letters
from surveytool.table.table_parts import Cell, Number
from surveytool.text import NOTHING, Words

SUPPRESSED_MARK, FLAG_MARK = "*", "†"
SUPPRESSED = "suppressed"
EXPLAINED = {"no_respondents", "no_df", "undefined", SUPPRESSED}
NO_LETTERS = Letters()


@frozen
class Figures:
    """The rows of one table by group and level, and the words for them."""

    estimates: Estimates
    words: Words
    decimals: int
    rows: Mapping[tuple[Group, str | None], Row]
    letters: Letters = NO_LETTERS

    @property
    def share(self) -> bool:
        """True where values are proportions, shown as percentages."""
        return self.estimates.statistic == "proportion"

    def row(self, group: Group, code: str | None) -> Row | None:
        """The row of a group and a level, both by their codes."""
        return self.rows.get((tuple(dict(group).items()), code))

    def value(self, row: Row | None) -> Cell:
        """The estimate alone."""
        if row is None or row.flag == SUPPRESSED or row.n == 0 or row.estimate is None:
            return Cell(mark=sign(row.flag, self.words) if row is not None else NOTHING)
        if self.share:
            text = self.words.percent(row.estimate, self.decimals, sign=False)
        else:
            text = self.words.number(row.estimate, self.decimals)
        flag = sign(row.flag, self.words) if row.flag and row.flag not in EXPLAINED else ""
        mark = flag + self.letters.mark((row.group, row.level_code))
        return Cell(value=text, mark=mark, number=self._number(row.estimate))

    @property
    def silent(self) -> bool:
        """Whether there are intervals that this page does not print."""
        return self.estimates.ci_method == NONE and any(row.se is not None for row in self.estimates.rows)

    def interval(self, row: Row | None) -> str:
        """The interval alone; a dash where there is none."""
        if row is None or not self.value(row).value:
            return NOTHING
        return self.words.interval(row.ci_low, row.ci_high, self.decimals, self.share)

    def _number(self, value: float | None = None, low: float | None = None, high: float | None = None) -> Number:
        return Number(value=value, low=low, high=high, decimals=self.decimals, share=self.share)

    def ends(self, row: Row | None) -> Cell:
        """The interval as a cell of its own."""
        text = self.interval(row)
        shown = row is not None and text != NOTHING
        return Cell(
            value=text, number=self._number(None, row.ci_low, row.ci_high) if row is not None and shown else None
        )

    def both(self, row: Row | None) -> Cell:
        """The estimate and its interval; nothing but a mark where there is no estimate."""
        cell = self.value(row)
        if not cell.value:
            return cell
        if self.silent:
            return cell
        ends = self.ends(row)
        number = cell.number
        if number is not None and ends.number is not None:
            number = replace(number, low=ends.number.low, high=ends.number.high)
        return Cell(value=cell.value, mark=cell.mark, interval=ends.value, number=number)

    def base(self, rows: Iterable[Row | None]) -> Cell:
        """The n of a group: that of any of its rows that is not withheld."""
        present = [row for row in rows if row is not None]
        return self.n(next((row for row in present if row.flag != SUPPRESSED), present[0] if present else None))

    def n(self, row: Row | None, *, count: bool = False) -> Cell:
        """Respondents in the base of the row, or with its level where ``count``."""
        if row is None:
            return Cell(mark=NOTHING)
        if row.flag == SUPPRESSED:
            return Cell(mark=SUPPRESSED_MARK)
        number = row.count if count else row.n
        return Cell(mark=NOTHING) if number is None else counted(number, self.words)

    def weighted(self, row: Row | None) -> Cell:
        """Respondents with the level of a row, weighted."""
        if row is None or row.flag == SUPPRESSED or row.estimate is None:
            return self.n(row) if row is None or row.flag == SUPPRESSED else Cell(mark=NOTHING)
        number = row.estimate * row.n_weighted if self.share else row.estimate
        if math.isnan(number):
            return Cell(mark=NOTHING)
        decimals = 0 if number >= 10 else 1
        return Cell(value=self.words.number(number, decimals), number=Number(value=number, decimals=decimals))

    def trips(self, row: Row | None) -> Cell:
        """How often the leg of a row was gone."""
        cell = self.n(row)
        if row is None or row.flag == SUPPRESSED:
            return cell
        return Cell(mark=NOTHING) if row.trips is None else counted(row.trips, self.words)


def counted(number: int, words: Words) -> Cell:
    """A count as a cell."""
    return Cell(value=words.number(number), number=Number(value=number))


def sign(flag: str | None, words: Words) -> str:
    """The sign of a flag: a dash for a figure that is not there, a symbol of its own where a scheme has one."""
    if flag == SUPPRESSED:
        return SUPPRESSED_MARK
    return NOTHING if flag is None or flag in EXPLAINED else words.terms.get(f"symbol_{flag}", FLAG_MARK)


def figures(estimates: Estimates, words: Words, decimals: int | None, tests: Iterable[Test] = ()) -> Figures:
    """The figures of a table, ready to be laid out."""
    return Figures(
        estimates=estimates,
        words=words,
        decimals=decimals_of(estimates, decimals),
        letters=letters(estimates, tests),
        rows={(row.group, row.level_code): row for row in estimates.rows},
    )

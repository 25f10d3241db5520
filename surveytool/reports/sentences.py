"""What a table says, in sentences: its numbers, what is highest and lowest, whether intervals meet.

Figures are written as the table writes them. Only rows that the table shows
without a flag are spoken of. Nothing is said of causes, and of a sample that is
not random everything is called indicative.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from surveytool.estimate import quantile_share
from surveytool.estimate.result import Breakdown, Estimates, Group, Results, Row, Test
from surveytool.table import table_words
from surveytool.table.comparison import sentence
from surveytool.table.figure import Figures, figures
from surveytool.table.printed_intervals import as_printed
from surveytool.text import Words

MOST_NEXT = 2
NAMED = ("mean", "median", "total", "ratio")


def findings(
    estimates: Estimates, results: Results, words: Words, decimals: int | None = None, tests: Iterable[Test] = ()
) -> tuple[str, ...]:
    """The headline of one table, then a sentence a breakdown; none where it shows no number.

    ``tests`` are differences between the two groups of a breakdown.
    """
    if estimates.request.percent != "column" or not _spoken(estimates.statistic):
        return ()
    hidden = results.design.intervals_hidden
    shown = figures(as_printed(estimates, results.design), words, decimals)
    teller = _Teller(shown, results, () if hidden else tests)
    headline, ranges = list(teller.headline()), list(teller.ranges())
    if (headline or ranges) and results.design.sample not in table_words.RANDOM:
        headline.append(words.word("find_indicative"))
    return (" ".join(headline), *ranges) if headline else tuple(ranges)


def _spoken(statistic: str) -> bool:
    """Whether there is a sentence for a statistic: none is told as if it were another."""
    stem = statistic.partition(":")[0]
    return stem in (*NAMED, "proportion") or quantile_share(stem) is not None


class _Teller:
    """The rows of one table, spoken."""

    def __init__(self, shown: Figures, results: Results, tests: Iterable[Test]) -> None:
        self.shown, self.words, self.estimates, self.results = shown, shown.words, shown.estimates, results
        self.tests = [test for test in tests if test.table == self.estimates.id]
        self.random = results.design.sample in table_words.RANDOM

    def headline(self) -> Iterator[str]:
        """The total: its answers from the most frequent on, or its one number."""
        rows = [row for row in self._rows(()) if self._tells(row)]
        if not rows:
            return
        if not self.estimates.levels:
            yield self._number(rows[0])
        elif len(self.estimates.levels) == 2 and not self.estimates.multiple:
            first = next((row for row in rows if row.level_code == self.estimates.codes[0]), rows[0])
            yield self._fill("find_answered", level=self._level(first), **self._of(first))
        else:
            yield from self._order(rows)

    def _order(self, rows: Sequence[Row]) -> Iterator[str]:
        ranked = sorted(rows, key=lambda row: -(row.estimate or 0.0))
        key = "find_named" if self.estimates.multiple else "find_most"
        yield self._fill(key, level=self._level(ranked[0]), **self._of(ranked[0]))
        following = ranked[1 : 1 + MOST_NEXT]
        if following:
            listed = [self._fill("find_item", level=self._level(row), value=self._value(row)) for row in following]
            yield self._fill("find_next", items=self.words.join(listed))

    def _number(self, row: Row) -> str:
        stem, _, rest = self.estimates.statistic.partition(":")
        kind = stem if stem in NAMED else "percentile" if quantile_share(stem) is not None else "mean"
        return self._fill(f"find_{kind}", number=rest or stem[1:], **self._of(row))

    def ranges(self) -> Iterator[str]:
        """For each breakdown, of one answer: the difference of its two groups, or the lowest and the highest."""
        answer = self._focus()
        for breakdown in self.estimates.breakdowns:
            sentence = self._range(breakdown, *answer)
            if sentence:
                yield sentence

    def _focus(self) -> tuple[str | None, str | None]:
        """The first of two answers, else the most frequent one: its label and its code."""
        answers = self.estimates.answers()
        if len(answers) <= 2 and not self.estimates.multiple:
            return answers[0] if answers else (None, None)
        rows = [row for row in self._rows(()) if self._tells(row)]
        most = max(rows, key=lambda row: row.estimate or 0.0) if rows else None
        return (most.level, most.level_code) if most is not None else answers[0]

    def _range(self, breakdown: Breakdown, level: str | None, code: str | None) -> str:
        named_rows = []
        for group, texts in breakdown.members():
            row = self.shown.row(group, code)
            if row is not None and self._tells(row):
                named_rows.append((row, ", ".join(table_words.label(text, self.words) for text in texts)))
        if len(named_rows) < 2:
            return ""
        (low, low_group), (high, high_group) = (
            pick(named_rows, key=lambda named_row: named_row[0].estimate or 0.0) for pick in (min, max)
        )
        if len(named_rows) == len(breakdown.groups) == 2:
            told = self._difference(breakdown, code)
            if told:
                return told
        if self._value(low) == self._value(high):
            return ""
        return self._fill(
            "find_range_level" if level is not None else "find_range",
            level=table_words.label(level, self.words) if level is not None else "",
            by=table_words.heading(breakdown), low=self._value(low), low_group=low_group, low_n=low.n,
            high=self._value(high), high_group=high_group, high_n=high.n, overlap=self._overlap(low, high),
        )  # fmt: skip

    def _difference(self, breakdown: Breakdown, code: str | None) -> str:
        """Both groups and their difference with its interval; empty where it was not tested."""
        test = next(
            (candidate for candidate in self.tests if candidate.by == breakdown.names and candidate.level_code == code),
            None,
        )
        told = sentence(test, self.estimates, self.results, self.words, self.shown.decimals) if test is not None else ""
        return f"{table_words.heading(breakdown)}. {told}" if told else ""

    def _overlap(self, low: Row, high: Row) -> str:
        if self.shown.silent:
            return ""
        if low.ci_high is None or high.ci_low is None:
            return self.words.word("find_no_interval")
        return self.words.word("find_apart" if low.ci_high < high.ci_low else "find_meet")

    def _rows(self, group: Group) -> list[Row]:
        codes: Sequence[str | None] = self.estimates.codes or (None,)
        return [row for code in codes if (row := self.shown.row(group, code)) is not None]

    def _tells(self, row: Row) -> bool:
        return row.flag is None and row.estimate is not None and bool(self.shown.value(row).value)

    def _level(self, row: Row) -> str:
        return table_words.label(row.level or "", self.words)

    def _value(self, row: Row) -> str:
        """As the table writes it, with its sign or unit."""
        text = self.shown.value(row).value
        if self.shown.share:
            return self.words.marks.percent.format(text)
        return f"{text} {self.estimates.unit}" if self.estimates.unit else text

    def _of(self, row: Row) -> dict[str, object]:
        ends = self.shown.interval(row)
        key = "find_interval" if self.random else "find_interval_indicative"
        level = self.words.level(self.estimates.request.level)
        interval = self._fill(key, level=level, ends=ends) if row.ci_low is not None else ""
        return {"value": self._value(row), "interval": interval, "n": row.n}

    def _fill(self, key: str, **values: object) -> str:
        """A sentence; where no interval is printed without the place that it would have."""
        said = self.words.fill(key, **values)
        return re.sub(r"\s*;\s*\.$", ".", re.sub(r"\(\s*[,;]\s*", "(", said)) if self.shown.silent else said

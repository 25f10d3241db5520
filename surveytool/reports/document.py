"""A report before it is written: words, tables and charts in their order.

Every text is in the reader's language already and every number comes from a
table's rows; a format only sets them on a page.
"""

from __future__ import annotations

from collections.abc import Iterator

from surveytool.charts.chart_data import Chart
from surveytool.estimate.result import Results, Test
from surveytool.frozen import frozen
from surveytool.published_figures import ClaimReport
from surveytool.table import Table

Pair = tuple[str, str]


@frozen
class Drawn:
    """A chart to be made: ``estimates`` is the place of its numbers in the results.

    ``name`` is that of its file, ``table`` the place of the table that it belongs to,
    None where it stands alone.
    """

    estimates: int
    name: str = ""
    table: int | None = None
    kind: str = "auto"
    theme: str | None = None
    answers: tuple[str, ...] = ()
    title: str | None = None
    decimals: int | None = None


@frozen
class Content:
    """What a report is made of: results (the first ``tables`` of them are tables), charts, claims.

    ``tests`` are differences between two groups, for the sentences; ``facts`` are pairs
    that only the caller knows, such as the study file and its hash; ``first`` are tables of the sample itself.
    """

    title: str
    results: Results
    tables: int
    drawn: tuple[Drawn, ...] = ()
    tests: tuple[Test, ...] = ()
    claims: ClaimReport | None = None
    theme: str = "plain"
    decimals: int | None = None
    facts: tuple[Pair, ...] = ()
    first: tuple[Table, ...] = ()


@frozen
class Picture:
    """A chart, its theme, and the name of its file."""

    chart: Chart
    theme: str
    name: str


@frozen
class Section:
    """One question: what it says in sentences, its chart, its table."""

    name: str
    title: str
    findings: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()


@frozen
class Heads:
    """The headings of a report's parts, in its language."""

    contents: str
    methods: str
    results: str
    claims: str
    notes: str
    provenance: str
    table: str
    figure: str


@frozen
class Document:
    """A whole report, ready to be written."""

    title: str
    language: str
    heads: Heads
    facts: tuple[Pair, ...] = ()
    methods: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    claims: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""
    settings: tuple[Pair, ...] = ()

    def drawings(self) -> Iterator[tuple[str, Picture]]:
        """Every chart with a name for its file, each name once."""
        taken: dict[str, int] = {}
        for picture in (drawn for section in self.sections for drawn in section.pictures):
            name = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in picture.name)
            taken[name] = taken.get(name, 0) + 1
            yield (name if taken[name] == 1 else f"{name}_{taken[name]}"), picture

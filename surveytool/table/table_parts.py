"""The parts of a table as words, without colours and file types.

A renderer reads these parts and formats nothing anew: every figure is text
already, in the reader's language. A cell keeps its figure and its interval
apart, so that one format may set them on one line and another on two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from surveytool.estimate.result import Estimates, Results
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.replication_code import Explanation

Align = Literal["left", "right"]
Role = Literal["estimate", "interval", "n", "text"]
RowKind = Literal["group_head", "total", "data", "n"]


@frozen
class Number:
    """The number that a cell's text rounds, in full precision, and the ends of its interval.

    ``share`` says that it is a fraction whose text is a percentage with ``decimals``.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    decimals: int = 0
    share: bool = False


@frozen
class Cell:
    """One figure: ``value``, its ``interval``, and a ``mark`` that stands for it or beside it.

    ``number`` is for formats that hold numbers; a figure that is not shown has none.
    """

    value: str = ""
    interval: str = ""
    mark: str = ""
    number: Number | None = None

    @property
    def figure(self) -> str:
        """The value with its mark."""
        return f"{self.value}{self.mark}"

    @property
    def text(self) -> str:
        """All parts on one line: ``47.0 (42.8–51.4)``."""
        return f"{self.figure} ({self.interval})" if self.interval else self.figure


@frozen
class Column:
    """One column; neighbours with the same ``spanner`` stand under it together."""

    key: str
    label: str
    spanner: str = ""
    align: Align = "right"
    role: Role = "estimate"


@frozen
class TableRow:
    """One row: a label in the stub and a cell a column; a group head may have no cells."""

    label: str
    kind: RowKind = "data"
    indent: int = 0
    cells: tuple[Cell, ...] = ()


@frozen
class Table:
    """One table as its reader sees it. ``estimates`` are the numbers behind it."""

    id: str
    title: str
    subtitle: str = ""
    stub_head: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[TableRow, ...] = ()
    base: str = ""
    notes: tuple[str, ...] = ()
    source: str = ""
    estimates: Estimates | None = None


@frozen
class Report:
    """What one run prints: its tables, then the notes and the source that all of them share."""

    tables: tuple[Table, ...]
    results: Results
    notes: tuple[str, ...] = ()
    source: str = ""
    explanations: tuple[Explanation, ...] = ()

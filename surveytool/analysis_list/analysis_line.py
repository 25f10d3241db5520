"""One line of a list of analysis, whatever its dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from surveytool.frozen import frozen

Kind = Literal["select_one", "select_multiple", "mean", "median", "ratio", "selections", "combinations"]


@frozen
class Refused:
    """A line that is not made: its sheet and row (the head is 1), and why."""

    sheet: str
    row: int
    why: str


@frozen
class AnalysisLine:
    """``variable`` by the names in ``by`` (several are crossed), all of them after each other in ``breakdowns``.

    Of a ratio ``denominator`` is below; ``blank_is_zero`` takes a blank above for 0, ``no_zero`` leaves out who has 0
    below. ``options`` are the answers of a combination with their short names, ``exclude`` those that leave the base.
    """

    sheet: str
    row: int
    kind: Kind
    variable: str
    denominator: str | None = None
    blank_is_zero: bool = False
    no_zero: bool = False
    breakdowns: tuple[tuple[str, ...], ...] = ()
    total: bool = True
    level: float = 0.95
    exclude: tuple[str, ...] = ()
    roster: str | None = None
    title: str = ""
    options: tuple[tuple[str, str], ...] = ()
    unweighted: bool = False


@frozen
class AnalysisList:
    """The lines of a file in their order, those that are not made, labels of columns, what its settings say."""

    path: str
    lines: tuple[AnalysisLine, ...]
    refused: tuple[Refused, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

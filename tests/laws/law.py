"""What the laws share: what one compared, and the requests of every kind that they ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from laws.designs import STANDARD

import surveytool as st
from surveytool.estimate.group_tests import Comparison
from surveytool.estimate.result import Results
from surveytool.survey import Standard
from surveytool.tabulation import compare, tabulate

FIRST, SECOND = 1e-9, 0.2  # what must be equal; what may differ by terms of the second order, at 24 PSUs
TESTS = ("rao-scott-f", "rao-scott-chisq", "wald", "adjusted-wald", "t", "rank", "difference", "ratio", "trend")


@dataclass
class Found:
    """What one law compared and what differed."""

    numbers: int = 0
    wrong: list[str] = field(default_factory=list)

    def same(self, about: str, one: float | None, other: float | None, near: float = FIRST) -> None:
        self.numbers += 1
        if one is None or other is None:
            self.wrong += [] if one is other else [f"{about}: {one} and {other}"]
        elif abs(one - other) > near * max(abs(one), abs(other)) + 1e-11:
            self.wrong.append(f"{about}: {one} and {other}")


def requests(where: str | None = None) -> list[st.Request]:
    """Every statistic, with and without groups, and standardised."""
    standard = Standard(variable="age", shares=tuple(STANDARD.items()))
    asked = [("y", "mean"), ("y", "total"), ("y", "ratio:x"), ("c", "proportion"), ("c", "total")]
    made = [st.Request(variable=name, statistic=stat, by=(("g",),), where=where) for name, stat in asked]
    return [*made, *(st.Request(variable=name, where=where, standard=standard) for name in ("y", "c"))]


def rows(survey: st.Survey, where: str | None = None) -> list[tuple[str, Any]]:
    """The rows of every request, each with its name."""
    found = tabulate(survey, requests(where))
    return [
        (f"{table.id} {table.statistic} {row.level} {dict(row.by)}", row)
        for table in found.estimates
        for row in table.rows
    ]


def tests(survey: st.Survey) -> Results:
    asked = [st.Request(variable=name, by=((by,),)) for name in ("y", "c") for by in ("g", "dom")]
    return compare(survey, asked, Comparison(tests=TESTS, adjust="none"))

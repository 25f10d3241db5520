"""Intervals that a page does not print: of quota and convenience samples that nothing was done for, unless asked.

Chance did not choose who is in such a sample, so there is no margin of error to print. Programs that read csv and json
get the numbers of a random sample of the same design with the note that says so.
"""

from __future__ import annotations

from dataclasses import replace

from surveytool.estimate.result import NONE, Estimates
from surveytool.survey import Design


def as_printed(estimates: Estimates, design: Design | None) -> Estimates:
    """The estimates of one table as a page shows them under a design."""
    if design is None or not design.intervals_hidden:
        return estimates
    rows = tuple(replace(row, ci_low=None, ci_high=None) for row in estimates.rows)
    return replace(estimates, rows=rows, ci_method=NONE)

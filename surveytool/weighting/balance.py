"""What weighting did to the sample: each group's share before and after, beside what it ought to be.

A difference is standardised by the standard deviation of the target, root of p (1 - p) for a group, so that 0.1 means
the same for rare and common groups (Austin 2009). Variables that were not calibrated are compared with the full
sample before non-response, where there is one; else only how far they moved is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.grouping import Grouping
from surveytool.frozen import frozen
from surveytool.weighting.workflow import Weighted

if TYPE_CHECKING:
    from surveytool.arrays import Floats


@frozen
class BalanceRow:
    """A group's share (or a number's mean) before and after weighting; ``target`` is None where none is known.

    ``against`` is margin, sample (everybody eligible before non-response) or nothing. ``before_difference`` and
    ``after_difference`` are standardised; without a target the first is None and the second how far the group moved.
    ``n`` counts respondents of the group; ``achieved`` is the weighted total beside ``total``, that of a margin.
    """

    variable: str
    level: str | None
    against: str
    target: float | None
    before: float
    after: float
    before_difference: float | None
    after_difference: float
    n: int = 0
    total: float | None = None
    achieved: float | None = None


def balance(weighted: Weighted, names: Sequence[str]) -> tuple[BalanceRow, ...]:
    """The margins' groups, then those of the other variables ``names``."""
    run = weighted.grouping
    assert run is not None
    rows = [*_margins(weighted)]
    told = {row.variable for row in rows}
    for name in dict.fromkeys(names):
        if name not in told:
            rows += _others(weighted, run, name)
    return tuple(rows)


def _margins(weighted: Weighted) -> list[BalanceRow]:
    met, used = weighted.met, weighted.used
    if met is None or used is None:
        return []
    base, final = weighted.after[0][used], weighted.weights[used]
    whole = {
        name: sum(total for total, (own, _) in zip(met.totals, met.names, strict=True) if own == name)
        for name, label in met.names if label is not None
    }  # fmt: skip
    size = next(iter(whole.values()), float(final.sum()))
    rows = []
    for column, total, (name, label) in zip(met.matrix.T, met.totals, met.names, strict=True):
        target = float(total / (whole[name] if label is not None else size))
        spread = _spread(column, base, target if label is not None else None)
        rows.append(_row(name, label, "margin", target, (column, base, final), spread, total=float(total)))
    return rows


def _spread(column: Floats, weights: Floats, share: float | None) -> float:
    """The standard deviation of a group with a share, or of a number under weights."""
    if share is not None:
        return float(np.sqrt(max(share * (1 - share), 0.0)))
    mean = np.average(column, weights=weights)
    return float(np.sqrt(np.average((column - mean) ** 2, weights=weights)))


def _row(
    name: str, label: str | None, against: str, target: float | None, parts: tuple[Floats, Floats, Floats],
    spread: float, total: float | None = None,
) -> BalanceRow:  # fmt: skip
    column, base, final = parts
    before, after = float(np.average(column, weights=base)), float(np.average(column, weights=final))
    spread = spread or 1.0
    achieved = float(column @ final) if total is not None else None
    return BalanceRow(
        variable=name, level=label, against=against, target=target, before=before, after=after,
        n=int((column != 0).sum()) if label is not None else len(column),
        before_difference=None if target is None else (before - target) / spread,
        after_difference=(after - (before if target is None else target)) / spread, total=total, achieved=achieved,
    )  # fmt: skip


def _others(weighted: Weighted, run: Grouping, name: str) -> list[BalanceRow]:
    """A variable that was not calibrated, among those who have an answer to it."""
    whole = weighted.after[_before_response(weighted)]
    final = weighted.weights
    variable = run.columns.survey.codebook[name]
    if variable.kind == "number":
        values = run.columns.numbers(name)
        columns: list[tuple[str | None, Floats]] = [(None, np.nan_to_num(values))]
        known = ~np.isnan(values)
    else:
        keys, levels = run.single(name, "compare")
        known = keys >= 0
        columns = [(str(label), (keys == index).astype(np.float64)) for index, (label, _) in enumerate(levels)]
    responding = known & (final > 0)
    asked = known & (whole > 0)
    full = bool((asked & ~responding).any())
    rows = []
    for label, column in columns:
        parts = (column[responding], weighted.after[0][responding], final[responding])
        target = float(np.average(column[asked], weights=whole[asked])) if full else None
        share = target if target is not None else float(np.average(parts[0], weights=parts[1]))
        spread = _spread(parts[0], parts[1], share if label is not None else None)
        if parts[0].any() or label is None:
            rows.append(_row(name, label, "sample" if full else "", target, parts, spread))
    return rows


def _before_response(weighted: Weighted) -> int:
    """Which weights are those of everybody eligible: before the first non-response step."""
    kinds = [step.kind for step in weighted.steps]
    return kinds.index("nonresponse") - 1 if "nonresponse" in kinds else 0

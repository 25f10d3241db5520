"""From cells to rows: value, variance, interval, design effect, flags; nothing here knows a data frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from surveytool.aggregate.cells import Breakdown, Cells, Tally
from surveytool.errors import UsageError
from surveytool.estimate import interval as intervals
from surveytool.estimate import standardise
from surveytool.estimate.gradient import gradient_of
from surveytool.estimate.result import Estimates, Row
from surveytool.estimate.statistic import Statistic
from surveytool.estimate.variance import design_notes as door_notes
from surveytool.estimate.variance import logit_error, variance
from surveytool.frozen import frozen
from surveytool.notes import Note, note, unique
from surveytool.survey import Standard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

ROUNDING = 1e-12  # what sums of squares may differ by without being different
NO_RESPONDENTS = "no_respondents"
NO_DF = "no_df"
NO_ANSWER = "undefined"


@frozen
class Figures:
    """Arrays [G, R] of one breakdown, ready to become rows."""

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    df: Floats
    deff: Floats
    at_bounds: Flags
    notes: tuple[Note, ...]
    exact: Flags | None = None


def estimate(tally: Tally, statistic: Statistic, ci: str) -> Estimates:
    """Estimates of one question: rows of the total first, then breakdown by breakdown."""
    level = tally.request.level
    rows: list[Row] = []
    notes = list(tally.notes)
    method = ci if statistic.share or statistic.measure == "quantile" else "t"
    for cells in tally.cells:
        if tally.request.standard is not None:
            cells, figures = _standardised(cells, statistic, tally, ci)
            rows += _rows(tally, cells, figures, method)
            notes += figures.notes
            continue
        figures = (
            _quantiles(tally, cells, ci) if statistic.measure == "quantile" else _figures(cells, statistic, ci, level)
        )
        rows += _rows(tally, cells, figures, method)
        notes += figures.notes
    notes += _row_notes(rows, tally)
    if statistic.additive and tally.cells:
        notes += _total_notes(tally.cells[0])
    return Estimates(
        id=tally.id,
        request=tally.request,
        label=tally.label,
        statistic=tally.statistic,
        ci_method=method,
        rows=tuple(rows),
        base=tally.base,
        breakdowns=_breakdowns(tally),
        levels=tuple(label for label, _ in tally.levels),
        multiple=tally.multiple,
        unit=tally.unit,
        stages=tally.stages,
        notes=unique(notes),
    )


def _breakdowns(tally: Tally) -> tuple[Breakdown, ...]:
    """The breakdowns that a reader asked for; a standard's variable is no part of them."""
    found = [each.breakdown for each in tally.cells]
    if tally.request.standard is not None:
        found = [standardise.outer(each) for each in found]
    return tuple(each for each in found if each.names)


def _standardised(cells: Cells, statistic: Statistic, tally: Tally, ci: str) -> tuple[Cells, Figures]:
    """Standardised figures, and the cells that count their respondents."""
    import numpy as np

    standard, level = tally.request.standard, tally.request.level
    assert standard is not None
    if statistic.additive or statistic.measure == "quantile":
        raise UsageError(
            f"a {statistic.name} is not standardised.", "--standardize", "Ask for proportion, mean or ratio."
        )
    shares = standardise.shares_of(cells, standard)
    value, spread, freedom = standardise.standardised(cells, statistic, shares)
    grouped = standardise.collapsed(cells, len(shares))
    se = np.sqrt(np.maximum(spread, 0.0))
    df = np.broadcast_to(freedom[:, None], value.shape)
    zeros, ones = _extremes(grouped, statistic, value)
    zeros, ones = zeros & ~np.isnan(value), ones & ~np.isnan(value)
    value = np.where(zeros, 0.0, np.where(ones, 1.0, value))
    if statistic.share:
        n = np.broadcast_to(grouped.n[:, None].astype(np.float64), value.shape)
        shares_found = intervals.Shares(estimate=value, se=se, df=df, n=n, level=level)
        low, high = _share_interval(grouped, shares_found, (zeros, ones), ci)
        exact = _exact(shares_found, zeros | ones) if ci == "auto" else None
    else:
        low, high = intervals.t_interval(value, se, df, level)
        exact = None
    told = note("standardised", variable=cells.breakdown.labels[-1], shares=_told(standard))
    return grouped, Figures(
        estimate=value, se=se, low=low, high=high, df=df, deff=np.full(value.shape, np.nan),
        at_bounds=(zeros | ones) & ~np.isnan(low), notes=(told, *door_notes(cells)), exact=exact,
    )  # fmt: skip


def _told(standard: Standard) -> tuple[str, ...]:
    whole = sum(share for _, share in standard.shares)
    return tuple(f"{label} {share / whole:.1%}" for label, share in standard.shares)


def _figures(cells: Cells, statistic: Statistic, ci: str, level: float) -> Figures:
    import numpy as np

    value = statistic.value(cells.totals(), cells.shift)
    zeros, ones = _extremes(cells, statistic, value)
    value = np.where(zeros, 0.0, np.where(ones, 1.0, value))
    found = variance(cells, statistic, value)
    spread = np.where(zeros | ones, 0.0, np.maximum(found.variance, 0.0))
    spread = np.where(np.isnan(value), np.nan, spread)
    se = np.sqrt(spread)
    df = np.broadcast_to(found.df[:, None], value.shape)
    if statistic.share:
        n = np.broadcast_to(cells.n[:, None].astype(np.float64), value.shape)
        logit_se = logit_error(cells, statistic, value) if ci in ("logit", "auto") else None
        shares = intervals.Shares(estimate=value, se=se, df=df, n=n, level=level, logit_se=logit_se)
        low, high = _share_interval(cells, shares, (zeros, ones), ci)
        exact = _exact(shares, zeros | ones) if ci == "auto" else None
    else:
        exact = None
        low, high = intervals.t_interval(value, se, df, level)
    return Figures(
        estimate=value, se=se, low=low, high=high, df=df, deff=_deff(cells, statistic, spread),
        at_bounds=(zeros | ones) & ~np.isnan(low), notes=found.notes, exact=exact,
    )  # fmt: skip


def _exact(shares: intervals.Shares, ends: Flags) -> Flags:
    """Where the automatic interval is Korn-Graubard's."""
    import numpy as np

    flags = np.zeros(ends.shape, dtype=bool)
    inside = ~(ends | np.isnan(shares.estimate)) & (shares.se > 0)
    flags[inside] = intervals.extreme(shares.where(inside))
    return flags


def _quantiles(tally: Tally, cells: Cells, ci: str) -> Figures:
    """Quantiles with Woodruff's interval (1952): the interval of the share at or below, turned back.

    The standard error is the interval's length over twice its t quantile, as R's
    ``svyquantile``; None where the interval ends at the smallest or largest value
    because the share's reaches 0 or 1.
    """
    import numpy as np

    from surveytool.aggregate.distribution import quantile
    from surveytool.estimate import quantile_share
    from surveytool.estimate.statistic import PROPORTION

    share = _figures(cells, replace(PROPORTION, share=False), ci, tally.request.level)
    zeros, ones = _extremes(cells, PROPORTION, share.estimate)
    shape = share.estimate.shape
    n = np.broadcast_to(cells.n[:, None].astype(np.float64), shape)
    shares = intervals.Shares(estimate=share.estimate, se=share.se, df=share.df, n=n, level=tally.request.level)
    low, high = _share_interval(cells, shares, (zeros, ones), ci, intervals.QUANTILE_INTERVALS)
    wanted, rule = quantile_share(tally.statistic) or 0.5, tally.request.quantile_rule
    groups = len(shape) and shape[0]
    found = np.full((groups, 3), np.nan)
    for g, values in enumerate(cells.distributions):
        found[g] = [quantile(values, each, rule) for each in (wanted, low[g, 0], high[g, 0])]
    open_end = (zeros | ones)[:, 0]
    if ci in intervals.CUT:
        open_end |= (low[:, 0] <= 0) | (high[:, 0] >= 1)
    spread = (found[:, 2] - found[:, 1]) / (2 * intervals.t_quantile(share.df[:, 0], tally.request.level))
    notes = (note("quantile_open", n=int(open_end.sum())),) if open_end.any() else ()
    return Figures(
        estimate=found[:, :1], se=np.where(open_end, np.nan, spread)[:, None], low=found[:, 1:2], high=found[:, 2:],
        df=share.df[:, :1], deff=np.full((groups, 1), np.nan), at_bounds=np.zeros((groups, 1), dtype=bool),
        notes=(*share.notes, *notes),
    )  # fmt: skip


def _extremes(cells: Cells, statistic: Statistic, value: Floats) -> tuple[Flags, Flags]:
    """Where nobody or everybody has the level: the unweighted count decides."""
    import numpy as np

    if not statistic.share or cells.count is None:
        return np.zeros(value.shape, dtype=bool), np.zeros(value.shape, dtype=bool)
    asked = (cells.n > 0)[:, None]
    return (cells.count == 0) & asked, (cells.count == cells.n[:, None]) & asked


def _share_interval(
    cells: Cells, shares: intervals.Shares, extremes: tuple[Flags, Flags], ci: str,
    methods: Mapping[str, Callable[[intervals.Shares], intervals.Bounds]] = intervals.INTERVALS,
) -> tuple[Floats, Floats]:  # fmt: skip
    """The method's interval inside (0, 1), Korn-Graubard's for nobody and everybody."""
    import numpy as np

    shape = shares.estimate.shape
    low, high = np.full(shape, np.nan), np.full(shape, np.nan)
    zeros, ones = extremes
    ends = zeros | ones
    inside = ~(ends | np.isnan(shares.estimate))
    low[inside], high[inside] = methods[ci](shares.where(inside))
    if ends.any():
        kish = cells.n_weighted**2 / np.where(cells.weights_squared > 0, cells.weights_squared, 1.0)
        kish = np.broadcast_to(kish[:, None], shape)[ends]
        low[ends], high[ends] = intervals.at_bounds(shares.where(ends), ones[ends], kish)
    return low, high


def _deff(cells: Cells, statistic: Statistic, spread: Floats) -> Floats:
    """Variance against simple random sampling with replacement of the same n (R: deff = "replace").

    For totals the sample is the whole one, respondents outside of the row's domain
    as zeros, as in Stata's ``estat effects``.
    """
    import numpy as np

    gradient = gradient_of(statistic, cells.totals(), cells.shift)
    squares = gradient.form(cells.cross)
    if statistic.additive:
        n, weight = np.full((1, 1), float(cells.units.rows)), np.full((1, 1), cells.units.weight)
        mean = gradient.of(cells.totals()[None])[0] ** 2 / weight
        squares = np.where(squares - mean > ROUNDING * mean, squares - mean, 0.0)  # the same for everybody is 0
    else:
        n, weight = cells.n[:, None].astype(np.float64), cells.n_weighted[:, None]
        squares = np.where(squares > ROUNDING * gradient.size(cells.cross), squares, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = weight * squares / (n - 1)
        defined = (n > 1) & (squares > 0) & (spread > ROUNDING * simple)
        return np.where(defined, spread / np.where(defined, simple, 1.0), np.nan)


def _rows(tally: Tally, cells: Cells, figures: Figures, ci: str) -> list[Row]:
    levels: tuple[tuple[str | None, str | None], ...] = tally.levels or ((None, None),)
    out = []
    for g, group in enumerate(cells.breakdown.groups):
        by = dict(zip(cells.breakdown.names, group, strict=True))
        for r, (label, code) in enumerate(levels):
            out.append(_row(tally, cells, figures, (g, r), by, (label, code), ci))
    return out


def _row(
    tally: Tally, cells: Cells, figures: Figures, at: tuple[int, int], by: dict[str, str],
    level: tuple[str | None, str | None], ci: str,
) -> Row:  # fmt: skip
    g, _ = at
    value, se = _number(figures.estimate[at]), _number(figures.se[at])
    n, df = int(cells.n[g]), _number(figures.df[at])
    low = _number(figures.low[at])
    return Row(
        table=tally.id,
        variable=tally.request.variable,
        level=level[0],
        level_code=level[1],
        by=by,
        estimate=value if n else None,
        se=se if n else None,
        ci_low=low if n else None,
        ci_high=_number(figures.high[at]) if n else None,
        df=df if n else None,
        deff=_number(figures.deff[at]) if n else None,
        cv=se / abs(value) if n and se is not None and value else None,
        count=int(cells.count[at]) if tally.levels and cells.count is not None else n,
        n=n,
        n_weighted=float(cells.n_weighted[g]),
        flag=_flag(n, value, low, df),
        ci_method=_method(figures, at, ci),
        trips=tally.trips[at[1]] if tally.trips and not by else None,
    )


def _method(figures: Figures, at: tuple[int, int], ci: str) -> str:
    """The interval that one row has."""
    if figures.at_bounds[at]:
        return "beta"
    if ci != "auto":
        return ci
    return "nchs" if figures.exact is not None and figures.exact[at] else "logit"


def _flag(n: int, value: float | None, low: float | None, df: float | None) -> str | None:
    if n == 0:
        return NO_RESPONDENTS
    if value is None:
        return NO_ANSWER
    return NO_DF if low is None and not (df and df > 0) else None


def _number(value: float) -> float | None:
    """A finite float, or None for what is undefined."""
    number = float(value)
    return number if number - number == 0 else None


def _row_notes(rows: list[Row], tally: Tally) -> list[Note]:
    notes = []
    at_bounds = [
        row for row in rows if row.ci_method == "beta" and row.estimate in (0.0, 1.0) and row.ci_low is not None
    ]
    if at_bounds and tally.levels and tally.statistic == "proportion":
        notes.append(note("ci_at_bounds", n=len(at_bounds)))
    few = sum(row.ci_method == "nchs" and row.ci_low is not None for row in rows)
    if few and tally.request.interval in (None, "auto"):
        notes.append(note("ci_few", n=few))
    if any(row.trips is not None for row in rows):
        notes.append(note("route_trips"))
    undefined = [row for row in rows if row.flag == NO_DF]
    if undefined:
        notes.append(note("no_df", n=len(undefined)))
    empty = tuple(dict.fromkeys(", ".join(row.by.values()) for row in rows if row.flag == NO_RESPONDENTS and row.by))
    if empty:
        notes.append(note("empty_group", groups=empty[:20]))
    return notes


def _total_notes(cells: Cells) -> list[Note]:
    """Weights that sum to the number of respondents make totals of respondents, not of people."""
    normalised = abs(cells.units.weight - cells.units.rows) <= 0.005 * cells.units.rows
    return [note("weights_sum_to_n")] if normalised else []

"""The numbers of one breakdown, as arrays: value, standard error, interval, degrees of freedom, design effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells, Tally
from surveytool.errors import UsageError
from surveytool.estimate import interval as intervals
from surveytool.estimate import standardise
from surveytool.estimate.clusters import clusters_of, size_of, standardised_clusters
from surveytool.estimate.gradient import gradient_of
from surveytool.estimate.lonely import design_notes as door_notes
from surveytool.estimate.lopsided import lopsided
from surveytool.estimate.statistic import Statistic
from surveytool.estimate.variance import logit_error, variance
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.survey import Standard

if TYPE_CHECKING:
    from surveytool.aggregate.distribution import Distribution
    from surveytool.arrays import Flags, Floats


NOTHING = 1e-24  # the share of the simple variance below which a variance is 0 but for rounding
EXPANDED = 1.005  # weights that sum to more than this a respondent make a population of them
ROUNDING = 1e-12  # the share of its parts below which a sum of squares is 0 but for rounding


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
    clustered: Flags | None = None
    lopsided: Flags | None = None


def figures_of(tally: Tally, cells: Cells, statistic: Statistic, ci: str) -> tuple[Cells, Figures]:
    """The figures of one breakdown, and the cells that count their respondents."""
    if tally.request.standard is not None:
        return _standardised(cells, statistic, tally, ci)
    if statistic.measure == "quantile":
        figures = _quantiles(tally, cells, ci)
        return cells, _ends(tally, cells, statistic.ends, figures) if statistic.ends else figures
    return cells, _figures(cells, statistic, ci, tally.request.level)


def _standardised(cells: Cells, statistic: Statistic, tally: Tally, ci: str) -> tuple[Cells, Figures]:
    """Standardised figures, and the cells that count their respondents."""
    standard, level = tally.request.standard, tally.request.level
    assert standard is not None
    if statistic.additive or statistic.measure in ("quantile", "squares"):
        raise UsageError(
            f"a {statistic.name} is not standardised.", "--standardize", "Ask for proportion, mean or ratio."
        )
    shares = standardise.shares_of(cells, standard)
    value, spread, freedom, dropped = standardise.standardised(cells, statistic, shares)
    grouped = standardise.collapsed(cells, len(shares))
    se = np.sqrt(np.maximum(spread, 0.0))
    df = np.broadcast_to(freedom[:, None], value.shape)
    zeros, ones = _extremes(grouped, statistic, value)
    zeros, ones = zeros & ~np.isnan(value), ones & ~np.isnan(value)
    value = np.where(zeros, 0.0, np.where(ones, 1.0, value))
    n = np.broadcast_to(grouped.n[:, None].astype(np.float64), value.shape)
    alike = statistic.share and ci == "auto"
    units = standardised_clusters(cells, shares, freedom, value.shape) if alike else None
    inputs = intervals.Shares(estimate=value, se=se, df=df, n=n, level=level, clusters=units)
    low, high, exact = _bounds(grouped, statistic, inputs, (zeros, ones), ci)
    told = note("standardised", variable=cells.breakdown.labels[-1], shares=_told(standard))
    return grouped, Figures(
        estimate=value, se=se, low=low, high=high, df=df, deff=np.full(value.shape, np.nan),
        at_bounds=(zeros | ones) & ~np.isnan(low), notes=(told, *door_notes(cells), *dropped), exact=exact,
        clustered=None if units is None else size_of(n, units) > 1,
    )  # fmt: skip


def _told(standard: Standard) -> tuple[str, ...]:
    """The standard's shares as a reader sees them."""
    whole = sum(share for _, share in standard.shares)
    return tuple(f"{label} {share / whole:.1%}" for label, share in standard.named())


def _figures(cells: Cells, statistic: Statistic, ci: str, level: float) -> Figures:
    """Value, standard error, interval and design effect of a statistic of totals."""
    value = statistic.value(cells.totals(), cells.shift)
    zeros, ones = _extremes(cells, statistic, value)
    value = np.where(zeros, 0.0, np.where(ones, 1.0, value))
    spread_of_value = variance(cells, statistic, value)
    spread = np.where(zeros | ones, 0.0, np.maximum(spread_of_value.variance, 0.0))
    simple = _simple(cells, statistic)
    with np.errstate(invalid="ignore"):
        spread = np.where(spread <= NOTHING * simple, 0.0, spread)
    spread = np.where(np.isnan(value), np.nan, spread)
    se = np.sqrt(spread)
    df = np.broadcast_to(spread_of_value.df[:, None], value.shape)
    n = np.broadcast_to(cells.n[:, None].astype(np.float64), value.shape)
    if statistic.corrected:
        value, se = (array * _correction(n) for array in (value, se))
    logit_se = logit_error(cells, statistic, value) if statistic.share and ci in ("logit", "auto") else None
    units = clusters_of(cells, spread_of_value.df, value.shape) if statistic.share and ci == "auto" else None
    shares = intervals.Shares(estimate=value, se=se, df=df, n=n, level=level, logit_se=logit_se, clusters=units)
    low, high, exact = _bounds(cells, statistic, shares, (zeros, ones), ci)
    clustered = None if units is None else size_of(n, units) > 1
    counted = statistic.share or statistic.positive or statistic.measure in ("levels", "options")
    skewed = None if counted else lopsided(cells, statistic, value, se, spread_of_value.df)
    return Figures(
        estimate=value, se=se, low=low, high=high, df=df, deff=_deff(spread, simple),
        at_bounds=(zeros | ones) & ~np.isnan(low), notes=spread_of_value.notes, exact=exact, clustered=clustered,
        lopsided=skewed,
    )  # fmt: skip


def _correction(n: Floats) -> Floats:
    """sqrt(n / (n - 1)) [G, R]; NaN of one respondent, who has no spread."""
    return np.sqrt(np.where(n > 1, n / np.where(n > 1, n - 1, 1.0), np.nan))


def _ends(tally: Tally, cells: Cells, shares: tuple[float, ...], figures: Figures) -> Figures:
    """The smallest or largest value, or the distance of two quantiles: no sampling error is told of them."""
    from surveytool.aggregate.distribution import quantile

    rule = tally.request.quantile_rule
    ends = [[_end(distribution, share, rule, quantile) for share in shares] for distribution in cells.distributions]
    distances = np.array([[pair[-1] - pair[0] if len(pair) > 1 else pair[0]] for pair in ends]).reshape(-1, 1)
    none = np.full(distances.shape, np.nan)
    return Figures(
        estimate=distances, se=none, low=none, high=none, df=none, deff=none, at_bounds=figures.at_bounds, notes=()
    )


def _end(given: Distribution, share: float, rule: str, quantile: Callable[[Distribution, float, str], float]) -> float:
    """A quantile of one group; of the shares 0 and 1 the first and the last value."""
    if not len(given.values):
        return float("nan")
    if share in (0.0, 1.0):
        return float(given.values[-1 if share else 0])
    return quantile(given, share, rule)


def _bounds(
    cells: Cells, statistic: Statistic, shares: intervals.Shares, extremes: tuple[Flags, Flags], ci: str
) -> tuple[Floats, Floats, Flags | None]:
    """Both ends of the interval, and where the automatic one leaves the logit; t's for what is no share."""
    if counts(statistic) and ci != "wald":
        return *_counted(cells, shares), None
    if statistic.positive:
        return *intervals.log_interval(shares.estimate, shares.se, shares.df, shares.level), None
    if not statistic.share:
        return *intervals.t_interval(shares.estimate, shares.se, shares.df, shares.level), None
    low, high = _share_interval(cells, shares, extremes, ci)
    return low, high, _exact(shares, extremes[0] | extremes[1]) if ci == "auto" else None


def counts(statistic: Statistic) -> bool:
    """Whether it is a total of respondents with an answer, which no interval may put below 0."""
    return statistic.additive and statistic.measure in ("levels", "options")


def _counted(cells: Cells, shares: intervals.Shares) -> tuple[Floats, Floats]:
    """The log interval of counts; not below the respondents counted where weights make them a population.

    Of nobody it goes from 0 to what the share's one-sided interval lets be of the group's weight.
    """
    low, high = intervals.log_interval(shares.estimate, shares.se, shares.df, shares.level)
    if cells.count is None:
        return low, high
    if cells.units.weight > EXPANDED * cells.units.rows:
        low = np.maximum(low, np.minimum(cells.count, shares.estimate))
    none = (cells.count == 0) & (cells.n > 0)[:, None]
    if none.any():
        clustered = replace(shares, clusters=clusters_of(cells, shares.df[:, 0], shares.estimate.shape))
        kish = np.broadcast_to(clustered.clusters.kish if clustered.clusters else np.nan, none.shape)
        whole = np.broadcast_to(cells.n_weighted[:, None], none.shape)
        _, reach = intervals.at_bounds(clustered.where(none), np.zeros(int(none.sum()), dtype=bool), kish[none])
        low[none], high[none] = 0.0, reach * whole[none]
    return low, high


def _exact(shares: intervals.Shares, ends: Flags) -> Flags:
    """Where the automatic interval leaves the logit."""
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
    from surveytool.aggregate.distribution import quantile
    from surveytool.estimate import quantile_share
    from surveytool.estimate.statistic import PROPORTION

    share = _figures(cells, replace(PROPORTION, share=False), ci, tally.request.level)
    zeros, ones = _extremes(cells, PROPORTION, share.estimate)
    shape = share.estimate.shape
    n = np.broadcast_to(cells.n[:, None].astype(np.float64), shape)
    shares = intervals.Shares(estimate=share.estimate, se=share.se, df=share.df, n=n, level=tally.request.level)
    low, high = _share_interval(cells, shares, (zeros, ones), ci, intervals.QUANTILE_INTERVALS)
    asked, rule = quantile_share(tally.statistic) or 0.5, tally.request.quantile_rule
    groups = len(shape) and shape[0]
    quantiles = np.full((groups, 3), np.nan)
    for g, values in enumerate(cells.distributions):
        quantiles[g] = [quantile(values, asked_share, rule) for asked_share in (asked, low[g, 0], high[g, 0])]
    open_end = (zeros | ones)[:, 0]
    if ci in intervals.CUT:
        open_end |= (low[:, 0] <= 0) | (high[:, 0] >= 1)
    spread = (quantiles[:, 2] - quantiles[:, 1]) / (2 * intervals.t_quantile(share.df[:, 0], tally.request.level))
    notes = (note("quantile_open", n=int(open_end.sum())),) if open_end.any() else ()
    return Figures(
        estimate=quantiles[:, :1], se=np.where(open_end, np.nan, spread)[:, None], low=quantiles[:, 1:2],
        high=quantiles[:, 2:], df=share.df[:, :1], deff=np.full((groups, 1), np.nan),
        at_bounds=np.zeros((groups, 1), dtype=bool), notes=(*share.notes, *notes),
    )  # fmt: skip


def _extremes(cells: Cells, statistic: Statistic, value: Floats) -> tuple[Flags, Flags]:
    """Where nobody or everybody has the level: the unweighted count decides."""
    if not statistic.share or cells.count is None:
        return np.zeros(value.shape, dtype=bool), np.zeros(value.shape, dtype=bool)
    asked = (cells.n > 0)[:, None]
    return (cells.count == 0) & asked, (cells.count == cells.n[:, None]) & asked


def _share_interval(
    cells: Cells, shares: intervals.Shares, extremes: tuple[Flags, Flags], ci: str,
    methods: Mapping[str, Callable[[intervals.Shares], intervals.Bounds]] = intervals.INTERVALS,
) -> tuple[Floats, Floats]:  # fmt: skip
    """The method's interval inside (0, 1), Korn-Graubard's for nobody and everybody."""
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


def _simple(cells: Cells, statistic: Statistic) -> Floats:
    """Variance [G, R] under simple random sampling with replacement of the same n; NaN or 0 where it has no meaning.

    For totals the sample is the whole one, respondents outside of the row's domain
    as zeros, as in Stata's ``estat effects``.
    """
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
        return np.where(n > 1, weight * squares / (n - 1), np.nan)


def _deff(spread: Floats, simple: Floats) -> Floats:
    """Variance against the simple one (R: deff = "replace")."""
    with np.errstate(invalid="ignore"):
        defined = (simple > 0) & (spread > ROUNDING * simple)
    return np.where(defined, spread / np.where(defined, simple, 1.0), np.nan)

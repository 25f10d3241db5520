"""Confidence intervals: t for means and totals; for proportions one small function a method.

A proportion's interval takes arrays of estimate, standard error, degrees of
freedom and respondents, and returns low and high; at 0% and 100%, which the
unweighted count decides, Korn-Graubard serves every method.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import unknown
from surveytool.estimate import clusters as clustered
from surveytool.estimate.clusters import Clusters
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Floats

    Bounds = tuple[Floats, Floats]

MOST_LOG = 700.0  # the largest logarithm whose exponential is a float
FEW = 10.0  # effective respondents on the rarer side, below which `auto` takes Korn-Graubard


@frozen
class Shares:
    """Proportions: estimate, se, df and n (respondents) are arrays of one shape.

    ``logit_se`` is the standard error of log(p/(1-p)) where replicates give it
    directly; NaN or None where the delta method has to. ``clusters`` are the sampling
    units behind each, where `auto` is to know them.
    """

    estimate: Floats
    se: Floats
    df: Floats
    n: Floats
    level: float
    logit_se: Floats | None = None
    clusters: Clusters | None = None

    def where(self, chosen: NDArray[np.bool_]) -> Shares:
        """The chosen entries, flat; ``chosen`` is of one shape with them."""
        return Shares(
            estimate=self.estimate[chosen],
            se=self.se[chosen],
            df=self.df[chosen],
            n=self.n[chosen],
            level=self.level,
            logit_se=None if self.logit_se is None else self.logit_se[chosen],
            clusters=None if self.clusters is None else self.clusters.where(chosen),
        )


def t_quantile(df: Floats, level: float) -> Floats:
    """Two-sided t quantile of each entry; NaN where the degrees of freedom are not positive."""
    from surveytool.estimate.student import quantile

    given = np.asarray(df, dtype=np.float64)
    if given.size and (given == given.flat[0]).all():  # the usual case, at a fifth of the cost
        return np.full(given.shape, quantile(float(given.flat[0]), level))
    distinct, inverse = np.unique(given, return_inverse=True)
    by_df = np.array([quantile(float(df_value), level) for df_value in distinct])
    quantiles: Floats = by_df[inverse].reshape(np.shape(df))
    return quantiles


def t_interval(estimate: Floats, se: Floats, df: Floats, level: float) -> Bounds:
    """estimate -/+ t * se, as R's ``confint(..., df = degf)``; arrays of one shape."""
    half = t_quantile(df, level) * se
    return estimate - half, estimate + half


def log_interval(estimate: Floats, se: Floats, df: Floats, level: float) -> Bounds:
    """t interval of log(total), turned back: never below 0 (R ``svycontrast(log)``, Stata's ``citype(log)``).

    A total without a standard error, or of nobody, is its own interval.
    """
    usable = (estimate > 0) & (se > 0)
    whole = np.where(usable, estimate, 1.0)
    reach = np.exp(np.minimum(t_quantile(df, level) * np.where(usable, se, 0.0) / whole, MOST_LOG))
    return np.where(np.isnan(estimate), np.nan, estimate / reach), np.where(
        np.isnan(estimate), np.nan, estimate * reach
    )


def logit(shares: Shares) -> Bounds:
    """t interval of log(p/(1-p)), turned back (Korn and Graubard 1998; R svyciprop "logit"); arrays of one shape."""
    p = shares.estimate
    middle = np.log(p / (1 - p))
    se = shares.se / (p * (1 - p))
    if shares.logit_se is not None:
        se = np.where(np.isnan(shares.logit_se), se, shares.logit_se)
    half = t_quantile(shares.df, shares.level) * se
    return _expit(middle - half), _expit(middle + half)


def _expit(x: Floats) -> Floats:
    tail: Floats = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + tail), tail / (1 + tail))


def wald(shares: Shares) -> Bounds:
    """p -/+ t * se, cut to [0, 1] (R svyciprop "mean")."""
    low, high = t_interval(shares.estimate, shares.se, shares.df, shares.level)
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


def arcsine(shares: Shares) -> Bounds:
    """t interval of asin(sqrt(p)), turned back and cut to [0, 1] (R svyciprop "asin")."""
    p = shares.estimate
    half = t_quantile(shares.df, shares.level) * shares.se / (2 * np.sqrt(p * (1 - p)))
    middle = np.arcsin(np.sqrt(p))
    low, high = np.maximum(middle - half, 0.0), np.minimum(middle + half, np.pi / 2)
    return np.sin(low) ** 2, np.sin(high) ** 2


def wilson(shares: Shares) -> Bounds:
    """Score interval at the effective n, p(1-p)/V, with t for z (Wilson 1927; R survey 4.5 svyciprop "wilson").

    The effective n is not corrected for degrees of freedom: t carries them already. Arrays of one shape.
    """
    p = shares.estimate
    pull = t_quantile(shares.df, shares.level) ** 2 * shares.se**2 / (p * (1 - p))
    middle = (p + pull / 2) / (1 + pull)
    half = np.sqrt(pull * (p * (1 - p) + pull / 4)) / (1 + pull)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def likelihood(shares: Shares) -> Bounds:
    """Where the binomial deviance, over its design effect, reaches t squared (R svyciprop "likelihood").

    Solves 2 n KL(p, q) = t^2 * V / (p(1-p)/n) * n/(n-1) for q on both sides of p. R interpolates the
    profile; its ends differ from these by up to 2e-4. Arrays of one shape.
    """
    p, n = shares.estimate, shares.n
    reach = t_quantile(shares.df, shares.level) ** 2 * shares.se**2 * n / (p * (1 - p)) / np.maximum(n - 1, 1.0) / 2
    low = _divergent(p, reach, np.zeros_like(p))
    return low, _divergent(p, reach, np.ones_like(p))


def _divergent(p: Floats, reach: Floats, end: Floats) -> Floats:
    """Between p and an end, the q with p log(p/q) + (1-p) log((1-p)/(1-q)) = reach; by bisection."""
    near, far = p.copy(), end.copy()
    for _ in range(200):
        middle = (near + far) / 2
        with np.errstate(divide="ignore", invalid="ignore"):
            inside = p * np.log(p / middle) + (1 - p) * np.log((1 - p) / (1 - middle)) < reach
        near, far = np.where(inside, middle, near), np.where(inside, far, middle)
    return np.where(np.isnan(reach), np.nan, near)


def effective_n(shares: Shares) -> Floats:
    """p(1-p)/V corrected for df, NaN without a variance; of one shape (Korn and Graubard 1998, p. 196)."""
    p = shares.estimate
    spread = np.where(shares.se > 0, shares.se, np.nan)
    effective: Floats = p * (1 - p) / spread**2 * df_correction(shares.n, shares.df, shares.level)
    return effective


def beta(shares: Shares) -> Bounds:
    """Korn-Graubard: Clopper-Pearson at the effective n corrected for df (R svyciprop "beta"); arrays of one shape."""
    return _korn_graubard(shares, effective_n(shares))


def nchs(shares: Shares) -> Bounds:
    """Korn-Graubard with the effective n at most n (NCHS, Vital and Health Statistics 2-175, p. 4); of one shape."""
    return _korn_graubard(shares, np.minimum(effective_n(shares), shares.n))


def _korn_graubard(shares: Shares, effective: Floats) -> Bounds:
    p = shares.estimate
    low, high = clopper_pearson(p * effective, effective, shares.level)
    usable = shares.se > 0
    return np.where(usable, low, p).astype(np.float64), np.where(usable, high, p).astype(np.float64)


def extreme(shares: Shares) -> NDArray[np.bool_]:
    """Where `auto` leaves the logit: under FEW effective respondents with the answer, or without; of one shape."""
    return _few(_steadied(shares))


def _few(shares: Shares) -> NDArray[np.bool_]:
    effective = np.minimum(effective_n(shares), shares.n)
    flags: NDArray[np.bool_] = np.minimum(shares.estimate, 1 - shares.estimate) * effective < FEW
    return flags


def auto(shares: Shares) -> Bounds:
    """The logit interval, with the variance and degrees of freedom that clusters leave.

    Where it rests on few effective respondents it is Korn-Graubard's (the NCHS form) for single respondents, and
    goes over to Jeffreys' for clusters. The rule is justified by ``tests/benchmarks/coverage.py``.
    """
    steady = _steadied(shares)
    few = _few(steady)
    low, high = logit(steady)
    low, high = np.array(low), np.array(high)
    if few.any():
        low[few], high[few] = _between(steady.where(few))
    return low, high


def _steadied(shares: Shares) -> Shares:
    """The shares with the variance and degrees of freedom that their clusters leave."""
    if shares.clusters is None:
        return shares
    usable = shares.se > 0
    variance, df = clustered.steadied(shares.estimate, shares.se**2, shares.df, shares.n, shares.clusters)
    se = np.where(usable, np.sqrt(variance), shares.se)
    scale = np.where(usable, se / np.where(usable, shares.se, 1.0), 1.0)
    logit_se = None if shares.logit_se is None else shares.logit_se * scale
    return replace(shares, se=se, df=np.where(usable, df, shares.df), logit_se=logit_se)


def _between(shares: Shares) -> Bounds:
    """From Clopper-Pearson (each respondent a unit) towards Jeffreys (large clusters), at the effective n up to n."""
    if shares.clusters is None:
        return nchs(shares)
    from surveytool.estimate.beta import quantile

    p, usable, tail = shares.estimate, shares.se > 0, (1 - shares.level) / 2
    effective = np.minimum(effective_n(shares), shares.n)
    more = clustered.apart(shares.n, shares.clusters) / 2
    successes, failures = p * effective, effective - p * effective
    low = quantile(successes + more, failures + (1 - more), tail)
    high = quantile(successes + (1 - more), failures + more, 1 - tail)
    return np.where(usable, low, p), np.where(usable, high, p)


def df_correction(n: Floats, df: Floats, level: float) -> Floats:
    """(t_{n-1} / t_df)^2, for fewer degrees of freedom (Korn and Graubard 1998, p. 196); arrays of one shape."""
    ratio: Floats = (t_quantile(n - 1, level) / t_quantile(df, level)) ** 2
    return ratio


def clopper_pearson(successes: Floats, trials: Floats, level: float) -> Bounds:
    """Exact binomial interval by beta quantiles; counts need not be whole. Arrays of one shape."""
    from surveytool.estimate.beta import quantile

    alpha = 1 - level
    failures = trials - successes
    inside_low, inside_high = successes > 0, failures > 0
    low = quantile(np.where(inside_low, successes, 1.0), failures + 1, alpha / 2)
    high = quantile(successes + 1, np.where(inside_high, failures, 1.0), 1 - alpha / 2)
    unknown = np.isnan(trials)
    low = np.where(unknown, np.nan, np.where(inside_low, low, 0.0))
    high = np.where(unknown, np.nan, np.where(inside_high, high, 1.0))
    return low.astype(np.float64), high.astype(np.float64)


def at_bounds(shares: Shares, ones: NDArray[np.bool_], kish: Floats) -> Bounds:
    """Nobody or everybody: Korn-Graubard with Kish's effective n, as no variance can be estimated there.

    With no success in n trials the beta quantile has a closed form, 1 - (alpha/2)^(1/n). Arrays of one shape.
    """
    correction = np.minimum(df_correction(shares.n, shares.df, shares.level), 1.0)
    effective = np.minimum(shares.n, kish) * correction
    if shares.clusters is not None:
        effective = clustered.at_bounds(shares.n, correction, shares.clusters)
    reach = 1.0 - ((1.0 - shares.level) / 2) ** (1.0 / effective)
    unknown = np.isnan(reach)
    low = np.where(unknown, np.nan, np.where(ones, 1.0 - reach, 0.0))
    high = np.where(unknown, np.nan, np.where(ones, 1.0, reach))
    return low, high


INTERVALS: dict[str, Callable[[Shares], Bounds]] = {
    "auto": auto,
    "logit": logit,
    "wilson": wilson,
    "beta": beta,
    "nchs": nchs,
    "likelihood": likelihood,
    "arcsine": arcsine,
    "wald": wald,
}
DEFAULT = "auto"


# Woodruff's intervals of quantiles: what is done to the share at or below the quantile.
QUANTILE_INTERVALS: dict[str, Callable[[Shares], Bounds]] = {
    "wald": wald,
    "logit": logit,
    "beta": beta,
    "arcsine": arcsine,
}
CUT = ("wald", "arcsine")  # methods whose ends are cut where they leave [0, 1]


def method(name: str | None, *, quantile: bool = False) -> str:
    """The interval's name, checked; None is the default."""
    methods = QUANTILE_INTERVALS if quantile else INTERVALS
    if name is None or (quantile and name == "auto"):
        return "wald" if quantile else DEFAULT
    if name not in methods:
        raise unknown("interval of a quantile" if quantile else "interval", name, methods, "--ci")
    return name

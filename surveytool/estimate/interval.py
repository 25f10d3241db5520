"""Confidence intervals: t for means and totals; for proportions one small function a method.

A proportion's interval takes arrays of estimate, standard error, degrees of
freedom and respondents, and returns low and high; at 0% and 100%, which the
unweighted count decides, Korn-Graubard serves every method.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveytool.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bounds = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Proportions: estimate, se, df and n (respondents) are arrays of one shape.

    ``logit_se`` is the standard error of log(p/(1-p)) where replicates give it
    directly; NaN or None where the delta method has to.
    """

    estimate: Floats
    se: Floats
    df: Floats
    n: Floats
    level: float
    logit_se: Floats | None = None

    def where(self, chosen: NDArray[np.bool_]) -> Shares:
        """The chosen entries, flat."""
        return Shares(
            estimate=self.estimate[chosen],
            se=self.se[chosen],
            df=self.df[chosen],
            n=self.n[chosen],
            level=self.level,
            logit_se=None if self.logit_se is None else self.logit_se[chosen],
        )


def t_quantile(df: Floats, level: float) -> Floats:
    """Two-sided t quantile of each entry; NaN where the degrees of freedom are not positive."""
    import numpy as np

    from surveytool.estimate.student import quantile

    distinct, inverse = np.unique(np.asarray(df, dtype=np.float64), return_inverse=True)
    found = np.array([quantile(float(each), level) for each in distinct])
    quantiles: Floats = found[inverse].reshape(np.shape(df))
    return quantiles


def t_interval(estimate: Floats, se: Floats, df: Floats, level: float) -> Bounds:
    """estimate -/+ t * se, as R's ``confint(..., df = degf)``."""
    half = t_quantile(df, level) * se
    return estimate - half, estimate + half


def logit(shares: Shares) -> Bounds:
    """t interval of log(p/(1-p)), turned back (Korn and Graubard 1998; R svyciprop "logit")."""
    import numpy as np

    p = shares.estimate
    middle = np.log(p / (1 - p))
    se = shares.se / (p * (1 - p))
    if shares.logit_se is not None:
        se = np.where(np.isnan(shares.logit_se), se, shares.logit_se)
    half = t_quantile(shares.df, shares.level) * se
    return _expit(middle - half), _expit(middle + half)


def _expit(x: Floats) -> Floats:
    import numpy as np

    tail: Floats = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + tail), tail / (1 + tail))


def wald(shares: Shares) -> Bounds:
    """p -/+ t * se, cut to [0, 1] (R svyciprop "mean")."""
    import numpy as np

    low, high = t_interval(shares.estimate, shares.se, shares.df, shares.level)
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


def arcsine(shares: Shares) -> Bounds:
    """t interval of asin(sqrt(p)), turned back and cut to [0, 1] (R svyciprop "asin")."""
    import numpy as np

    p = shares.estimate
    half = t_quantile(shares.df, shares.level) * shares.se / (2 * np.sqrt(p * (1 - p)))
    middle = np.arcsin(np.sqrt(p))
    low, high = np.maximum(middle - half, 0.0), np.minimum(middle + half, np.pi / 2)
    return np.sin(low) ** 2, np.sin(high) ** 2


def beta(shares: Shares) -> Bounds:
    """Korn-Graubard: Clopper-Pearson at the effective n corrected for df (R svyciprop "beta")."""
    import numpy as np

    p = shares.estimate
    spread = np.where(shares.se > 0, shares.se, np.nan)
    effective = p * (1 - p) / spread**2 * df_correction(shares.n, shares.df, shares.level)
    low, high = clopper_pearson(p * effective, effective, shares.level)
    known = shares.se > 0
    return np.where(known, low, p).astype(np.float64), np.where(known, high, p).astype(np.float64)


def df_correction(n: Floats, df: Floats, level: float) -> Floats:
    """(t_{n-1} / t_df)^2, the design's fewer degrees of freedom (Korn and Graubard 1998, p. 196)."""
    ratio: Floats = (t_quantile(n - 1, level) / t_quantile(df, level)) ** 2
    return ratio


def clopper_pearson(successes: Floats, trials: Floats, level: float) -> Bounds:
    """Exact binomial interval by the beta quantiles; counts need not be whole."""
    import numpy as np
    from scipy.special import betaincinv

    alpha = 1 - level
    failures = trials - successes
    inside_low, inside_high = successes > 0, failures > 0
    low = betaincinv(np.where(inside_low, successes, 1.0), failures + 1, alpha / 2)
    high = betaincinv(successes + 1, np.where(inside_high, failures, 1.0), 1 - alpha / 2)
    unknown = np.isnan(trials)
    low = np.where(unknown, np.nan, np.where(inside_low, low, 0.0))
    high = np.where(unknown, np.nan, np.where(inside_high, high, 1.0))
    return low.astype(np.float64), high.astype(np.float64)


def at_bounds(shares: Shares, ones: NDArray[np.bool_], kish: Floats) -> Bounds:
    """Nobody or everybody: Korn-Graubard with Kish's effective n, as no variance can be estimated there.

    With no success in n trials the beta quantile has a closed form, 1 - (alpha/2)^(1/n).
    """
    import numpy as np

    correction = np.minimum(df_correction(shares.n, shares.df, shares.level), 1.0)
    effective = np.minimum(shares.n, kish) * correction
    reach = 1.0 - ((1.0 - shares.level) / 2) ** (1.0 / effective)
    unknown = np.isnan(reach)
    low = np.where(unknown, np.nan, np.where(ones, 1.0 - reach, 0.0))
    high = np.where(unknown, np.nan, np.where(ones, 1.0, reach))
    return low, high


INTERVALS: dict[str, Callable[[Shares], Bounds]] = {
    "logit": logit,
    "beta": beta,
    "arcsine": arcsine,
    "wald": wald,
}
DEFAULT = "logit"


def method(name: str | None) -> str:
    """The interval's name, checked; None is the default."""
    from surveytool.errors import did_you_mean, near_names

    if name is None:
        return DEFAULT
    if name not in INTERVALS:
        near = near_names(name, INTERVALS)
        cure = did_you_mean(near) if near else f"The methods are {', '.join(INTERVALS)}."
        raise UsageError(f"no interval is called {name!r}.", "--ci", cure)
    return name

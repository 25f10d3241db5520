"""What reliability schemes look at: effective n, width of the interval, coefficients of variation."""

from __future__ import annotations

import math

import numpy as np

from surveytool.estimate.result import Estimates, Row

PLACES = 9
LEVEL = 0.95
WORST: dict[str, float | None] = {
    "df": 0.0, "n_effective": 0.0, "width": 1.0, "cv": math.inf, "cv_percent": math.inf, "cv_log": math.inf,
    "relative": math.inf, "relative_complement": math.inf, "se_limit": math.inf, "count_width": math.inf,
}  # fmt: skip


def measures(row: Row, estimates: Estimates) -> dict[str, float | None]:
    """The measures of one figure, by the names that schemes use; None for what it does not have.

    ``share`` is 1 for a proportion and 0 for others; ``count`` are respondents with
    the answer (all of the base for numbers); ``others`` the rest of the base.
    ``n_effective`` is p (1 - p) / se^2 for proportions, n / deff for others, at most
    n; ``width`` the 95% Korn-Graubard interval of a proportion, ``relative`` and
    ``relative_complement`` that width over p and over 1 - p. ``cv_percent`` is
    rounded to one decimal as it is published; ``cv_log`` the relative error of
    -log(p), p the smaller of the share and its complement (NSDUH; CEPAL);
    ``se_limit`` the error over INE Chile's limit p^(2/3) / 9; ``count_width`` the
    relative width of a log-normal 95% interval of a total.

    A figure without degrees of freedom or without a standard error has the worst of every measure of precision:
    of its precision nothing is known.
    """
    found: dict[str, float | None] = {
        "n": float(row.n), "count": float(row.count if row.count is not None else row.n), "df": row.df,
        "cv": row.cv, "deff": row.deff, "estimate": row.estimate, "se": row.se,
        "cv_percent": None if row.cv is None else round(100 * row.cv, 1),
        "n_effective": _effective(row), "count_width": _count_width(row),
    }  # fmt: skip
    proportion = estimates.statistic == "proportion"
    found["share"] = 1.0 if proportion else 0.0
    if proportion:
        found |= _of_share(row)
    if row.se is None or not (row.df or 0) > 0:
        found |= WORST
    elif row.estimate == 0 and row.se > 0:
        found |= {"cv": math.inf, "cv_percent": math.inf}
    return {name: None if value is None else round(value, PLACES) for name, value in found.items()}


def _effective(row: Row) -> float | None:
    """n over the design effect, at most n; n where there is none, as where all gave the same answer."""
    return float(row.n) if not row.deff else min(row.n / row.deff, float(row.n))


def _of_share(row: Row) -> dict[str, float | None]:
    p, se, count = row.estimate, row.se, row.count
    if p is None or count is None:
        return {}
    ends = count in (0, row.n)
    found: dict[str, float | None] = {"others": float(row.n - count), "at_bounds": float(ends)}
    if ends or se is None or not 0 < p < 1:
        return found | {"n_effective": float(row.n)}
    smaller = min(p, 1 - p)
    found["n_effective"] = min(p * (1 - p) / se**2, float(row.n)) if se > 0 else float(row.n)
    found["cv_log"] = se / (smaller * -math.log(smaller))
    found["se_limit"] = se / (smaller ** (2 / 3) / 9)
    width = _korn_graubard(row)
    if width is not None:
        found |= {"width": width, "relative": width / p, "relative_complement": width / (1 - p)}
    return found


def _korn_graubard(row: Row) -> float | None:
    """The width of NCHS's 95% interval, whatever interval is printed."""
    from surveytool.estimate.interval import Shares, nchs

    if row.df is None or row.df <= 0 or row.estimate is None or row.se is None:
        return None
    least = 1e-3 * math.sqrt(row.estimate * (1 - row.estimate) / max(row.n, 1))  # an effective n is at most n anyway
    given = (row.estimate, max(row.se, least), row.df, float(row.n))
    p, se, df, n = (np.array([value]) for value in given)
    low, high = nchs(Shares(estimate=p, se=se, df=df, n=n, level=LEVEL))
    return float(high[0] - low[0])


def _count_width(row: Row) -> float | None:
    """(high - low) / total of the interval that is symmetric about log(total)."""
    from surveytool.estimate.interval import t_quantile

    if not row.cv or row.df is None or row.df <= 0:
        return None
    reach = min(float(t_quantile(np.array([row.df]), LEVEL)[0]) * row.cv, 700.0)
    return math.exp(reach) - math.exp(-reach)

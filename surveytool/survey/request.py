"""What a reader wants to know: one table's worth of numbers."""

from __future__ import annotations

from typing import Literal

from surveytool.frozen import frozen

Base = Literal["asked", "answered", "all"]


@frozen
class Standard:
    """Shares of a variable's groups to which figures are standardised, by label; they need not add up to 1."""

    variable: str
    shares: tuple[tuple[str, float], ...]


@frozen
class Request:
    """One table: a variable, its breakdowns, a statistic and its domain.

    ``by`` holds one tuple a breakdown; a tuple of several names crosses them.
    ``statistic`` is ``proportion``, ``mean``, ``total``, ``median``, ``p10`` ... ``p99``,
    ``ratio:DENOMINATOR`` or None for the variable's own default. ``interval`` is None
    for the default. ``quantile_rule`` is one of R's svyquantile.
    """

    variable: str
    by: tuple[tuple[str, ...], ...] = ()
    statistic: str | None = None
    where: str | None = None
    base: Base = "answered"
    interval: str | None = None
    level: float = 0.95
    total: bool = True
    id: str | None = None
    quantile_rule: str = "math"
    standard: Standard | None = None

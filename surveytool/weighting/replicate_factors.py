"""Replicate factors of sampling units: what each replicate multiplies a unit's weight with, before any step.

``jk1``/``jkn`` leave one unit out (Wolter 2007, ch. 4), ``bootstrap`` draws n - 1 of n units of a stratum (Rao and
Wu 1988), ``brr``/``fay`` takes one of two by a Hadamard matrix (McCarthy 1969, Judkins 1990), ``sdr`` sets neighbours
against each other (Fay and Train 1995). Scales are those of R's ``svrepdesign``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UnusableDesign, UsageError, unknown
from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Floats, Keys

MAKERS = ("bootstrap", "jkn", "jk1", "brr", "fay", "sdr")
USUAL = {"bootstrap": 200, "sdr": 64}
MOST = 10_000
LARGEST_MATRIX = 60_000_000  # rows times replicates that a file can hold


@frozen
class ReplicatePlan:
    """How replicates are made: ``bootstrap:200`` is a method and a count; ``seed`` is for those that draw."""

    method: str
    count: int | None = None
    seed: int = 1
    fay_rho: float = 0.5


@frozen
class Factors:
    """Factors [units, R], and how their spread is read: ``scale``, ``rscales`` [R] and ``mse`` of ``svrepdesign``."""

    matrix: Floats
    method: str
    scale: float
    rscales: Floats
    mse: bool
    fay_rho: float = 0.0


@frozen
class SampledUnits:
    """Sampling units of the first stage: their stratum [units]; ``fraction`` [strata] sampled, 0 with replacement."""

    stratum: Keys
    fraction: Floats
    strata: tuple[str, ...]

    @property
    def sizes(self) -> Floats:
        """Units of each stratum [strata]."""
        return np.bincount(self.stratum, minlength=len(self.fraction)).astype(np.float64)


def replicate_plan(text: str, seed: int = 1, fay_rho: float = 0.5) -> ReplicatePlan:
    """``bootstrap:200``, ``jkn``, ``brr``, ``sdr:64`` as a plan.

    Raises ``UsageError``.

    >>> replicate_plan("bootstrap:500").count
    500
    """
    method, sign, count = text.strip().lower().partition(":")
    if method not in MAKERS:
        raise unknown(
            "way to make replicates", method, MAKERS, "--replicates", "Write for example bootstrap:200 or jkn."
        )
    if not sign:
        return ReplicatePlan(method=method, count=USUAL.get(method), seed=seed, fay_rho=fay_rho)
    if method not in USUAL:
        raise UsageError(f"{method} has as many replicates as it needs.", "--replicates", f"Write {method}.")
    if not count.strip().isdigit() or not 2 <= int(count) <= MOST:
        raise UsageError(f"{count!r} is no number of replicates.", "--replicates", f"Write 2 to {MOST}: {method}:200")
    if method == "sdr" and int(count) & (int(count) - 1):
        raise UsageError(f"sdr needs a power of two, not {count}.", "--replicates", "Write sdr:64 or sdr:128.")
    return ReplicatePlan(method=method, count=int(count), seed=seed, fay_rho=fay_rho)


def made_factors(plan: ReplicatePlan, units: SampledUnits, single: str = "fail") -> Factors:
    """The factors of a plan; ``single`` is what a stratum with one unit means: fail, certainty or remove.

    Raises ``UnusableDesign`` for strata that the method cannot take, with their count and a cure.
    """
    lonely = np.flatnonzero(units.sizes == 1)
    if len(lonely) and single not in ("certainty", "remove"):
        names = ", ".join(units.strata[place] for place in lonely[:5])
        raise UnusableDesign(
            f"{len(lonely)} strata have one PSU ({names}{', ...' if len(lonely) > 5 else ''}).", "--replicates",
            "Merge strata, or say that such a PSU was sampled for certain: --lonely-psu certainty",
        )  # fmt: skip
    return MADE[plan.method](plan, units)


def _members(units: SampledUnits) -> list[Keys]:
    """The units of each stratum that has several."""
    order = np.argsort(units.stratum, kind="stable")
    parts = np.split(order, np.cumsum(units.sizes.astype(int))[:-1])
    return [part for part in parts if len(part) > 1]


def _bootstrap(plan: ReplicatePlan, units: SampledUnits) -> Factors:
    """n/(n - 1) times how often a unit is drawn in n - 1 draws; shrunk to 1 by the root of 1 - f."""
    count = plan.count or USUAL["bootstrap"]
    draw = np.random.default_rng(plan.seed)
    matrix = np.ones((len(units.stratum), count))
    for part in _members(units):
        n = len(part)
        times = draw.multinomial(n - 1, np.full(n, 1 / n), size=count).T
        matrix[part] = n / (n - 1) * times
    return Factors(
        matrix=_finite(matrix, units), method="bootstrap", scale=1 / (count - 1), rscales=np.ones(count), mse=False
    )


def _jackknife(plan: ReplicatePlan, units: SampledUnits) -> Factors:
    """One replicate a unit: it goes, and the others of its stratum stand for it."""
    parts = _members(units)
    count = sum(len(part) for part in parts)
    if count < 2:
        raise UnusableDesign("the jackknife needs at least two units.", "--replicates")
    matrix = np.ones((len(units.stratum), count))
    rscales = np.ones(count)
    first = 0
    for part in parts:
        n, columns = len(part), np.arange(first, first + len(part))
        matrix[np.ix_(part, columns)] = n / (n - 1)
        matrix[part, columns] = 0.0
        rscales[columns] = (n - 1) / n * (1 - units.fraction[units.stratum[part[0]]])
        first += n
    if plan.method == "jk1":
        if len(parts) > 1:
            raise UnusableDesign("jk1 is for designs without strata.", "--replicates", "Write jkn.")
        return Factors(matrix=matrix, method="jk1", scale=float(rscales[0]), rscales=np.ones(count), mse=False)
    return Factors(matrix=matrix, method="jkn", scale=1.0, rscales=rscales, mse=False)


def _balanced(plan: ReplicatePlan, units: SampledUnits) -> Factors:
    """Half samples of designs with two units a stratum; Fay's factors are 2 - rho and rho."""
    parts = _members(units)
    odd = [part for part in parts if len(part) != 2]
    if odd:
        names = ", ".join(units.strata[units.stratum[part[0]]] for part in odd[:5])
        raise UnusableDesign(
            f"{plan.method} needs two PSUs in each stratum; {len(odd)} strata have others ({names}).", "--replicates",
            "Write bootstrap:500 or jkn.",
        )  # fmt: skip
    rho = plan.fay_rho if plan.method == "fay" else 0.0
    if not 0 <= rho < 1:
        raise UsageError("must be at least 0 and below 1.", "--fay-rho")
    signs = hadamard_matrix(len(parts) + 1)
    matrix = np.ones((len(units.stratum), len(signs)))
    for index, part in enumerate(parts, start=1):
        matrix[part[0]] = 1 + signs[index] * (1 - rho)
        matrix[part[1]] = 1 - signs[index] * (1 - rho)
    count = len(signs)
    return Factors(
        matrix=_finite(matrix, units), method="fay" if rho else "brr", scale=1 / (count * (1 - rho) ** 2),
        rscales=np.ones(count), mse=False, fay_rho=rho,
    )  # fmt: skip


def _successive(plan: ReplicatePlan, units: SampledUnits) -> Factors:
    """1 + 2^(-3/2) (a - b) of two rows of a Hadamard matrix; neighbours in the file share one of them."""
    count = plan.count or USUAL["sdr"]
    signs = hadamard_matrix(count)
    matrix = np.ones((len(units.stratum), len(signs)))
    rows = len(signs) - 1
    start = 0
    for part in _members(units):
        first = 1 + (start + np.arange(len(part))) % rows
        second = np.roll(first, -1)
        second[-1] = first[0] if len(part) <= rows else 1 + (start + len(part)) % rows
        matrix[part] = 1 + 2**-1.5 * (signs[first] - signs[second])
        start += len(part)
    return Factors(
        matrix=_finite(matrix, units), method="sdr", scale=4 / len(signs), rscales=np.ones(len(signs)), mse=True
    )


def hadamard_matrix(least: int) -> Floats:
    """A Hadamard matrix [K, K] of 1 and -1 with at least so many rows: a power of two, its first row all 1.

    >>> hadamard_matrix(3).shape
    (4, 4)
    """
    from scipy.linalg import hadamard

    size = 2 ** int(np.ceil(np.log2(max(least, 2))))
    signs: Floats = hadamard(size).astype(np.float64)
    return signs


def _finite(matrix: Floats, units: SampledUnits) -> Floats:
    """Factors shrunk towards 1 where a stratum is sampled without replacement."""
    shrunk: Floats = 1 + np.sqrt(1 - units.fraction)[units.stratum][:, None] * (matrix - 1)
    return shrunk


MADE = {
    "bootstrap": _bootstrap,
    "jkn": _jackknife,
    "jk1": _jackknife,
    "brr": _balanced,
    "fay": _balanced,
    "sdr": _successive,
}

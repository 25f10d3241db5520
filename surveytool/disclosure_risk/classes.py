"""k-anonymity and the risk of single respondents.

A class is everybody alike in the quasi-identifiers. k-anonymity (Samarati and Sweeney 1998)
is the size f of the smallest class; who looks for somebody known to be in the file is right
with chance 1 / f. Who looks for somebody in the population is right with the chance of
Benedetti and Franconi (1998), where p = f / F and F is the sum of the class's weights:
p / (1 - p) log(1 / p) for f = 1, p / (1 - p) (1 - p / (1 - p) log(1 / p)) for f = 2, and for
larger classes nearly p / (f - (1 - p)) (as in Templ 2017, Statistical Disclosure Control for Microdata).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.disclosure_risk.risk_measures import Classes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Floats, LongKeys


def sizes(classes: LongKeys) -> NDArray[np.int64]:
    """The size of each respondent's class [rows]."""
    _, inverse, counts = np.unique(classes, return_inverse=True, return_counts=True)
    found: NDArray[np.int64] = counts[inverse]
    return found


def describe(classes: LongKeys, k: int, weights: Floats | None = None) -> Classes:
    """The risk of classes [rows]; ``weights`` count people of the population, or are None."""
    own = sizes(classes)
    population = float(individual(classes, own, weights).sum()) if weights is not None else None
    return Classes(
        smallest=int(own.min()), unique=int((own == 1).sum()), below=int((own < k).sum()), k=k,
        mean=float((1 / own).mean()), population=population,
    )  # fmt: skip


def individual(classes: LongKeys, own: NDArray[np.int64], weights: Floats) -> Floats:
    """Each respondent's chance [rows] of being matched rightly in the population (Benedetti and Franconi)."""
    _, inverse = np.unique(classes, return_inverse=True)
    people = np.bincount(inverse, weights=weights)[inverse]
    f = own.astype(np.float64)
    p = np.clip(f / np.maximum(people, f), 1e-12, 1.0)
    whole = p > 1 - 1e-9
    odds = np.divide(p, 1 - p, out=np.ones_like(p), where=~whole)
    log = -np.log(p)
    risk = np.where(f == 1, odds * log, np.where(f == 2, odds * (1 - odds * log), p / (f - (1 - p))))
    found: Floats = np.clip(np.where(whole, 1 / f, risk), 0, 1)
    return found

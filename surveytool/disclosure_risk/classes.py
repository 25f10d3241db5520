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
    class_sizes: NDArray[np.int64] = counts[inverse]
    return class_sizes


def describe(classes: LongKeys, k: int, weights: Floats | None = None) -> Classes:
    """The risk of classes [rows]; ``weights`` count people of the population, or are None."""
    class_sizes = sizes(classes)
    population = float(individual(classes, class_sizes, weights).sum()) if weights is not None else None
    return Classes(
        smallest=int(class_sizes.min()), unique=int((class_sizes == 1).sum()), below=int((class_sizes < k).sum()), k=k,
        mean=float((1 / class_sizes).mean()), population=population,
    )  # fmt: skip


def individual(classes: LongKeys, class_sizes: NDArray[np.int64], weights: Floats) -> Floats:
    """Each respondent's chance [rows] of being matched rightly in the population (Benedetti and Franconi)."""
    _, inverse = np.unique(classes, return_inverse=True)
    people = np.bincount(inverse, weights=weights)[inverse]
    f = class_sizes.astype(np.float64)
    p = np.clip(f / np.maximum(people, f), 1e-12, 1.0)
    whole = p > 1 - 1e-9
    odds = np.divide(p, 1 - p, out=np.ones_like(p), where=~whole)
    log = -np.log(p)
    risk = np.where(f == 1, odds * log, np.where(f == 2, odds * (1 - odds * log), p / (f - (1 - p))))
    clip: Floats = np.clip(np.where(whole, 1 / f, risk), 0, 1)
    return clip

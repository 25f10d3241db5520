"""Links of the chance to take part: the chance p of a linear predictor u, and its slope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from surveytool.arrays import Floats


def chance(u: Floats, link: str) -> Floats:
    """p of u [rows], strictly between 0 and 1.

    >>> chance(np.array([0.0]), "logit")
    array([0.5])
    """
    if link == "logit":
        made = 1 / (1 + np.exp(-np.clip(u, -500, 500)))
    elif link == "probit":
        from scipy.special import ndtr

        made = ndtr(u)
    else:
        made = -np.expm1(-np.exp(np.clip(u, -500, 6)))
    return np.clip(made, 1e-12, 1 - 1e-12)


def slope(u: Floats, link: str) -> Floats:
    """dp/du [rows]."""
    if link == "logit":
        p = chance(u, link)
        return p * (1 - p)
    if link == "probit":
        made: Floats = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
        return made
    grown = np.clip(u, -500, 6)
    return np.exp(grown - np.exp(grown))


def odds_slope(u: Floats, link: str) -> Floats:
    """(dp/du) / (1 - p): the weight [rows] of a reference respondent in the score of likelihood."""
    if link == "logit":
        return chance(u, link)
    return slope(u, link) / (1 - chance(u, link))


def sample_slope(u: Floats, link: str) -> Floats:
    """(dp/du) / (p (1 - p)): the weight [rows] of a participant in that score; 1 for the logit."""
    if link == "logit":
        return np.ones_like(u)
    return odds_slope(u, link) / chance(u, link)

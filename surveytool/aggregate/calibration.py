"""What the margins of calibrated weights explain: the regression that a calibrated design's variance leaves out.

A total's linearised value is, respondent by respondent, weight times residual
(Deville and Sarndal 1992). The residual is linear in the value, so it is taken
once from every moment's unit totals, whatever statistic comes later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.encoded_columns import Columns
from surveytool.errors import UnusableDesign
from surveytool.frozen import frozen
from surveytool.survey import Calibrated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Floats


ROUNDED = 0.01  # what two factors may differ by, as weights are written with few decimals
ROUNDS = 10  # R's svyrecvar goes ten times around the margins of a raked design


@frozen
class Ties:
    """The margins as columns: ``matrix`` [rows, P], ``blocks`` of a margin's columns, ``weights`` of the regression.

    ``rounds`` is None for the regression itself, else how often the margins are gone around.
    """

    matrix: Floats
    blocks: tuple[slice, ...]
    weights: Floats
    rounds: int | None = None

    def coefficients(self, cross: Floats) -> Floats:
        """Regression coefficients [P, Q] of Q values, from their weighted products [P, Q] with the margins."""
        gram = self.matrix.T @ (self.matrix * self.weights[:, None])
        if self.rounds is None:
            scale = 1 / np.sqrt(np.where(np.diag(gram) > 0, np.diag(gram), 1.0))
            inverse: Floats = scale[:, None] * (
                np.linalg.pinv(gram * np.outer(scale, scale), rcond=1e-12, hermitian=True) @ (scale[:, None] * cross)
            )
            return inverse
        solution = np.zeros_like(cross)
        for _ in range(self.rounds):
            for block in self.blocks:
                left = cross[block] - gram[block] @ solution
                solution[block] += np.linalg.solve(gram[block, block], left)
        return solution


def ties(columns: Columns, given: Calibrated, weights: Floats) -> Ties:
    """The margins of a design; raises ``UnusableDesign`` where a respondent has no value on one.

    Also where ``weights`` [rows] cannot be the base weights calibrated to these margins.
    """
    base = columns.numbers(given.base_weights) if given.base_weights else np.ones(columns.rows)
    if not (base >= 0).all():
        raise UnusableDesign("base weights are missing or negative.", given.base_weights or "")
    parts, blocks, first = [], [], 0
    for name in given.margins:
        part = margin(columns, name)
        parts.append(part)
        blocks.append(slice(first, first + part.shape[1]))
        first += part.shape[1]
    if all(columns.survey.codebook[name].kind == "number" for name in given.margins):
        parts.append(np.ones((columns.rows, 1)))
        blocks.append(slice(first, first + 1))
    _refuse_others(np.hstack(parts), base, weights, given)
    return Ties(
        matrix=np.hstack(parts), blocks=tuple(blocks), weights=np.ones(columns.rows) if given.raked else base,
        rounds=ROUNDS if given.raked else None,
    )  # fmt: skip


def _refuse_others(matrix: Floats, base: Floats, weights: Floats, given: Calibrated) -> None:
    """Calibration gives respondents who are alike on all margins the same factor; trimming does not.

    Weights that were trimmed meet no margins any more, so a variance that takes them as met would be too small.
    """
    used = np.flatnonzero((base > 0) & (weights > 0))
    factors = weights[used] / base[used]
    _, group = np.unique(matrix[used], axis=0, return_inverse=True)
    low, high = np.full(len(used), np.inf), np.zeros(len(used))
    np.minimum.at(low, group.reshape(-1), factors)
    np.maximum.at(high, group.reshape(-1), factors)
    apart = (high > low * (1 + ROUNDED)) & (high > 0)
    if apart.any():
        raise UnusableDesign(
            f"the weights are not the base weights calibrated to {', '.join(given.margins)}: respondents who are alike "
            "on them have different factors.", "--calibrated-to",
            "Trimmed weights meet no margins: leave --calibrated-to out. Else name all margins and the weights before.",
        )  # fmt: skip


def margin(columns: Columns, name: str) -> Floats:
    """One margin's columns [rows, P]: a number as it is, a category as an indicator a group that occurs."""
    if columns.survey.codebook[name].kind == "number":
        values = columns.numbers(name)[:, None]
        _refuse(np.isnan(values[:, 0]), name)
        return values
    codes, levels = columns.codes(name)
    missing = np.array([*(level.missing is not None for level in levels), True])[codes]
    _refuse(missing, name)
    used = np.unique(codes)
    indicators: Floats = (codes[:, None] == used).astype(np.float64)
    return indicators


def _refuse(missing: NDArray[np.bool_], name: str) -> None:
    if missing.any():
        raise UnusableDesign(
            f"{int(missing.sum())} respondents have no value of this margin.", name,
            "Weights can only meet a margin on which everybody has a value.",
        )  # fmt: skip

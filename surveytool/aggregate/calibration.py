"""What the margins of calibrated weights explain: the regression that a calibrated design's variance leaves out.

A total's linearised value is, respondent by respondent, weight times residual
(Deville and Sarndal 1992). The residual is linear in the value, so it is taken
once from every moment's unit totals, whatever statistic comes later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.encoded_columns import Columns
from surveytool.errors import UnusableDesign, UsageError
from surveytool.frozen import frozen
from surveytool.survey import Calibrated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Keys = NDArray[np.intp]

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
            found: Floats = scale[:, None] * (
                np.linalg.pinv(gram * np.outer(scale, scale), rcond=1e-12, hermitian=True) @ (scale[:, None] * cross)
            )
            return found
        made = np.zeros_like(cross)
        for _ in range(self.rounds):
            for block in self.blocks:
                left = cross[block] - gram[block] @ made
                made[block] += np.linalg.solve(gram[block, block], left)
        return made


def ties(columns: Columns, given: Calibrated) -> Ties:
    """The margins of a design; raises ``UnusableDesign`` where a respondent has no value on one."""
    base = columns.numbers(given.base_weights) if given.base_weights else np.ones(columns.rows)
    if not (base >= 0).all():
        raise UnusableDesign("base weights are missing or negative.", given.base_weights or "")
    parts, blocks, first = [], [], 0
    for name in given.margins:
        part = margin(columns, name)
        parts.append(part)
        blocks.append(slice(first, first + part.shape[1]))
        first += part.shape[1]
    if not parts:
        raise UsageError("calibrated weights need margins.", "calibrated")
    if all(columns.survey.codebook[name].kind == "number" for name in given.margins):
        parts.append(np.ones((columns.rows, 1)))
        blocks.append(slice(first, first + 1))
    return Ties(
        matrix=np.hstack(parts), blocks=tuple(blocks), weights=np.ones(columns.rows) if given.raked else base,
        rounds=ROUNDS if given.raked else None,
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
    found: Floats = (codes[:, None] == used).astype(np.float64)
    return found


def _refuse(missing: NDArray[np.bool_], name: str) -> None:
    if missing.any():
        raise UnusableDesign(
            f"{int(missing.sum())} respondents have no value of this margin.", name,
            "Weights can only meet a margin on which everybody has a value.",
        )  # fmt: skip

"""HiGHS on the conditions of one question: set up once, then asked for one sum after the other, in bounded time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from surveytool.arrays import Floats


class Solver:
    """Unknowns [unknowns], none negative, under ``low <= lines . unknowns <= high``; whole numbers if ``whole``."""

    def __init__(self, lines: Sequence[Floats], low: Sequence[float], high: Sequence[float], *, whole: bool) -> None:
        import highspy
        from scipy.sparse import csr_matrix

        matrix, model = csr_matrix(np.array(lines)), highspy.HighsLp()
        model.num_row_, model.num_col_ = matrix.shape
        size = matrix.shape[1]
        model.col_cost_, model.col_lower_, model.col_upper_ = np.zeros(size), np.zeros(size), np.full(size, np.inf)
        model.row_lower_, model.row_upper_ = np.array(low, dtype=float), np.array(high, dtype=float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
        model.a_matrix_.value_ = matrix.data.astype(float)
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * size
        self._whole, self._every, self._highs = whole, np.arange(size, dtype=np.int32), _silent()
        self._highs.setOptionValue("threads", 1)
        self._highs.passModel(model)

    def least(
        self, goal: Floats, seconds: float, enough: float = -np.inf, gap: float = 0.0
    ) -> tuple[Floats | None, bool]:
        """Unknowns [unknowns] that make a sum as small as they can, and whether the search was finished.

        It is finished too where the sum is ``enough`` or less, and where nothing agrees with the conditions.
        With a ``gap`` it need not be the smallest.
        """
        import highspy

        highs, status = self._highs, highspy.HighsModelStatus
        highs.changeColsCost(len(self._every), self._every, np.asarray(goal, dtype=np.float64))
        highs.setOptionValue("time_limit", highs.getRunTime() + seconds)
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("objective_target", float(enough) if self._whole else -np.inf)
        highs.run()
        ended, kinds = highs.getModelStatus(), highspy.SolutionStatus
        finished = ended in (status.kOptimal, status.kObjectiveTarget, status.kInfeasible)
        if highs.getInfo().primal_solution_status != kinds.kSolutionStatusFeasible or ended == status.kInfeasible:
            return None, finished
        found = np.array(highs.getSolution().col_value)
        return (np.rint(found) if self._whole else found), finished


def _silent() -> Any:
    """HiGHS without callbacks, which would greet on the screen."""
    import highspy

    class Silent(highspy.Highs):  # type: ignore[misc]
        def __init__(self) -> None:
            super(highspy.Highs, self).__init__()
            self.setOptionValue("output_flag", False)

    return Silent()

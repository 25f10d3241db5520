"""Programmes whose goal changes from one question to the next: HiGHS goes on from where it stood.

An attack asks thousands of questions of the same conditions. Only the goal
differs, so the last answer is a good start for the next: the primal simplex
method then needs a few steps where a fresh start needs hundreds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.frozen import frozen

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats

PRIMAL = 4  # HiGHS's number of the method that a changed goal leaves valid
STEPS = 20_000  # of the simplex method, after which the start is thrown away


@frozen
class Optimum:
    """The least value of a goal, where it is reached [columns], and what one more unit of each row costs [rows]."""

    value: float
    at: Floats
    prices: Floats


class Programme:
    """``low <= matrix . x <= high`` for rows [rows] and ``least <= x <= most`` for columns [columns].

    ``whole`` are the columns that have to be whole numbers; ``nodes`` and ``gap`` bound the search for those.
    Without ``warm`` every question starts afresh: slower, but prices are told of more rows.
    """

    def __init__(
        self, matrix: Any, rows: tuple[Floats, Floats], columns: tuple[Floats, Floats], whole: Flags | None = None,
        *, nodes: int | None = None, gap: float = 0.0, warm: bool = True,
    ) -> None:  # fmt: skip
        self.size = matrix.shape[1]
        self._goal: tuple[int, ...] = ()
        self._whole, self._warm = whole is not None, warm
        self._highs = _quiet()
        self._highs.setOptionValue("threads", 1)
        if warm and not self._whole:
            self._highs.setOptionValue("simplex_strategy", PRIMAL)
            self._highs.setOptionValue("simplex_iteration_limit", STEPS)
        if nodes is not None:
            self._highs.setOptionValue("mip_max_nodes", nodes)
            self._highs.setOptionValue("mip_rel_gap", gap)
        self._highs.passModel(_model(matrix, rows, columns, whole))

    def least(self, goal: Mapping[int, float], enough: float | None = None) -> Optimum | None:
        """The least value of a sum over columns; None where none was found.

        With whole numbers the search ends where a value of ``enough`` or less is found.
        """
        costs = dict(sorted({**dict.fromkeys(self._goal, 0.0), **goal}.items()))
        places = np.array(list(costs), dtype=np.int32)
        self._highs.changeColsCost(len(places), places, np.array(list(costs.values()), dtype=np.float64))
        self._goal = tuple(goal)
        if self._whole:
            self._highs.setOptionValue("objective_target", -np.inf if enough is None else float(enough))
        if not self._warm:
            self._highs.clearSolver()
        return self._run() or self._afresh()

    def _afresh(self) -> Optimum | None:
        """The same question from the start, where the last answer led nowhere."""
        if self._whole:
            return None
        self._highs.clearSolver()
        return self._run()

    def _run(self) -> Optimum | None:
        import highspy

        self._highs.run()
        status, info, found = self._highs.getModelStatus(), self._highs.getInfo(), self._highs.getSolution()
        done = status == highspy.HighsModelStatus.kOptimal
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if not (done or (self._whole and feasible)):
            return None
        return Optimum(
            value=float(info.objective_function_value), at=np.array(found.col_value), prices=np.array(found.row_dual),
        )  # fmt: skip


def _quiet() -> Any:
    """A solver that prints nothing: the usual start of ``Highs`` turns on callbacks, which greet on the screen."""
    import highspy

    class Quiet(highspy.Highs):  # type: ignore[misc]
        def __init__(self) -> None:
            super(highspy.Highs, self).__init__()
            self.setOptionValue("output_flag", False)

    return Quiet()


def _model(matrix: Any, rows: tuple[Floats, Floats], columns: tuple[Floats, Floats], whole: Flags | None) -> Any:
    """The programme as HiGHS takes it, without a goal."""
    import highspy
    from scipy.sparse import csr_matrix

    lines, made = csr_matrix(matrix), highspy.HighsLp()
    made.num_row_, made.num_col_ = lines.shape
    made.col_cost_ = np.zeros(lines.shape[1])
    made.row_lower_, made.row_upper_ = (np.asarray(ends, dtype=np.float64) for ends in rows)
    made.col_lower_, made.col_upper_ = (np.asarray(ends, dtype=np.float64) for ends in columns)
    made.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    made.a_matrix_.start_ = lines.indptr.astype(np.int32)
    made.a_matrix_.index_ = lines.indices.astype(np.int32)
    made.a_matrix_.value_ = lines.data.astype(np.float64)
    if whole is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        made.integrality_ = [kinds[bool(each)] for each in whole]
    return made

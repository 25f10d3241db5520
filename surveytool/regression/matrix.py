"""The design matrix: formulaic codes the terms, under names of our own making.

Only names such as ``x0`` reach formulaic, never the user's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.respondents import Factor, Respondents
from surveytool.errors import UsageError
from surveytool.regression.formula import Formula
from surveytool.survey import Codebook

if TYPE_CHECKING:
    from surveytool.arrays import Floats


INTERCEPT = "(Intercept)"


@dataclass(frozen=True, slots=True)
class Predictor:
    """One variable of the right side: ``labels`` of its groups that occur, empty for numbers."""

    name: str
    title: str
    labels: tuple[str, ...]


class Matrix:
    """``values`` [rows, P], ``names`` of the columns, ``slices`` of whole terms."""

    def __init__(self, codebook: Codebook, people: Respondents, formula: Formula, rows: Any) -> None:
        import formulaic
        import pandas as pd

        self.formula = formula
        used = formula.names()[1:]
        self._safe = {name: f"x{index}" for index, name in enumerate(used)}
        self.predictors = {name: _predictor(codebook, people, name, rows) for name in used}
        self.frame = pd.DataFrame(
            {self._safe[name]: _column(people.values[name], self.predictors[name], rows) for name in used},
            index=range(len(rows)),
        )
        terms = [":".join(self._safe[name] for name in term) for term in formula.terms]
        text = " + ".join(["1" if formula.intercept else "0", *terms])
        frame_matrix = formulaic.model_matrix(text, self.frame, output="pandas", na_action="raise")
        self._spec = frame_matrix.model_spec
        self.values: Floats = np.asarray(frame_matrix, dtype=np.float64)
        self.names = [self._named(column) for column in frame_matrix.columns]
        self.slices = [
            (self._title(str(term)), np.asarray(self._spec.get_slice(term) if isinstance(where, slice) else where))
            for term, where in self._spec.term_indices.items() if str(term) != "1"
        ]  # fmt: skip
        self._check()

    def again(self, frame: Any) -> Floats:
        """The matrix [N, P] of changed data, coded in the same way."""
        return np.asarray(self._spec.get_model_matrix(frame), dtype=np.float64)

    def safe(self, name: str) -> str:
        """A variable's column in the frame."""
        return self._safe[name]

    def _title(self, term: str) -> str:
        back = {safe: name for name, safe in self._safe.items()}
        return " × ".join(back[part] for part in term.split(":"))

    def _named(self, column: str) -> str:
        """``x0[T.H]:x1`` as ``stype: H × meals``."""
        if column in ("Intercept", "1"):
            return INTERCEPT
        back = {safe: name for name, safe in self._safe.items()}
        parts = []
        for part in _split(column):
            safe, _, label = part.partition("[")
            text = label.removesuffix("]").removeprefix("T.")
            parts.append(f"{back[safe]}: {self.predictors[back[safe]].labels[int(text)]}" if label else back[safe])
        return " × ".join(parts)

    def _check(self) -> None:
        """Every column must say something of its own."""
        scale = np.sqrt((self.values**2).sum(axis=0))
        scaled = self.values / np.where(scale > 0, scale, 1)
        for index in range(self.values.shape[1]):
            if np.linalg.matrix_rank(scaled[:, : index + 1]) <= index:
                raise UsageError(
                    f"{self.names[index]} is already said by the other terms.", "the formula", "Leave a term out."
                )


def _split(column: str) -> list[str]:
    return column.split(":")


def _predictor(codebook: Codebook, people: Respondents, name: str, rows: Any) -> Predictor:
    value = people.values[name]
    title = codebook[name].title()
    if not isinstance(value, Factor):
        return Predictor(name, title, ())
    present = np.unique(value.codes[rows])
    if len(present) < 2:
        raise UsageError(f"{name} has one answer only among these respondents.", "the formula", "Leave it out.")
    return Predictor(name, title, tuple(value.labels[code] for code in present))


def _column(value: Factor | Floats, predictor: Predictor, rows: Any) -> Any:
    """Numbers as they are; categories as places among the labels that occur."""
    import pandas as pd

    if not isinstance(value, Factor):
        return value[rows]
    _, index = np.unique(value.codes[rows], return_inverse=True)
    return pd.Categorical(index, categories=range(len(predictor.labels)))

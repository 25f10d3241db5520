"""What every check stands on: the survey, its raw columns, encoded once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.encoded_columns import Columns, arrow_table, floats_of, keys_of
from surveytool.reading.infer import is_number, members
from surveytool.stream import Stream
from surveytool.survey import Codebook, Design, Request, Survey, Variable, code_text

if TYPE_CHECKING:
    from surveytool.arrays import Codes, Flags, Floats, Integers


class RawSurvey:
    """A survey with its columns; ``requests`` are the tables that the study or the command asks for.

    ``options`` are the columns that belong to a question with several answers, ``people`` keeps
    what kind of personal data a column was found to hold.
    """

    def __init__(self, survey: Survey, requests: Sequence[Request] = ()) -> None:
        self.survey = survey
        self.requests = tuple(requests)
        self.names = _columns(survey)
        tags = [variable.tags for variable in survey.codebook.values() if variable.tags]
        self.columns = (
            LazyColumns(survey) if isinstance(survey.frame, Stream)
            else Columns(survey, arrow_table(survey.frame, [*self.names, *tags]))
        )  # fmt: skip
        self.rows = self.columns.rows
        self.options = members(survey.codebook)
        self.people: dict[str, str | None] = {}
        self._keys: dict[str, tuple[Integers, list[Any]]] = {}

    def only(self, names: Sequence[str]) -> Any:
        """An Arrow table with these columns at least."""
        if not isinstance(self.survey.frame, Stream):
            return self.columns.table
        return self.survey.frame.table([name for name in names if name in self.names])

    @property
    def book(self) -> Codebook:
        """What the columns mean."""
        return self.survey.codebook

    @property
    def design(self) -> Design:
        """The design that was named."""
        return self.survey.design

    def of_a_route(self, name: str) -> bool:
        """Whether a variable was made of a route: its unknown places and lengths are meant."""
        routes = (variable.name for variable in self.book.values() if variable.kind == "route")
        return any(name == route or name.startswith(f"{route}.") for route in routes)

    def variable(self, column: str) -> Variable | None:
        """The question that a column is by itself, None where it is part of another or derived."""
        return self.book.variables.get(column)

    def title(self, column: str) -> str:
        """A column's label, "" where it has none."""
        variable = self.variable(column)
        return variable.label if variable is not None else ""

    def keys(self, column: str) -> tuple[Codes, list[Any]]:
        """Codes [rows] into the distinct values; -1 for blanks and blank texts."""
        if column not in self._keys:
            keys, values = keys_of(self.columns.raw(column))
            blank = [index for index, value in enumerate(values) if isinstance(value, str) and not value.strip()]
            if blank:
                keys = np.where(np.isin(keys, blank), -1, keys).astype(np.int32)
            self._keys[column] = keys.astype(np.min_scalar_type(-len(values) - 1)), values
        small, values = self._keys[column]
        return small.astype(np.int32, copy=False), values

    def is_number(self, column: str) -> bool:
        """Whether the column holds numbers."""
        frame = self.survey.frame
        return is_number(frame.columns[column] if isinstance(frame, Stream) else self.columns.raw(column))

    def floats(self, column: str) -> Floats:
        """The raw numbers of a column [rows], NaN for blanks; declared missing kinds stay in."""
        return floats_of(self.columns.raw(column))

    def texts(self, column: str) -> list[str]:
        """The distinct texts of a column that hold something."""
        _, values = self.keys(column)
        return [value for value in values if isinstance(value, str) and value.strip()]

    def answered(self, column: str) -> Flags:
        """Rows [rows] with an answer: neither blank nor a declared missing kind."""
        keys, values = self.keys(column)
        variable = self.variable(column)
        lost = {code_text(level.code) for level in variable.levels if level.missing} if variable else set()
        gone = [index for index, value in enumerate(values) if lost and code_text(value) in lost]
        flags: Flags = (keys >= 0) & ~np.isin(keys, gone)
        return flags


class LazyColumns(Columns):
    """The columns of a stream: each comes into memory when it is looked at, and goes again."""

    def __init__(self, survey: Survey) -> None:
        import pyarrow as pa

        super().__init__(survey, pa.table({}))
        self.rows = survey.frame.rows

    def raw(self, column: str) -> Any:
        """The Arrow column as it stands in the file."""
        return self.survey.frame.table([column]).column(column)


def _columns(survey: Survey) -> list[str]:
    """Every column of the frame that the codebook knows, in its order."""
    columns: list[str] = []
    for name, variable in survey.codebook.items():
        columns += [*([variable.parent] if variable.parent else []), *(variable.columns or (name,))]
    return list(dict.fromkeys(columns))

"""The columns of one run, taken from the frame once and encoded once.

Whatever the frame is (pandas, polars, pyarrow, DuckDB; lazy or not) the columns
asked for arrive as one Arrow table. Answers become integer codes into the
variable's levels, numbers become floats with NaN for missing; labels come back
only at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.errors import UnreadableData, UsageError
from surveytool.stream import LARGEST, Pushed, Stream
from surveytool.survey import Level, Survey, Variable, code_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Codes, Flags, Floats


__all__ = ["LARGEST", "Columns", "arrow_table", "floats_of", "frame_names", "keys_of", "same_code"]

MIDNIGHT = " 00:00:00"  # a day is written without its time
MOST_GROUPS = 60


def arrow_table(frame: Any, columns: Iterable[str]) -> Any:
    """The named columns of any narwhals-readable frame as a pyarrow Table, in one read. Raises ``UnreadableData``."""
    import pyarrow as pa

    names = list(dict.fromkeys(columns))
    if isinstance(frame, pa.Table):
        return frame.select(names)
    if isinstance(frame, (Stream, Pushed)):
        return frame.table(names)
    import narwhals as nw

    try:
        return nw.from_native(frame).lazy().select(names).collect("pyarrow").to_native()
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise UnreadableData(
            "a column of the frame holds values of several types.",
            cure="Give each column one type (numbers or text).",
        ) from error


def frame_names(frame: Any) -> list[str]:
    """The names of a frame's columns, in order."""
    if isinstance(frame, (Stream, Pushed)):
        return list(frame.names)
    if hasattr(frame, "column_names"):
        return list(frame.column_names)
    import narwhals as nw

    return list(nw.from_native(frame).lazy().collect_schema().names())


class Columns:
    """Columns by name, encoded on first use; ``survey`` says what they mean.

    ``sizes`` [rows] says how many respondents a row stands for; None where it is one.
    """

    def __init__(self, survey: Survey, table: Any, sizes: NDArray[np.int64] | None = None) -> None:
        self.survey = survey
        self.table = table
        self.sizes = sizes
        self.rows: int = table.num_rows
        self._codes: dict[str, tuple[Codes, tuple[Level, ...]]] = {}
        self._numbers: dict[str, Floats] = {}

    @property
    def respondents(self) -> int:
        """How many respondents all rows stand for."""
        return self.rows if self.sizes is None else int(self.sizes.sum())

    def count(self, flags: Flags) -> int:
        """How many respondents the flagged rows [rows] stand for."""
        return int(flags.sum() if self.sizes is None else self.sizes[flags].sum())

    def raw(self, column: str) -> Any:
        """The Arrow column as it stands in the frame."""
        return self.table.column(column)

    def codes(self, name: str) -> tuple[Codes, tuple[Level, ...]]:
        """Codes [rows] into the levels returned; -1 is a blank."""
        if name not in self._codes:
            self._codes[name] = self._encode(no_person(self.survey.codebook[name]))
        return self._codes[name]

    def numbers(self, name: str) -> Floats:
        """Values [rows] as floats; blanks and declared missing kinds are NaN."""
        if name not in self._numbers:
            self._numbers[name] = self._values(no_person(self.survey.codebook[name]))
        return self._numbers[name]

    def is_numeric(self, name: str) -> bool:
        """Whether the column holds numbers (dates and booleans are none)."""
        import pyarrow.types as types

        kind = self.raw(_only_column(self.survey.codebook[name])).type
        return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))

    def whole(self, name: str) -> tuple[Codes, list[int]] | None:
        """Keys [rows] into the distinct values of a column of whole numbers, exact; None for any other column."""
        import pyarrow.types as types

        column = self.raw(_only_column(self.survey.codebook[name]))
        return keys_of(column) if types.is_integer(column.type) else None

    def chosen(self, variable: Variable) -> tuple[Flags, Flags]:
        """A multiple-response question: chosen [rows, options] and answered [rows]."""
        if variable.counted is not None:
            return self._chosen_dummies(variable)
        return self._chosen_slots(variable)

    def _chosen_dummies(self, variable: Variable) -> tuple[Flags, Flags]:
        chosen: Flags = np.zeros((self.rows, len(variable.columns)), dtype=bool)
        answered: Flags = np.zeros(self.rows, dtype=bool)
        for option, column in enumerate(variable.columns):
            keys, _ = keys_of(self.raw(column))
            values = _distinct_codes(self.raw(column))
            hits = [index for index, value in enumerate(values) if same_code(value, variable.counted)]
            chosen[:, option] = np.isin(keys, hits)
            answered |= self._answered(column, keys)
        if variable.parent is not None:
            parent, values = keys_of(self.raw(variable.parent))
            blank = [index for index, value in enumerate(values) if not str(value).strip()]
            answered = np.logical_and(parent >= 0, ~np.isin(parent, blank))
        return np.logical_and(chosen, answered[:, None]), answered

    def _answered(self, column: str, keys: Codes) -> Flags:
        """Rows of a dummy that hold an answer: neither blank nor a declared missing kind."""
        member = self.survey.codebook.variables.get(column)
        if member is None or not any(level.missing for level in member.levels):
            return keys >= 0
        codes, levels = self.codes(column)
        missing = [index for index, level in enumerate(levels) if level.missing is not None]
        answered: Flags = (codes >= 0) & ~np.isin(codes, missing)
        return answered

    def _chosen_slots(self, variable: Variable) -> tuple[Flags, Flags]:
        options = variable.valid_levels()
        chosen = np.zeros((self.rows, len(options)), dtype=bool)
        for column in variable.columns:
            codes = _match(self.raw(column), options)
            hit = codes >= 0
            chosen[np.flatnonzero(hit), codes[hit]] = True
        if variable.parent is not None:
            return chosen, keys_of(self.raw(variable.parent))[0] >= 0
        return chosen, np.asarray(chosen.any(axis=1), dtype=np.bool_)

    def times(self, variable: Variable, inside: Flags) -> NDArray[np.int64]:
        """How often each option [options] stands in columns of the rows ``inside`` [rows]; a leg counts each time."""
        options = variable.valid_levels()
        counts = np.zeros(len(options), dtype=np.int64)
        for column in variable.columns:
            codes = _match(self.raw(column), options)[inside]
            counts += np.bincount(codes[codes >= 0], minlength=len(options))
        return counts

    def _encode(self, variable: Variable) -> tuple[Codes, tuple[Level, ...]]:
        column = _only_column(variable)
        levels = variable.levels or self.found_levels(variable)
        if variable.kind == "number" and variable.levels and not variable.valid_levels():
            levels = self._numbers_and_reasons(variable)
        codes = _match(self.raw(column), levels)
        if variable.tags is not None:
            tags = _match(self.raw(variable.tags), levels)
            codes = np.where(codes < 0, tags, codes).astype(np.int32)
        return codes, levels

    def _numbers_and_reasons(self, variable: Variable) -> tuple[Level, ...]:
        """The numbers as levels, if they are few, and the reasons of a number that has none."""
        if self._too_many(variable):
            return variable.levels
        codes = {level.code for level in variable.levels}
        reasons = [level for level in self.found_levels(variable) if level.code not in codes]
        return (*reasons, *variable.levels)

    def _too_many(self, variable: Variable) -> int:
        """How many different values a column has that are too many for a table; 0 where they are not."""
        count = len(_distinct_codes(self.raw(_only_column(variable))))
        return count if count > MOST_GROUPS + len(variable.levels) else 0

    def listable(self, variable: Variable) -> None:
        """Refuse a table of a column that has too many values for one."""
        count = 0 if variable.valid_levels() else self._too_many(variable)
        if count:
            raise UsageError(
                f"{variable.name} has {count} different values, too many for a table.",
                cure="Ask for its mean (--stat mean), or make bands of it first."
                if variable.kind == "number"
                else "Choose fewer with --where, or put them into groups first.",
            )

    def found_levels(self, variable: Variable) -> tuple[Level, ...]:
        """Levels of a column whose codebook lists none: its distinct values, if they are few."""
        self.listable(variable)
        values = sorted(value for value in _distinct_codes(self.raw(_only_column(variable))))
        codes = [value if isinstance(value, (str, int, float)) else str(value) for value in values]  # dates as texts
        named = variable.value_labels
        return tuple(
            Level(code=code, label=named.get(code) or code_text(code).removesuffix(MIDNIGHT), order=order)
            for order, code in enumerate(codes)
        )

    def _values(self, variable: Variable) -> Floats:
        if not self.is_numeric(variable.name):
            raise UsageError(
                f"{variable.name} holds text or dates, not numbers.",
                cure="Ask for a proportion, or name a numeric variable.",
            )
        values = floats_of(self.raw(_only_column(variable))).copy()
        codes = values.copy() if variable.levels else values
        for code, amount in variable.amounts().items():
            values[codes == code] = amount
        for _, level in variable.no_numbers():
            if not isinstance(level.code, str):
                values[codes == float(level.code)] = np.nan
        return values


def no_person(variable: Variable) -> Variable:
    """The variable, if it does not name, reach or locate people. Raises ``UsageError``."""
    if variable.personal:
        shown = variable.name if variable.name.isidentifier() else repr(variable.name)
        raise UsageError(
            f"{variable.name} may say who the respondents are, and is in no table, condition or model.",
            cure="Leave it out. If it is no personal data, write in a study file: "
            f"[variables.{shown}] sensitive = false",
        )
    return variable


def _only_column(variable: Variable) -> str:
    if len(variable.columns) == 1:
        return variable.columns[0]
    if not variable.columns:
        return variable.name
    raise UsageError(
        f"{variable.name} is a question with several answers and cannot be used here.",
        cure=f"Name one of its columns: {', '.join(variable.columns[:6])}",
    )


def same_code(value: object, code: object) -> bool:
    """Whether a value of the frame is the code: numbers by value, anything else by its text."""
    if isinstance(value, (int, float)) and isinstance(code, (int, float)):
        return float(value) == float(code)
    return str(value) == str(code)


def floats_of(column: Any) -> Floats:
    """An Arrow column of numbers as float64 [rows], null as NaN."""
    import pyarrow.types as types

    if types.is_dictionary(column.type):
        column = arrow.cast(column, column.type.value_type)
    column = arrow.floats(column)
    return np.concatenate([np.empty(0), *(arrow.numpy(chunk, "f8", np.nan) for chunk in column.chunks)])


def keys_of(column: Any) -> tuple[Codes, list[Any]]:
    """Integer keys [rows] into the distinct values returned; -1 where null or NaN."""
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_integer(column.type):
        return _integer_keys(column)
    if types.is_floating(column.type) or types.is_decimal(column.type):
        return _number_keys(floats_of(column))
    if types.is_null(column.type):
        return np.full(len(column), -1, dtype=np.int32), []
    dictionary = types.is_dictionary(column.type)
    column = column.unify_dictionaries() if dictionary else arrow.encode(column)
    if column.num_chunks == 0:
        return np.full(0, -1, dtype=np.int32), []
    keys = [arrow.numpy(arrow.cast(chunk.indices, pa.int32()), "i4", -1) for chunk in column.chunks]
    return np.concatenate(keys), column.chunk(0).dictionary.to_pylist()


def _number_keys(values: Floats) -> tuple[Codes, list[Any]]:
    valid = ~np.isnan(values)
    ones = values == 1.0
    zeros = values == 0.0
    if ones.any() and zeros.any() and np.array_equal(ones | zeros, valid):  # options: no need to sort them
        return np.where(valid, ones, -1).astype(np.int32), [0.0, 1.0]
    distinct, inverse = np.unique(values[valid], return_inverse=True)
    keys = np.full(len(values), -1, dtype=np.int32)
    keys[valid] = inverse
    return keys, distinct.tolist()


def _integer_keys(column: Any) -> tuple[Codes, list[Any]]:
    """Keys of whole numbers, exact beyond 2**53 where a float would take two identifiers for one."""
    import pyarrow as pa
    import pyarrow.types as types

    unsigned = types.is_uint64(column.type)
    kind = "u8" if unsigned else "i8"
    chunks = arrow.cast(column, pa.uint64() if unsigned else pa.int64()).chunks
    values = np.concatenate([np.empty(0, dtype=kind), *(arrow.numpy(chunk, kind, 0) for chunk in chunks)])
    valid = np.concatenate([np.empty(0, dtype=bool), *(arrow.not_null(chunk) for chunk in chunks)])
    distinct, inverse = np.unique(values[valid], return_inverse=True)
    keys = np.full(len(values), -1, dtype=np.int32)
    keys[valid] = inverse
    return keys, distinct.tolist()


def _distinct_codes(column: Any) -> list[Any]:
    return keys_of(column)[1]


def _match(column: Any, levels: tuple[Level, ...]) -> Codes:
    """Codes [rows] of an Arrow column into ``levels``; -1 where no level has the value."""
    keys, values = keys_of(column)
    by_text = {str(level.code): index for index, level in enumerate(levels)}
    by_number = {_exact(level.code): index for index, level in enumerate(levels) if not isinstance(level.code, str)}
    table = np.full(len(values) + 1, -1, dtype=np.int32)
    for index, value in enumerate(values):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            table[index] = by_number.get(_exact(value), -1)
        else:
            table[index] = _text_index(value, by_text)
    return table[keys]


def _exact(code: Any) -> int | float:
    """A code as a key that does not round whole numbers."""
    return code if isinstance(code, int) else float(code)


def _text_index(value: object, by_text: dict[str, int]) -> int:
    """A text's level; booleans also answer to true/True."""
    text = str(value)
    index = by_text.get(text)
    if index is None and isinstance(value, bool):
        index = by_text.get(text.lower())
    return -1 if index is None else index

"""Which rows of an export are interviews that count: a condition for the whole file, and interviews sent twice.

In this condition a blank is ``''``, as collection tools have it: ``_validation_status != 'not_approved'`` keeps who was
not reviewed yet. Every rule says in the ledger how many rows it took away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate import where_language as language
from surveytool.collection_form.coding import Cells, cells_of
from surveytool.collection_form.duplicates import Duplicates
from surveytool.collection_form.emptied_units import as_units, emptied_units
from surveytool.errors import UnknownVariable, UsageError
from surveytool.frozen import frozen
from surveytool.reading.loaded import Loaded, Meta, MultipleSet
from surveytool.survey import Design, LedgerLine, code_text

if TYPE_CHECKING:
    from surveytool.arrays import Flags

BLANK: frozenset[str] = frozenset({""})
_ORDERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
_STATES = re.compile(r"_?(validation_?status|reviewstate|review_?state|status)", re.IGNORECASE)


@frozen
class RowsKept:
    """A step between a file and its codebook; ``names`` are the form's names of the file's columns.

    ``design`` tells which rows are part of the sample: a sampling unit whose weighted rows are all left out stays.
    """

    keep: str | None = None
    duplicates: Duplicates | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    design: Design = field(default_factory=Design)

    def __call__(self, loaded: Loaded) -> Loaded:
        """The content with the rows that count. Raises ``UsageError``, ``UnknownVariable``."""
        if self.keep is not None:
            loaded = self._kept(loaded, self.keep)
        return loaded if self.duplicates is None else self._once(loaded, self.duplicates)

    def _kept(self, loaded: Loaded, text: str) -> Loaded:
        try:
            condition = language.parse(text)
        except UsageError as error:
            raise UsageError(error.message, "[data] keep", error.cure) from error
        parts = condition.parts if isinstance(condition, language.All) else (condition,)
        left = np.ones(loaded.table.num_rows, dtype=bool)
        lines = []
        cells = Reader(loaded, self.names)
        for part in parts:
            passed = cells.holds(part)
            lines.append(LedgerLine(what="dropped", rule=f"not {written(part)}", rows=int((left & ~passed).sum())))
            left &= passed
        if not left.any():
            raise UsageError(f"{text!r} keeps none of {len(left)} rows.", "[data] keep", "Check the codes it names.")
        lines.append(LedgerLine(what="kept", rule=text, rows=int(left.sum())))
        emptied = emptied_units(cells, self.design, left)
        if emptied.any():
            lines.append(LedgerLine(what="unit", rule=text, rows=int(emptied.sum())))
            loaded = as_units(loaded, emptied, [cells.column(name) for name in self.design.columns()])
        return _filtered(loaded, left | emptied, lines)

    def _once(self, loaded: Loaded, duplicates: Duplicates) -> Loaded:
        cells = Reader(loaded, self.names)
        columns = [cells.cells(name) for name in duplicates.names()]
        rows = np.arange(loaded.table.num_rows)
        keys = list(zip(*(column.keys.tolist() for column in columns), strict=True))
        order = rows[::-1] if duplicates.keep == "last" else rows
        seen: set[tuple[int, ...]] = set()
        left = np.ones(len(rows), dtype=bool)
        for row in order.tolist():
            key = keys[row]
            if all(part < 0 for part in key):
                continue  # a blank is nobody's name
            left[row] = key not in seen
            seen.add(key)
        rule = f"{', '.join(duplicates.names())} ({duplicates.keep})"
        line = LedgerLine(what="duplicate", rule=rule, rows=int((~left).sum()))
        return _filtered(loaded, left, [line])


def _filtered(loaded: Loaded, left: Flags, lines: Sequence[LedgerLine]) -> Loaded:
    table = loaded.table
    if not left.all():
        import pyarrow as pa

        table = table.filter(pa.array(left))
    return replace(loaded, table=table, frame=None, ledger=(*loaded.ledger, *lines))


class Reader:
    """The cells of a content by the names of its columns and questions; nothing is unknown, a blank is ``''``."""

    def __init__(self, loaded: Loaded, names: Mapping[str, str]) -> None:
        self.loaded, self.names = loaded, names
        self.sets = {each.name: each for each in loaded.sets}
        self.read: dict[str, Cells] = {}

    def column(self, name: str) -> str:
        """The column that a name means. Raises ``UnknownVariable`` for one that there is not."""
        known = self.loaded.table.column_names
        for own in (name, self.names.get(name, "")):
            if own in known:
                return own
        folded = [own for own in known if own.casefold() == name.casefold()]
        if len(folded) == 1:
            return str(folded[0])
        raise UnknownVariable(name, known, "[data] keep")

    def cells(self, name: str) -> Cells:
        """A column as texts."""
        own = self.column(name)
        if own not in self.read:
            tags = self.loaded.meta.get(own, Meta()).tags
            column = self.loaded.table.column(tags) if tags else None
            self.read[own] = cells_of(self.loaded.table.column(own), column, BLANK)
        return self.read[own]

    def holds(self, condition: language.Condition) -> Flags:
        """Where a condition holds [rows]."""
        match condition:
            case language.All(parts=parts):
                return np.asarray(np.logical_and.reduce([self.holds(part) for part in parts]), dtype=np.bool_)
            case language.Any(parts=parts):
                return np.asarray(np.logical_or.reduce([self.holds(part) for part in parts]), dtype=np.bool_)
            case language.Not(part=part):
                return ~self.holds(part)
            case language.IsMissing(name=name):
                blank: Flags = self.cells(name).keys < 0
                return blank
            case language.Among(name=name, values=values):
                return np.asarray(np.logical_or.reduce([self.equals(name, value) for value in values]), dtype=np.bool_)
            case language.Compare(name=name, operator=operator, value=value):
                return self.compared(name, operator, value)

    def compared(self, name: str, operator: str, value: language.Value) -> Flags:
        """One comparison [rows]. Raises ``UsageError`` for an order against a text."""
        if operator in ("==", "!="):
            same = self.equals(name, value)
            return same if operator == "==" else ~same
        bound = _number(value)
        if bound != bound:
            raise UsageError(f"{value!r} is no number.", "[data] keep", "Compare with a number, or use == and !=.")
        with np.errstate(invalid="ignore"):
            flags: Flags = _ORDERS[operator](self.cells(name).numbers(), bound)
        return flags

    def equals(self, name: str, value: language.Value) -> Flags:
        """Where a column holds a value, by its code or its label; a question with several answers: among them."""
        own = self.sets.get(self.names.get(name, name))
        if own is not None and own.counted is not None:
            return self._among(own, value)
        cells = self.cells(name)
        test = partial(_same, text=_written(value), number=_number(value), labels=self._labels(name))
        if _STATES.fullmatch(name.rpartition("/")[2]):
            wished = _state(_written(value))
            return _where(cells, lambda cell: _state(cell) == wished)
        return _where(cells, test)

    def _labels(self, name: str) -> Mapping[str, str]:
        meta = self.loaded.meta.get(self.column(name), Meta())
        return {code_text(code): label for code, label in meta.labels.items()}

    def _among(self, own: MultipleSet, value: language.Value) -> Flags:
        text = _written(value)
        for index, column in enumerate(own.columns):
            labels = {column.rpartition("/")[2], own.options[index] if index < len(own.options) else column}
            if text in labels:
                counted = code_text(own.counted) if own.counted is not None else ""
                return _where(self.cells(column), counted.__eq__)
        raise UsageError(f"{own.name} has no option {text!r}.", "[data] keep", "Write one of its codes or labels.")


def _where(cells: Cells, test: Callable[[str], bool]) -> Flags:
    passed = np.array([*map(test, cells.values), test("")], dtype=bool)
    flags: Flags = passed[cells.keys]
    return flags


def _same(cell: str, *, text: str, number: float, labels: Mapping[str, str]) -> bool:
    return cell == text or labels.get(cell) == text or (number == number and _number(cell) == number)


def _written(value: language.Value) -> str:
    return value if isinstance(value, str) else code_text(value)


def _number(value: language.Value) -> float:
    try:
        return float(value)
    except ValueError:
        return float("nan")


def _state(text: str) -> str:
    """A state of an interview as every platform writes it.

    >>> _state("validation_status_not_approved"), _state("Not approved")
    ('not_approved', 'not_approved')
    """
    return re.sub(r"[\s-]+", "_", re.sub(r"^validation_status_", "", text.strip().casefold()))


def written(condition: language.Condition) -> str:
    """A condition as it is typed.

    >>> written(language.parse("not (a in ('x', 2) or `b c` is missing)"))
    "not (a in ('x', 2) or `b c` is missing)"
    """
    match condition:
        case language.All(parts=parts):
            return " and ".join(_inner(part) for part in parts)
        case language.Any(parts=parts):
            return " or ".join(_inner(part) for part in parts)
        case language.Not(part=part):
            return f"not {_inner(part)}"
        case language.IsMissing(name=name):
            return f"{_named(name)} is missing"
        case language.Among(name=name, values=values):
            return f"{_named(name)} in ({', '.join(map(_quoted, values))})"
        case language.Compare(name=name, operator=operator, value=value):
            return f"{_named(name)} {operator} {_quoted(value)}"


def _inner(condition: language.Condition) -> str:
    text = written(condition)
    return f"({text})" if isinstance(condition, language.All | language.Any) else text


def _named(name: str) -> str:
    return name if re.fullmatch(r"[^\W\d][\w./]*", name) else f"`{name}`"


def _quoted(value: language.Value) -> str:
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return code_text(value)


def names_in(keep: str | None, duplicates: Duplicates | None) -> Iterator[str]:
    """The columns that the rules look at."""
    if keep is not None:
        yield from language.names(language.parse(keep))
    yield from duplicates.names() if duplicates is not None else ()

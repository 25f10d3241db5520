"""The design of a stream: units from the distinct combinations of its columns, and each block's units and weights."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.aggregate.cells import Units
from surveytool.aggregate.encoded_columns import Columns
from surveytool.aggregate.sample import bad_weights, missing_unit, not_numbers, read_units, replicate_columns, rows_text
from surveytool.errors import UnusableDesign
from surveytool.notes import Note, note
from surveytool.stream import Column, Stream
from surveytool.stream.design_combinations import Combos
from surveytool.survey import Design, Survey

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Keys

    Block = Mapping[str, NDArray[Any]]

MOST_PLACES = 1 << 26


def fits(survey: Survey, columns: Mapping[str, Column], combos: Combos) -> bool:
    """Whether a stream can be summed by a design: units known by codes, few, above the respondents; weights as numbers.

    A design that comes after the reading may find its weights among the codes: then the rows are read anew.
    """
    design = survey.design
    size = 1
    if isinstance(survey.frame, Stream) and any(columns[name].coded for name in _weights(design, list(columns))):
        return False
    for name in combos.keys:
        variable = survey.codebook[name]
        if combos.too_many or name not in columns or not columns[name].coded or len(variable.columns) > 1:
            return False
        if name in (design.strata, *design.psu):
            size *= max(len(columns[name].values), 1)
            if any(level.missing is not None for level in variable.levels):
                return False
    rows_are_units = len(design.psu) > 0 and len(design.fpc) > len(design.psu)
    return size <= MOST_PLACES and not rows_are_units and (design.weights is None or design.weights in columns)


def _weights(design: Design, columns: list[str]) -> tuple[str, ...]:
    """The columns that weigh respondents, of those that there are."""
    return tuple(name for name in columns if name == design.weights) + replicate_columns(design, columns)


class StreamDesign:
    """``units`` as inference sees them, and which unit a row of codes belongs to."""

    def __init__(self, survey: Survey, columns: Mapping[str, Column], combos: Combos) -> None:
        self.survey, self.design = survey, survey.design
        self.columns, self.combos = columns, combos
        self.notes: list[Note] = self._weights()
        self._no_blanks()
        self._unit, self.units, more = self._units()
        self.notes += more

    def _weights(self) -> list[Note]:
        name = self.design.weights
        if name is None:
            return [note("no_weights")]
        column = self.columns[name]
        if not column.is_number:
            raise not_numbers(name, "weights")
        for kind, faults in self.combos.faults.items():
            if faults.count:
                raise bad_weights(name, kind, rows_text(faults.count, faults.first))
        if self.combos.zeros == self.combos.rows:
            raise UnusableDesign("every weight is 0.", where=name)
        return [note("zero_weights", n=self.combos.zeros)] if self.combos.zeros else []

    def _no_blanks(self) -> None:
        named = [] if self.design.strata is None else [(self.design.strata, "stratum")]
        for index, name in enumerate(self.design.psu):
            named.append((name, "PSU" if index == 0 else f"unit of stage {index + 1}"))
        for name, role in named:
            column = self.columns[name]
            if column.blank:
                raise missing_unit(name, role, rows_text(column.blank, column.blank_rows))

    def _units(self) -> tuple[Keys, Units, list[Note]]:
        """Units from the combinations, as if each were a respondent that stands for many."""
        import pyarrow as pa

        combos = self.combos
        weight = combos.weight if self.design.weights is not None else float(combos.rows)
        if not combos.keys:
            one = Columns(self.survey, pa.table({"": arrow.indices([0])}), np.array([combos.rows]))
            return read_units(one, self.design, weight, np.array([combos.rows]))
        codes, counts = combos.found()
        arrays = {}
        for index, name in enumerate(combos.keys):
            arrays[name] = arrow.taken(self.columns[name].values, codes[:, index])
        return read_units(Columns(self.survey, pa.table(arrays), counts), self.design, weight, counts)

    def lookup(self) -> UnitLookup:
        """Which unit each combination of codes is."""
        named = [] if self.design.strata is None else [self.design.strata]
        if not self.units.element:
            named += self.design.psu[: len(self.units.stages)]
        names = tuple(dict.fromkeys(named))
        if not names:
            return UnitLookup((), (), None)
        codes, _ = self.combos.found()
        units = len(np.unique(self._unit))
        if len(np.unique(codes[:, self.combos.keys.index(names[-1])])) == units:
            names = names[-1:]  # PSU codes that belong to one stratum each tell all
        sizes = tuple(len(self.columns[name].values) for name in names)
        key = np.zeros(len(codes), dtype=np.int64)
        for name, size in zip(names, sizes, strict=True):
            key = key * size + codes[:, self.combos.keys.index(name)]
        table = np.zeros(prod(sizes), dtype=np.int32)
        table[key] = self._unit
        return UnitLookup(names, sizes, table)


class UnitLookup:
    """Units by the codes of strata and PSUs."""

    def __init__(self, names: tuple[str, ...], sizes: tuple[int, ...], table: NDArray[np.int32] | None) -> None:
        self.names, self.sizes, self.table = names, sizes, table

    def units(self, block: Block, rows: int) -> NDArray[np.int32]:
        """The unit of each row [rows] of a block of codes."""
        if self.table is None:
            return np.zeros(rows, dtype=np.int32)
        key = block[self.names[0]].astype(np.int32)
        for name, size in zip(self.names[1:], self.sizes[1:], strict=True):
            key *= np.int32(size)
            key += block[name]
        return self.table[key]

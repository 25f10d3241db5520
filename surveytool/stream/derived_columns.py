"""Columns made of others while the blocks go by: what a row's answers make is looked up, no row is kept.

A recode sees the distinct combinations of its columns' answers, each standing for
many respondents (``combinations``); what it makes of each is a code, and the code of a row
follows from the codes that it has (``Lookup``). What cannot be told from codes is
made of its columns whole, and its own codes are kept (``Kept``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from surveytool import arrow
from surveytool.frozen import frozen
from surveytool.stream.coded_column import Column, plain_type
from surveytool.stream.stream import Block, Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Counts, Integers
    from surveytool.stream.stream import Beside


MOST = 1 << 18
DENSE = 1 << 22
WIDEST = 1 << 62


class Maker(Protocol):
    """How a column comes out of a block: the columns it looks at, and its codes [rows], -1 for blank."""

    sources: tuple[str, ...]

    def codes(self, block: Block, first: int) -> Integers:
        """Codes [rows] of a block whose first row has the number ``first``, from 0."""
        ...


@frozen
class Combinations:
    """Distinct combinations of the codes of ``names``; ``sizes`` are their numbers of values and the blank.

    ``keys`` [C] number them in mixed radix, in order; ``counts`` [C] are their respondents.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    keys: Counts
    counts: Counts

    def codes(self) -> list[Integers]:
        """The codes [C] of each column, -1 for blank."""
        return [code - 1 for code in np.unravel_index(self.keys, self.sizes)]

    def table(self, columns: Mapping[str, Column]) -> Any:
        """The combinations as an Arrow table of answers; texts know all their values, as in the file."""
        import pyarrow as pa

        arrays = {}
        for name, codes in zip(self.names, self.codes(), strict=True):
            values = columns[name].values
            is_text = values.type == pa.string()
            indices = arrow.cast(arrow.indices(codes), pa.int32()) if is_text else None
            array = arrow.taken(values, codes) if not is_text else pa.DictionaryArray.from_arrays(indices, values)
            arrays[name] = array
        return pa.table(arrays)


def combinations(stream: Stream, names: Sequence[str]) -> Combinations | None:
    """The combinations of some columns; None where they are too many, or where a column has no codes.

    Those of one column are known; those of several take a look at every block.
    """
    if not names or not all(stream.columns[name].coded for name in names):
        return None
    sizes = tuple(len(stream.columns[name].values) + 1 for name in names)
    if prod(sizes) >= WIDEST:
        return None
    counted = _of_one(stream.columns[names[0]]) if len(names) == 1 else _of_many(stream, names, sizes)
    if counted is None or len(counted[0]) > MOST:
        return None
    keys, counts = counted
    return Combinations(names=tuple(names), sizes=sizes, keys=keys, counts=counts)


def _of_one(column: Column) -> tuple[Counts, Counts]:
    """The answers of one column, from its counts."""
    assert column.counts is not None
    counts = np.r_[column.blank, column.counts].astype(np.int64)
    keys = np.flatnonzero(counts)
    return keys.astype(np.int64), counts[keys]


def _of_many(stream: Stream, names: Sequence[str], sizes: Sequence[int]) -> tuple[Counts, Counts] | None:
    """The combinations that occur, counted block by block; None where they are too many."""
    keys, counts = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    for block in stream.blocks(names, "recoding"):
        block_keys, own_counts = np.unique(mixed([block[name] for name in names], sizes), return_counts=True)
        joined, index = np.unique(np.concatenate([keys, block_keys]), return_inverse=True)
        both = np.concatenate([counts, own_counts])
        keys, counts = joined, np.bincount(index, both, minlength=len(joined)).astype(np.int64)
        if len(keys) > MOST:
            return None
    return keys, counts


def mixed(codes: Sequence[Integers], sizes: Sequence[int]) -> Counts:
    """The mixed-radix number [rows] of some columns' codes [rows], which are -1 for blank; the last runs fastest."""
    key = codes[0].astype(np.int64) + 1
    for code, size in zip(codes[1:], sizes[1:], strict=True):
        key *= size
        key += code
        key += 1
    return np.asarray(key)


class Lookup:
    """Integers by the combination that a row has: ``codes`` [C] for those that were found."""

    def __init__(self, combinations: Combinations, codes: Integers) -> None:
        self.found, self.sources = combinations, combinations.names
        self.by_combination = codes
        self.dense: Integers | None = None
        if prod(combinations.sizes) <= DENSE:
            self.dense = np.full(prod(combinations.sizes), -1, dtype=codes.dtype)
            self.dense[combinations.keys] = codes

    def codes(self, block: Block, first: int) -> Integers:
        """The codes [rows] of a block."""
        key = mixed([block[name] for name in self.sources], self.found.sizes)
        if self.dense is not None:
            return self.dense[key]
        slot = np.searchsorted(self.found.keys, key)
        return self.by_combination[np.minimum(slot, len(self.found.keys) - 1)]


class Kept:
    """Integers of all rows, in memory as small as they can be."""

    def __init__(self, codes: Integers) -> None:
        self.all, self.sources = codes, ()  # type: Integers, tuple[str, ...]

    def codes(self, block: Block, first: int) -> Integers:
        """The codes [rows] of a block."""
        rows = len(next(iter(block.values())))
        return self.all[first : first + rows]


class Derived(Stream):
    """A stream with more columns than its source has; ``made`` are what they look like and how they come."""

    def __init__(self, inner: Stream, derived: Mapping[str, tuple[Column, Maker]]) -> None:
        self.inner, self.source = inner, inner.source
        self.makers = {name: maker for name, (_, maker) in derived.items()}
        self.rows, self.passes, self.combos = inner.rows, inner.passes, inner.combos
        self._samples, self._seen = inner._samples, [*inner._seen, *derived]
        self.names = tuple(dict.fromkeys([*inner.names, *derived]))
        self.columns = {**inner.columns, **{name: column for name, (column, _) in derived.items()}}

    @property
    def kept(self) -> bool:
        """Whether the codes are in memory, so that no further reading is needed."""
        return self.inner.kept

    def blocks(self, names: Iterable[str], what: str = "counting") -> Iterator[Block]:
        """Blocks of these columns, those that are made among them."""
        for block, _ in self.beside(names, (), what):
            yield block

    def beside(self, names: Iterable[str], late: Sequence[str], what: str = "counting") -> Iterator[Beside]:
        """Blocks of ``names``, those that are made among them; ``late`` columns are never made."""
        asked = list(dict.fromkeys(names))
        derived = [name for name in asked if name in self.makers]
        below = [name for name in asked if name not in self.makers]
        below += [source for name in derived for source in self.makers[name].sources]
        first = 0
        for block, read in self.inner.beside(below, late, what):
            self.passes = self.inner.passes
            yield {**block, **{name: self.makers[name].codes(block, first) for name in derived}}, read
            first += len(next(iter(block.values())))

    def batches(self, names: Sequence[str]) -> Iterator[Any]:
        """These columns as Arrow record batches, those that are made among them."""
        own = [name for name in names if name in self.makers]
        if not own:
            yield from self.inner.batches(names)
            return
        import pyarrow as pa

        plain = [name for name in names if name not in self.makers]
        sources = list(dict.fromkeys(source for name in own for source in self.makers[name].sources))
        first = 0
        for batch in self.inner.batches(list(dict.fromkeys([*plain, *sources])) or self.inner.names[:1]):
            block = {name: self.inner.codes_of(name, batch.column(name)) for name in sources or self.inner._seen[:1]}
            made = {name: self._answers(name, self.makers[name].codes(block, first)) for name in own}
            yield pa.record_batch({name: made[name] if name in made else batch.column(name) for name in names})
            first += batch.num_rows

    def codes_of(self, name: str, array: Any) -> NDArray[Any]:
        """Codes [rows] of answers of a column that is made, or of one below."""
        if name not in self.makers:
            return self.inner.codes_of(name, array)
        column = self.columns[name]
        places = {value: place for place, value in enumerate(column.values.to_pylist())}
        codes, values = coded(arrow.cast(array, column.type))
        table = np.array([*(places[value] for value in values.to_pylist()), -1], dtype=np.int64)
        return table[codes]


def looked_up(combinations: Combinations, arrays: Mapping[str, Any]) -> dict[str, tuple[Column, Maker]]:
    """Columns that were made of combinations: Arrow arrays [C] by name."""
    columns: dict[str, tuple[Column, Maker]] = {}
    for name, array in arrays.items():
        codes, values = coded(array)
        columns[name] = _column(values, codes, combinations.counts), Lookup(combinations, codes)
    return columns


def kept(arrays: Mapping[str, Any]) -> dict[str, tuple[Column, Maker]]:
    """Columns that were made of all rows: Arrow arrays [rows] by name."""
    columns: dict[str, tuple[Column, Maker]] = {}
    for name, array in arrays.items():
        codes, values = coded(array)
        columns[name] = _column(values, codes, None), Kept(codes)
    return columns


def coded(array: Any) -> tuple[Integers, Any]:
    """Integers [rows] of an Arrow column, as small as they can be, and its distinct values."""
    import pyarrow as pa
    import pyarrow.types as types

    whole = array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
    whole = whole.unify_dictionaries() if types.is_dictionary(whole.type) else arrow.encode(whole)
    values = arrow.cast(whole.chunk(0).dictionary, plain_type(whole.type))
    small = np.min_scalar_type(-max(len(values), 1) - 1)
    parts = [arrow.numpy(arrow.cast(chunk.indices, pa.int32()), "i4", -1).astype(small) for chunk in whole.chunks]
    return np.concatenate(parts), values


def _column(values: Any, codes: Integers, counts: Counts | None) -> Column:
    tallied = np.bincount(codes.astype(np.intp) + 1, counts, minlength=len(values) + 1).astype(np.int64)
    return Column(
        type=values.type, values=values, counts=tallied[1:], known=int(tallied[1:].sum()), blank=int(tallied[0])
    )  # fmt: skip

"""A source of respondents as blocks of codes and numbers, read once where the codes are small, else twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from surveytool import arrow
from surveytool.stream.coded_column import Column, Encoder, Role
from surveytool.stream.design_combinations import Combos
from surveytool.stream.packed_blocks import Packed
from surveytool.stream.pass_progress import tell
from surveytool.stream.threads import keep_freed_memory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.survey import Design

    Block = Mapping[str, NDArray[Any]]
    Beside = tuple[Block, Callable[[Sequence[str]], list[NDArray[Any]]]]
else:
    Block = Mapping

BLOCK = 1 << 18
KEEP = 600_000_000


class Source(Protocol):
    """Where batches come from, as often as they are asked for. ``rows`` is 0 where it is not known before."""

    rows: int

    def schema(self) -> Mapping[str, Any]:
        """Arrow type by column name."""
        ...

    def batches(self, names: Sequence[str], rows: int) -> Iterator[Any]:
        """Arrow record batches of about ``rows`` rows with these columns, from the beginning."""
        ...


class Chunk(Protocol):
    """Some rows, of which any columns can be had, by several threads at once."""

    @property
    def rows(self) -> int: ...

    def read(self, names: Sequence[str]) -> Any:
        """These columns as an Arrow table or record batch."""
        ...


@runtime_checkable
class Chunked(Protocol):
    """A source that reads few columns of some rows as cheaply as few columns of all."""

    def chunks(self, names: Sequence[str]) -> Iterator[Chunk]:
        """All rows in chunks, of which these columns will be asked for."""
        ...


class BatchChunk:
    """A batch whose columns are in memory already."""

    def __init__(self, batch: Any) -> None:
        self.batch, self.rows = batch, int(batch.num_rows)

    def read(self, names: Sequence[str]) -> Any:
        return self.batch.select(list(names))


class TableSource:
    """An Arrow table that is in memory already."""

    def __init__(self, table: Any) -> None:
        self.table, self.rows = table, int(table.num_rows)

    def schema(self) -> Mapping[str, Any]:
        return {field.name: field.type for field in self.table.schema}

    def batches(self, names: Sequence[str], rows: int) -> Iterator[Any]:
        yield from self.table.select(list(names)).to_batches(max_chunksize=rows)


class Stream:
    """Blocks of a source. ``columns`` says what is known of each; ``passes`` counts readings of the source.

    ``late`` are plain columns that the first pass leaves out, because they are wide and nothing need be known of them.
    """

    def __init__(
        self, source: Source, names: Sequence[str], design: Design, replicates: Sequence[str] = (), keep: int = KEEP,
        late: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.source, self.names = source, tuple(names)
        self.rows, self.passes = 0, 0
        self.combos = Combos(design)
        self._samples = [self.combos]
        schema, roles = source.schema(), _roles(design, replicates)
        self._encoders = {name: Encoder(schema[name], roles.get(name, "auto")) for name in self.names}
        late = [name for name in late if not self._encoders[name].coded and name != design.weights]
        self._seen = [name for name in self.names if name not in late] or list(self.names[:1])
        self._kept: list[Packed] | None = []
        self._first_pass(keep)
        for name in set(self.names) - set(self._seen):
            self._encoders[name].known = self.rows
        self.columns: dict[str, Column] = {name: encoder.column() for name, encoder in self._encoders.items()}

    def _first_pass(self, keep: int) -> None:
        keep_freed_memory()
        size = 0
        for block in self._read(self._seen, "reading", count=True):
            self._settle(block)
            self.combos.add(block, self.rows)
            self.rows += len(next(iter(block.values()), ()))
            if self._kept is None:
                continue
            self._kept.append(Packed(block))
            size += self._kept[-1].nbytes
            if size / self.rows * max(self.source.rows, self.rows) > keep:
                self._kept = None

    def _settle(self, block: dict[str, NDArray[Any]]) -> None:
        """Columns that turn out to have too many values for codes become numbers, also in what is kept."""
        for name, encoder in self._encoders.items():
            if encoder.flipped():
                for kept_block in self._kept or []:
                    kept_block.change(name, encoder.open(kept_block.columns([name])[name]))
                block[name] = encoder.open(block[name])
                encoder.settle()

    def _read(self, names: Sequence[str], what: str, count: bool = False) -> Iterator[dict[str, NDArray[Any]]]:
        self.passes += 1
        done = 0
        for batch in self.source.batches(names, BLOCK):
            if not batch.num_rows:
                continue
            yield {name: self._encoders[name].add(batch.column(name), count, done) for name in names}
            done += batch.num_rows
            tell(what, done, self.source.rows)

    @property
    def kept(self) -> bool:
        """Whether the codes are in memory, so that no further reading is needed."""
        return self._kept is not None

    def blocks(self, names: Iterable[str], what: str = "counting") -> Iterator[Block]:
        """Blocks of these columns: codes, or numbers where the column is plain."""
        asked = list(dict.fromkeys(names)) or self._seen[:1]
        if self._kept is None or not set(asked) <= set(self._seen):
            yield from self._read(asked, what)
            return
        done = 0
        for block in self._kept:
            yield block.columns(asked)
            done += block.rows
            tell(what, done, self.rows)

    def beside(self, names: Iterable[str], late: Sequence[str], what: str = "counting") -> Iterator[Beside]:
        """Blocks of ``names``; with each, a way to have some of the ``late`` columns of its rows, from any thread."""
        names = list(dict.fromkeys(names)) or self._seen[:1]
        if self._kept is not None and set(late) <= set(self._seen):
            for block in self.blocks([*names, *late], what):
                yield block, partial(_chosen, block)
            return
        self.passes += 1
        coded = [] if self._kept is not None and set(names) <= set(self._seen) else names
        done = 0
        for chunk in self._chunks([*coded, *late]):
            arrays = dict(zip(coded, self._arrays(chunk, coded), strict=True)) or self._part(names, done, chunk.rows)
            yield arrays, partial(self._arrays, chunk)
            done += chunk.rows
            tell(what, done, self.rows)

    def _chunks(self, names: Sequence[str]) -> Iterator[Chunk]:
        if isinstance(self.source, Chunked):
            yield from self.source.chunks(names)
            return
        for batch in self.source.batches(names, BLOCK):
            if batch.num_rows:
                yield BatchChunk(batch)

    def _arrays(self, chunk: Chunk, names: Sequence[str]) -> list[NDArray[Any]]:
        """Codes or numbers of some columns of a chunk."""
        read, arrays = chunk.read(names) if names else None, []
        for name in names:
            column = read.column(name)  # type: ignore[union-attr]
            parts = column.chunks if hasattr(column, "chunks") else [column]
            codes = [self._encoders[name].add(part, False) for part in parts]
            arrays.append(codes[0] if len(codes) == 1 else np.concatenate(codes))
        return arrays

    def _part(self, names: Sequence[str], first: int, rows: int) -> dict[str, NDArray[Any]]:
        """Some rows of what is kept."""
        parts: list[Block] = []
        start = 0
        for block in self._kept or []:
            some = slice(max(first - start, 0), max(first + rows - start, 0))
            if start < first + rows and some.start < block.rows:
                parts.append({name: array[some] for name, array in block.columns(names).items()})
            start += block.rows
        return {name: np.concatenate([part[name] for part in parts]) for name in names}

    def batches(self, names: Sequence[str]) -> Iterator[Any]:
        """These columns as the source has them: Arrow record batches."""
        self.passes += 1
        yield from self.source.batches(names, BLOCK)

    def codes_of(self, name: str, array: Any) -> NDArray[Any]:
        """Codes [rows] of answers of a column, or its numbers [rows]."""
        return self._encoders[name].add(array, False)

    def sample(self, design: Design) -> Combos:
        """What is known of a design's columns: from the first pass, or from one more for another design."""
        combos = next((sample for sample in self._samples if sample.design == design), None)
        if combos is None:
            combos, first = Combos(design), 0
            for block in self.blocks(combos.names, "design"):
                combos.add(block, first)
                first += len(next(iter(block.values())))
            self._samples.append(combos)
        return combos

    def table(self, names: Iterable[str]) -> Any:
        """These columns whole, as a pyarrow Table: in memory, whatever their size."""
        import pyarrow as pa

        asked = list(dict.fromkeys(names))
        lost = [name for name in asked if self.columns[name].lost]
        whole = pa.Table.from_batches(self.batches(lost)) if lost else None
        now = [name for name in asked if name in self._seen and name not in lost]
        late = [name for name in asked if name not in self._seen and name not in lost]
        parts: dict[str, list[Any]] = {name: [] for name in (*now, *late)}
        for block, read in self.beside(now, late) if parts else ():
            for name in now:
                parts[name].append(self._answers(name, block[name]))
            for name in late:
                parts[name].append(self._answers(name, read([name])[0]))
        arrays = {name: pa.chunked_array(pieces) for name, pieces in parts.items()}
        return pa.table(
            {name: arrays[name] if whole is None or name in arrays else whole.column(name) for name in asked}
        )

    def _answers(self, name: str, block: NDArray[Any]) -> Any:
        """A block of codes or numbers as the Arrow array behind it."""
        import pyarrow as pa

        column = self.columns[name]
        if column.coded:
            return arrow.taken(column.values, block)
        return arrow.fixed(block.astype(np.float64, copy=False), ~np.isnan(block), pa.float64())


def _chosen(block: Block, names: Sequence[str]) -> list[NDArray[Any]]:
    return [block[name] for name in names]


def _roles(design: Design, replicates: Sequence[str]) -> dict[str, Role]:
    """Weights are numbers, units and population sizes are codes, whatever they look like."""
    roles: dict[str, Role] = dict.fromkeys(replicates, "plain")
    for name in (design.strata, *design.psu, *design.fpc):
        if name is not None:
            roles[name] = "coded"
    if design.weights is not None:
        roles[design.weights] = "plain"
    return roles

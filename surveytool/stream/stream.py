"""A source of respondents as blocks of codes and numbers, read once where the codes are small, else twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from surveytool import arrow
from surveytool.stream.column import Column, Encoder, Role
from surveytool.stream.combos import Combos
from surveytool.stream.progress import tell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.survey import Design

    Block = Mapping[str, NDArray[Any]]
else:
    Block = Mapping

BLOCK = 1 << 18
KEEP = 320_000_000


class Source(Protocol):
    """Where batches come from, as often as they are asked for. ``rows`` is 0 where it is not known before."""

    rows: int

    def schema(self) -> Mapping[str, Any]:
        """Arrow type by column name."""
        ...

    def batches(self, names: Sequence[str], rows: int) -> Iterator[Any]:
        """Arrow record batches of about ``rows`` rows with these columns, from the beginning."""
        ...


class TableSource:
    """An Arrow table that is in memory already."""

    def __init__(self, table: Any) -> None:
        self.table, self.rows = table, int(table.num_rows)

    def schema(self) -> Mapping[str, Any]:
        return {field.name: field.type for field in self.table.schema}

    def batches(self, names: Sequence[str], rows: int) -> Iterator[Any]:
        yield from self.table.select(list(names)).to_batches(max_chunksize=rows)


class Stream:
    """Blocks of a source. ``columns`` says what is known of each; ``passes`` counts readings of the source."""

    def __init__(
        self, source: Source, names: Sequence[str], design: Design, replicates: Sequence[str] = (), keep: int = KEEP
    ) -> None:
        self.source, self.names = source, tuple(names)
        self.rows, self.passes = 0, 0
        self.combos = Combos(design)
        self._samples = [self.combos]
        schema, roles = source.schema(), _roles(design, replicates)
        self._encoders = {name: Encoder(schema[name], roles.get(name, "auto")) for name in self.names}
        self._kept: list[dict[str, NDArray[Any]]] | None = []
        self._first_pass(keep)
        self.columns: dict[str, Column] = {name: each.column() for name, each in self._encoders.items()}

    def _first_pass(self, keep: int) -> None:
        size = 0
        for block in self._read(self.names, "reading", count=True):
            self._settle(block)
            self.combos.add(block, self.rows)
            self.rows += len(next(iter(block.values()), ()))
            size += sum(each.nbytes for each in block.values())
            if self._kept is not None:
                self._kept.append(block)
            if size / self.rows * max(self.source.rows, self.rows) > keep:
                self._kept = None

    def _settle(self, block: dict[str, NDArray[Any]]) -> None:
        """Columns that turn out to have too many values for codes become numbers, also in what is kept."""
        for name, encoder in self._encoders.items():
            if encoder.flipped():
                for each in [*(self._kept or []), block]:
                    each[name] = encoder.open(each[name])
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
        wanted = list(dict.fromkeys(names)) or list(self.names[:1])
        if self._kept is None:
            yield from self._read(wanted, what)
            return
        done = 0
        for block in self._kept:
            yield {name: block[name] for name in wanted}
            done += len(next(iter(block.values())))
            tell(what, done, self.rows)

    def batches(self, names: Sequence[str]) -> Iterator[Any]:
        """These columns as the source has them: Arrow record batches."""
        self.passes += 1
        yield from self.source.batches(names, BLOCK)

    def sample(self, design: Design) -> Combos:
        """What is known of a design's columns: from the first pass, or from one more for another design."""
        known = next((each for each in self._samples if each.design == design), None)
        if known is None:
            known, first = Combos(design), 0
            for block in self.blocks(known.names, "design"):
                known.add(block, first)
                first += len(next(iter(block.values())))
            self._samples.append(known)
        return known

    def table(self, names: Iterable[str]) -> Any:
        """These columns whole, as a pyarrow Table: in memory, whatever their size."""
        import numpy as np
        import pyarrow as pa

        wanted = list(dict.fromkeys(names))
        lost = [name for name in wanted if self.columns[name].lost]
        whole = pa.Table.from_batches(self.batches(lost)) if lost else None
        parts: dict[str, list[Any]] = {name: [] for name in wanted if name not in lost}
        for block in self.blocks(parts) if parts else ():
            for name in parts:
                column = self.columns[name]
                if column.coded:
                    parts[name].append(arrow.taken(column.values, block[name]))
                else:
                    known = ~np.isnan(block[name])
                    parts[name].append(arrow.fixed(block[name].astype(np.float64), known, pa.float64()))
        made = {name: pa.chunked_array(each) for name, each in parts.items()}
        return pa.table({name: made[name] if whole is None or name in made else whole.column(name) for name in wanted})


def _roles(design: Design, replicates: Sequence[str]) -> dict[str, Role]:
    """Weights are numbers, units and population sizes are codes, whatever they look like."""
    roles: dict[str, Role] = dict.fromkeys(replicates, "plain")
    for name in (design.strata, *design.psu, *design.fpc):
        if name is not None:
            roles[name] = "coded"
    if design.weights is not None:
        roles[design.weights] = "plain"
    return roles

"""Invented respondents for the benchmarks: the same numbers every time, as csv or Parquet, any size.

    python tests/benchmarks/generate.py /tmp/bench/big.parquet --rows 3300000 --psus 4000

Twelve questions of two to five answers, two breakdowns (``sex``, ``age_group``),
strata, PSUs, weights, an age, an income and, if asked for, replicate weights. One
answer in thirty is blank. The rows are written in blocks, so that no size needs
more memory than another.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

BLOCK = 500_000
STRATA = 50
QUESTIONS = {f"q{place}": 2 + place % 4 for place in range(1, 13)}
SEX = ("Female", "Male")
AGE = ("18-25", "26-35", "36-45", "46 and over")


def blocks(rows: int, psus: int, replicates: int = 0, seed: int = 6) -> Iterator[pa.RecordBatch]:
    """The respondents in blocks; PSU codes are unique over the strata."""
    for place, first in enumerate(range(0, rows, BLOCK)):
        rng = np.random.default_rng((seed, place))
        yield _block(rng, first, min(BLOCK, rows - first), psus, replicates)


def _block(rng: np.random.Generator, first: int, count: int, psus: int, replicates: int) -> pa.RecordBatch:
    psu = (first + np.arange(count)) * 2654435761 % (2**32) % psus
    effect = np.sin(psu * 12.9898) * 0.2
    columns: dict[str, Any] = {
        "weight": np.round(rng.gamma(4, 0.25, count) + 0.05, 6),
        "stratum": (psu * STRATA // psus).astype(np.int32),
        "psu": psu.astype(np.int32),
        "sex": _labels(rng, SEX, np.zeros(count)),
        "age_group": _labels(rng, AGE, effect),
        "age": rng.integers(18, 91, count),
        "income": np.round(np.exp(rng.normal(6, 0.8, count) + effect), 2),
    }
    for name, levels in QUESTIONS.items():
        columns[name] = _labels(rng, tuple(f"answer {level + 1}" for level in range(levels)), effect)
    for place in range(1, replicates + 1):
        columns[f"rw{place}"] = columns["weight"] * (2 * ((psu * 2654435761 >> (place % 24)) % 2))
    return pa.record_batch(columns)


def _labels(rng: np.random.Generator, labels: tuple[str, ...], effect: np.ndarray) -> pa.DictionaryArray:
    chosen = np.floor((rng.random(len(effect)) ** (1 + effect)) * len(labels)).astype(np.int8)
    codes = np.minimum(chosen, len(labels) - 1)
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, mask=rng.random(len(codes)) < 1 / 30), pa.array(labels, pa.string())
    )


def write(path: Path, rows: int, psus: int, replicates: int = 0) -> None:
    """Write them to a csv or Parquet file."""
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    writer: Any = None
    for block in blocks(rows, psus, replicates):
        table = pa.table(block)
        if path.suffix == ".csv":
            table = table.cast(pa.schema([(each.name, _plain(each.type)) for each in table.schema]))
            writer = writer or pc.CSVWriter(path, table.schema)
            writer.write_table(table)
        else:
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
    writer.close()


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--psus", type=int, default=1_000)
    parser.add_argument("--replicates", type=int, default=0)
    given = parser.parse_args()
    write(given.path, given.rows, given.psus, given.replicates)


if __name__ == "__main__":
    main()

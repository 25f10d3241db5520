"""Replicate weights go by column after column: the same numbers, few columns in memory, the same refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from aggregate.respondents import DESIGNS, REQUESTS, differences, results

import surveytool as st
from surveytool.aggregate import collect, replicate_sums
from surveytool.aggregate.replicate_rank import rank
from surveytool.aggregate.replicates import ReplicatePass
from surveytool.reading import columnar
from surveytool.stream import Stream
from surveytool.stream import stream as stream_module

ASKED = [each for each in REQUESTS if each.variable != "income" or each.statistic != "median"]


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, tuple[str, ...]]]:
    """Small files are streams in small blocks; the list holds the row groups' rows and the columns of each reading."""
    read = columnar.RowGroups.read
    seen: list[tuple[int, tuple[str, ...]]] = []

    def noted(self: Any, names: Sequence[str]) -> Any:
        seen.append((self.rows, tuple(names)))
        return read(self, names)

    monkeypatch.setattr(columnar, "LARGE", 0)
    monkeypatch.setattr(collect, "LARGE", 0)
    monkeypatch.setattr(columnar, "BLOCK", 500)
    monkeypatch.setattr(stream_module, "BLOCK", 300)
    monkeypatch.setattr(columnar.RowGroups, "read", noted)
    return seen


def columns(table: pa.Table) -> list[str]:
    return list(table.column_names)


def with_column(table: pa.Table, name: str, values: Any) -> pa.Table:
    return table.set_column(columns(table).index(name), name, pa.array(values))


@pytest.mark.parametrize("design", ["replicates", "factors"])
@pytest.mark.parametrize("sums", [1 << 21, 2000, 0], ids=["one grid", "several grids", "apart"])
def test_row_groups_are_rows_in_memory(
    table: pa.Table, tmp_path: Path, design: str, sums: int, large: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "LARGE", 10**9)
    theirs = results(st.read(table, design=DESIGNS[design]), ASKED)
    monkeypatch.setattr(collect, "LARGE", 0)
    monkeypatch.setattr(replicate_sums, "MOST_SUMS", sums)
    monkeypatch.setattr(replicate_sums, "AT_ONCE", 8 * 1500)
    file = tmp_path / "people.parquet"
    pq.write_table(table, file, row_group_size=400)
    survey = st.read(file, design=DESIGNS[design], columns=columns(table), stream=True)
    assert isinstance(survey.frame, Stream) and survey.frame.kept
    assert differences(results(survey, ASKED), theirs) == []
    assert survey.frame.passes == 2
    assert {rows for rows, _ in large} == {800, 700}
    assert {names for _, names in large if len(names) > 2} == set()
    assert {name for _, names in large for name in names} == {f"rw{place}" for place in range(8)}


def test_the_first_reading_leaves_replicate_weights_out(table: pa.Table, tmp_path: Path, large: list[Any]) -> None:
    file = tmp_path / "people.parquet"
    pq.write_table(table, file)
    asked: list[tuple[str, ...]] = []

    class Source(columnar.ParquetSource):
        def batches(self, names: Sequence[str], rows: int) -> Any:
            asked.append(tuple(names))
            return super().batches(names, rows)

    late = [f"rw{place}" for place in range(8)]
    Stream(Source([file]), columns(table), DESIGNS["replicates"], late, late=late)
    assert [set(names) & set(late) for names in asked] == [set()]
    weighted_by_one = st.Design(weights="rw0", replicates=DESIGNS["replicates"].replicates)
    Stream(Source([file]), columns(table), weighted_by_one, late, late=late)
    assert set(asked[-1]) & set(late) == {"rw0"}


def test_a_codebook_of_all_columns_counts_their_answers(table: pa.Table, tmp_path: Path, large: list[Any]) -> None:
    holes = table.column("rw3").to_pylist()
    holes[:5] = [None] * 5
    file = tmp_path / "people.parquet"
    pq.write_table(with_column(table, "rw3", holes), file)
    survey = st.read(file, design=DESIGNS["replicates"], stream=True)
    assert isinstance(survey.frame, Stream)
    assert (survey.codebook["rw3"].n, survey.codebook["rw3"].n_missing) == (1495, 5)


@pytest.mark.parametrize("most_rows", [1 << 22, 100], ids=["row groups", "batches"])
def test_codes_that_are_not_kept_are_read_again_beside_the_weights(
    table: pa.Table, tmp_path: Path, most_rows: int, large: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "people.parquet"
    pq.write_table(table, file, row_group_size=400)
    survey = st.read(file, design=DESIGNS["replicates"], columns=columns(table), stream=True)
    first = results(survey, ASKED)
    monkeypatch.setattr(columnar, "MOST_ROWS", most_rows)
    large.clear()
    late = [f"rw{place}" for place in range(8)]
    again = Stream(columnar.ParquetSource([file]), columns(table), survey.design, late, keep=1000, late=late)
    assert not again.kept
    assert differences(results(replace(survey, frame=again), ASKED), first) == []
    assert again.passes == 3
    assert bool(large) == (most_rows > 100)


@pytest.mark.parametrize("gone", [None, float("nan"), float("inf"), 1e80])
def test_rows_without_replicate_weights_are_named_as_in_memory(
    table: pa.Table, tmp_path: Path, gone: float | None, large: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = table
    for name, rows in (("rw1", (3, 1200)), ("rw6", (3, 800))):
        values = bad.column(name).to_pylist()
        for row in rows:
            values[row] = gone
        bad = with_column(bad, name, values)
    file = tmp_path / "people.parquet"
    pq.write_table(bad, file, row_group_size=400)
    survey = st.read(file, design=DESIGNS["replicates"], columns=columns(table), stream=True)
    with pytest.raises(st.SurveytoolError) as streamed:
        results(survey, ASKED)
    monkeypatch.setattr(collect, "LARGE", 10**9)
    with pytest.raises(st.SurveytoolError) as memory:
        results(st.read(bad, design=DESIGNS["replicates"]), ASKED)
    assert str(streamed.value) == str(memory.value)
    assert "in 3 rows (data row 4, 801, 1201)" in str(streamed.value)


def test_texts_are_no_replicate_weights(table: pa.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = table.append_column("rwanda", pa.array(["yes", "no", "yes"] * 500))
    for rows in (10**9, 0):
        monkeypatch.setattr(collect, "LARGE", rows)
        with pytest.raises(st.SurveytoolError, match="rwanda is not a column of numbers"):
            results(st.read(wrong, design=DESIGNS["replicates"]), ASKED[:1])


@pytest.mark.parametrize("lost", [0, 1, 3])
def test_the_rank_counts_independent_columns(table: pa.Table, lost: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in batches that are no multiple of the sketch, and far from the first rows."""
    own = [table.column(f"rw{place}").to_numpy() for place in range(8)]
    for place in range(lost):
        own[7 - place] = own[place] - 0.5 * own[place + 1]
    made = table
    for place, column in enumerate(own):
        made = with_column(made, f"rw{place}", column)
    monkeypatch.setattr(stream_module, "BLOCK", 222)
    design = DESIGNS["replicates"]
    for rows in (10**9, 0):
        monkeypatch.setattr(collect, "LARGE", rows)
        found = results(st.read(made, design=design), ASKED[:1])
        assert {row.df for row in found.estimates[0].rows if row.se} == {7 - lost}


def test_a_rank_that_only_few_rows_show(table: pa.Table) -> None:
    names = ("rw0", "rw1", "rw2")
    design = st.Design(weights="w", replicates=st.Replicates(columns=names, method="jk1"))
    survey = st.read(table, design=design)
    seen = ReplicatePass(survey, names, Stream(stream_module.TableSource(table), names, design, names).columns)
    rng = np.random.default_rng(5)
    for first in range(0, 100_000, 10_000):
        rows = seen.rows(np.ones(10_000), first)
        one = rng.random(10_000)
        other = one.copy()
        other[77] += float(first == 60_000)
        for place, column in enumerate((one, other, one + other)):
            seen.whole(place, column, rows)
    assert seen.rank == 2


def test_jackknife_factors_are_read_from_the_columns(
    table: pa.Table, large: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """JKn of two strata with three and four PSUs: the scale of each replicate follows from its largest factor."""
    weights = table.column("w").to_numpy()
    unit = np.arange(len(weights)) % 7
    stratum, sizes = (unit >= 3).astype(int), (3, 4)
    made = table.drop_columns([f"rw{place}" for place in range(8)])
    for left_out in range(7):
        own = sizes[int(left_out >= 3)]
        factor = np.where(stratum == int(left_out >= 3), own / (own - 1), 1.0) * (unit != left_out)
        made = made.append_column(f"rw{left_out}", pa.array(weights * factor))
    design = st.Design(weights="w", replicates=st.Replicates(columns=("rw*",), method="jkn"))
    monkeypatch.setattr(collect, "LARGE", 10**9)
    theirs = results(st.read(made, design=design), ASKED)
    monkeypatch.setattr(collect, "LARGE", 0)
    assert differences(results(st.read(made, design=design), ASKED), theirs) == []


def test_a_column_fault_leaves_the_numbers_of_no_table(table: pa.Table, tmp_path: Path, run: Any) -> None:
    values = table.column("rw2").to_pylist()
    values[1400] = None
    file = tmp_path / "people.parquet"
    pq.write_table(
        pa.concat_tables([table.set_column(columns(table).index("rw2"), "rw2", pa.array(values))] * 40), file
    )
    done = run(
        "summarize", file, "work", "-w", "w", "--replicate-weights", "rw*", "--replicate-method", "bootstrap"
    )  # fmt: skip
    assert (done.status, done.out) == (4, "")
    assert "replicate weights are missing, infinite or huge in 40 rows" in done.err


@pytest.mark.parametrize("rows", [30, 20_000])
def test_a_tall_matrix_has_the_rank_of_its_columns(rows: int) -> None:
    """Also where one column is tiny: columns are scaled before the tolerance."""
    rng = np.random.default_rng(rows)
    own = rng.random((rows, 5)) * (1.0, 1e-9, 1.0, 1e9, 1.0)
    assert rank(own) == 5
    assert rank(np.column_stack([own, own @ (1.0, 2e9, 0.0, 0.0, 3.0), np.zeros(rows)])) == 5

"""Blocks, codes and combinations against counting by hand, at the edges of what they hold."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import surveytool as st
from surveytool.errors import UsageError
from surveytool.stream import Encoder, Stream, TableSource
from surveytool.stream import design_combinations as module
from surveytool.stream.coded_column import _WholeNumbers
from surveytool.stream.derived_columns import combinations
from surveytool.stream.design_combinations import BITS, LARGEST, Combos
from surveytool.stream.packed_blocks import Packed
from surveytool.stream.remote import GAVE_UP, Pushed


def drawn(rows: int = 500) -> dict[str, Any]:
    rng = np.random.default_rng(6)
    return {name: rng.integers(-1, size, rows).astype("i2") for name, size in (("h", 4), ("p", 30))}


@pytest.mark.parametrize("dense", [0, module.DENSE])
@pytest.mark.parametrize("block", [500, 70])
def test_combinations_of_a_design_are_counted_once_each(
    dense: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DENSE", dense)
    data = drawn()
    combos = Combos(st.Design(strata="h", psu="p"))
    for first in range(0, 500, block):
        combos.add({name: values[first : first + block] for name, values in data.items()}, first)
    codes, counts = combos.found()
    expected = Counter(zip(data["h"].tolist(), data["p"].tolist(), strict=True))
    assert {tuple(pair): int(n) for pair, n in zip(codes.tolist(), counts, strict=True)} == dict(expected)
    assert combos.rows == 500 and codes.tolist() == sorted(codes.tolist())
    taken = Combos(st.Design(strata="h", psu="p"))
    pairs = sorted(expected)
    taken.take([np.array(column) for column in zip(*pairs, strict=True)], np.array([expected[pair] for pair in pairs]))
    np.testing.assert_array_equal(taken.found()[0], codes)
    np.testing.assert_array_equal(taken.found()[1], counts)


@pytest.mark.parametrize(("highest", "too_many"), [((1 << BITS) - 2, False), ((1 << BITS) - 1, True)])
def test_codes_of_more_than_21_bits_are_too_many(highest: int, too_many: bool) -> None:
    combos = Combos(st.Design(psu="p"))
    combos.add({"p": np.array([highest], dtype=np.int32)}, 0)
    assert combos.too_many is too_many
    taken = Combos(st.Design(psu="p"))
    taken.take([np.array([highest])], np.array([1]))
    assert taken.too_many is too_many
    assert Combos(st.Design(strata="a", psu=("b", "c"))).too_many is False
    assert Combos(st.Design(strata="a", psu=("b", "c"), fpc="d")).too_many is True


def test_faults_of_weights_are_counted_with_their_rows() -> None:
    combos = Combos(st.Design(weights="w"))
    combos.add({"w": np.array([1.0, 0.0, LARGEST])}, 0)
    assert all(not faults.count for faults in combos.faults.values())
    assert (combos.rows, combos.zeros, combos.weight) == (3, 1, 1.0 + LARGEST)
    combos.add({"w": np.array([np.nan, -1.0, np.inf, 2 * LARGEST, -np.inf, 0.0])}, 3)
    found = {kind: (faults.count, faults.first) for kind, faults in combos.faults.items()}
    assert found == {
        "missing": (1, [4]), "infinite": (2, [6, 8]), "huge": (1, [7]),
        "negative": (1, [5]),
    }  # fmt: skip
    assert combos.zeros == 2 and combos.rows == 9


def test_a_block_without_the_design_s_columns_counts_rows_only() -> None:
    combos = Combos(st.Design(weights="w", psu="p"))
    combos.add({"q": np.zeros(7)}, 0)
    combos.add({}, 7)
    assert (combos.rows, combos.zeros, combos.weight) == (7, 0, 0.0)


@pytest.mark.parametrize("many", [1, 2, 3, 4])
@pytest.mark.parametrize("shift", [0, 1])
def test_columns_in_half_bytes_come_back(many: int, shift: int) -> None:
    given = {f"c{place}": np.array([-1, 0, 13 - shift, place], dtype="i1") for place in range(many)}
    packed = Packed(dict(given))
    for name, codes in packed.columns([*given]).items():
        assert codes.tolist() == given[name].tolist()
    assert packed.nbytes == 4 * (many // 2 + many % 2) and packed.rows == 4
    wide = {f"c{place}": np.array([-1, 14], dtype="i1") for place in range(2)}
    assert Packed(dict(wide)).nbytes == 4  # fifteen codes and a blank are too many for half a byte


@pytest.mark.parametrize("values", [
    [3, 1, None, 3, -2], [10**6, 10**6 + 1, None], [0, 5, 5, 0], [None, None], [-4_194_303, 0], [0, 4_194_303],
    [2**62, 2**62 + 3], [7, 300, 70_000],
])  # fmt: skip
def test_whole_numbers_get_codes_in_the_order_they_come(values: list[int | None]) -> None:
    known: dict[Any, int] = {}
    codes = _WholeNumbers().codes(pa.array(values, pa.int64()), known)
    assert codes is not None
    back = {code: value for value, code in known.items()} | {-1: None}
    assert [back[code] for code in codes.tolist()] == values
    assert len(known) == len({value for value in values if value is not None})


@pytest.mark.parametrize(("values", "near"), [
    ([0, (1 << 22) - 1], True), ([0, 1 << 22], False), ([-(1 << 22) + 1, 0], True), ([5, (1 << 22) + 4], True),
])  # fmt: skip
def test_whole_numbers_that_lie_far_apart_have_no_table(values: list[int], near: bool) -> None:
    found = _WholeNumbers().codes(pa.array(values, pa.int64()), {})
    assert (found is not None) is near


def test_a_table_grows_with_later_blocks_and_keeps_its_codes() -> None:
    whole, known = _WholeNumbers(), {}
    first = whole.codes(pa.array([5, 6]), known)
    second = whole.codes(pa.array([6, -3, 9, 5]), known)
    assert first is not None and second is not None
    assert first.tolist() == [0, 1] and sorted(second.tolist()) == [0, 1, 2, 3] and second[0] == 1 and second[3] == 0


@pytest.mark.parametrize("kind", [pa.int64(), pa.int8(), pa.float64(), pa.string(), pa.bool_()])
def test_codes_and_blanks_are_counted_block_by_block(kind: Any) -> None:
    blocks: list[list[Any]] = [[1, None, 2, 1], [3, 2, None, None], [None]]
    if kind == pa.string():
        blocks = [[None if each is None else f"t{each}" for each in values] for values in blocks]
    if kind == pa.bool_():
        blocks = [[None if each is None else each > 1 for each in values] for values in blocks]
    encoder = Encoder(kind, "coded")
    first = 0
    for values in blocks:
        encoder.add(pa.array(values, kind), True, first)
        first += len(values)
    column = encoder.column()
    everything = [each for values in blocks for each in values if each is not None]
    assert (column.known, column.blank, column.blank_rows) == (5, 4, (2, 7, 8, 9))
    assert column.values is not None and column.counts is not None
    counted = dict(zip(column.values.to_pylist(), column.counts.tolist(), strict=True))
    assert counted == Counter(everything)


def test_a_dictionary_in_another_order_keeps_the_codes() -> None:
    encoder = Encoder(pa.string(), "coded")
    made = []
    for order in (["x", "y"], ["y", "x"], ["y", "x", "z"]):
        array = pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int32()), pa.array(order))
        made.append(encoder.add(array, True).tolist())
    assert made == [[0, 1, -1], [1, 0, -1], [1, 0, -1]]
    assert encoder.column().values.to_pylist() == ["x", "y", "z"]


def stream_of(design: st.Design | None = None, **columns: Any) -> Stream:
    return Stream(TableSource(pa.table(columns)), list(columns), design or st.Design())


@pytest.mark.parametrize("names", [["a"], ["b"], ["a", "b"], ["b", "a", "c"]])
def test_combinations_of_answers_are_those_that_occur(names: list[str]) -> None:
    rng = np.random.default_rng(2)
    data = {name: rng.choice(["x", "y", None], 200).tolist() for name in "abc"}
    stream = stream_of(**data)
    found = combinations(stream, names)
    assert found is not None
    rows = found.table(stream.columns).to_pylist()
    expected = Counter(zip(*(data[name] for name in names), strict=True))
    assert {tuple(row.values()): int(n) for row, n in zip(rows, found.counts, strict=True)} == expected


def test_too_many_combinations_are_none() -> None:
    assert combinations(stream_of(a=["x", "y"]), []) is None
    from surveytool.stream import derived_columns

    assert derived_columns.WIDEST == 1 << 62  # keys of 64 bits with a sign


def test_a_design_is_looked_at_once() -> None:
    data = {"w": [1.5, 0.0, 2.0, 3.0], "p": [1, 1, 2, 2], "q": ["a", "b", "a", "b"]}
    design = st.Design(weights="w", psu="p")
    stream = stream_of(st.Design(weights="w"), **data)
    combos = stream.sample(design)
    assert (combos.weight, combos.zeros, combos.rows) == (6.5, 1, 4)
    assert stream.sample(st.Design(weights="w", psu="p")) is combos
    only = st.Design(weights="w")
    bad = stream_of(only, w=[1.0, None, -1.0], q=["a", "b", "c"]).sample(only)
    assert [faults.first for faults in bad.faults.values()] == [[2], [], [], [3]]
    other = st.Design(weights="w", strata="q")
    later = stream_of(other, w=[1.0, None, -1.0], q=["a", "b", "c"]).sample(only)
    assert [faults.first for faults in later.faults.values()] == [[2], [], [], [3]]


def test_a_lazy_frame_counts_faults_as_rows_do() -> None:
    import polars as pl

    weights = [1.0, None, -1.0, float("inf"), LARGEST, 2 * LARGEST, 0.0, float("-inf")]
    frame = pl.LazyFrame({"w": weights, "p": list("aabbccdd")})
    pushed = Pushed(frame, ["w", "p"], st.Design(weights="w", psu="p"))
    combos = pushed.sample(st.Design(weights="w", psu="p"))
    assert [faults.count for faults in combos.faults.values()] == [1, 2, 1, 1]
    assert combos.zeros == 1 and combos.found()[1].tolist() == [2, 2, 2, 2]
    with pytest.raises(UsageError) as refused:
        pushed.table(["w"])
    assert "this needs every respondent in memory, which --engine spark does not bring here." in str(refused.value)


def test_a_cluster_that_gives_up_is_told_with_a_cure() -> None:
    from types import SimpleNamespace

    import polars as pl

    from surveytool.errors import UnreadableData

    pushed = Pushed(pl.LazyFrame({"w": [1.0]}), ["w"], st.Design(weights="w"))
    broken = type("Broken", (Exception,), {"__module__": "pyspark.errors"})

    def fails(_: str) -> None:
        raise broken("a respondent's answer")

    with pytest.raises(UnreadableData) as refused:
        pushed.collect(SimpleNamespace(collect=fails))
    assert "--engine spark: Spark gave up" in str(refused.value) and "answer" not in str(refused.value)
    assert refused.value.cure == GAVE_UP
    assert "have they memory (spark.executor.memory)?" in GAVE_UP

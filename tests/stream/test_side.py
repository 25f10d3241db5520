"""What the pass leans on: work side by side, blocks in half bytes, crossings, rounds, sound codes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from aggregate.respondents import DESIGNS, REQUESTS, differences, results

import surveytool as st
from surveytool import arrow
from surveytool.aggregate import collect, cube_plan, stream_pass
from surveytool.aggregate.crossed_sums import crossings
from surveytool.aggregate.cube import Cube, Rows, Spec, Terms
from surveytool.aggregate.design_pass import StreamDesign
from surveytool.reading import columnar
from surveytool.stream import Stream, TableSource
from surveytool.stream.packed_blocks import Packed
from surveytool.stream.threads import ahead, crew

NAMES = ("a", "b", "c", "d")


def test_items_come_ahead_in_order_and_so_do_errors() -> None:
    makers: set[int] = set()

    def items() -> Iterator[int]:
        for place in range(4):
            makers.add(threading.get_ident())
            yield place
        raise ValueError("the fifth")

    seen: list[int] = []
    with pytest.raises(ValueError, match="the fifth"):
        for item in ahead(items()):
            seen.append(item)
    assert seen == [0, 1, 2, 3]
    assert threading.get_ident() not in makers


@pytest.mark.parametrize("threads", [1, 3])
def test_a_crew_does_everything_and_passes_errors_on(threads: int) -> None:
    done: list[int] = []
    with crew(threads) as share:
        share(done.append, range(20))
        assert sorted(done) == list(range(20))
        with pytest.raises(ZeroDivisionError):
            share(lambda each: done.append(1 // each), [1, 0])


def block(rows: int, seed: int = 4) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    codes = {name: rng.integers(-1, 3 + place, rows).astype("i1") for place, name in enumerate(NAMES)}
    return codes | {"wide": rng.integers(-1, 100, rows).astype("i1"), "w": rng.random(rows)}


def test_two_columns_share_a_byte_and_come_back() -> None:
    given = block(1000)
    given["a"][:2] = 13, -1  # the most that half a byte holds
    packed = Packed(dict(given))
    assert packed.nbytes == 1000 * (2 + 1 + 8)
    for name, codes in packed.columns([*given]).items():
        np.testing.assert_array_equal(codes, given[name])
        assert codes.dtype == given[name].dtype
    packed.change("a", given["w"])
    assert packed.columns(["a"])["a"] is given["w"]


def test_crossed_cubes_have_the_sums_of_cubes_by_themselves() -> None:
    sizes = {name: 5 + place for place, name in enumerate(NAMES)}
    specs = [Spec(axes) for axes in (("a", "b"), ("a", "c"), ("d", "a"), ("b",), ())]
    given = block(3000)
    given["w"][::7] = 0.0
    cubes = [Cube(spec, [sizes[name] for name in spec.axes], Terms(units=6, squares=False), {}) for spec in specs]
    crossed = crossings(cubes)
    assert len(crossed) < len(cubes)
    unit = (np.arange(3000) % 6).astype(np.int32)
    for each in [*crossed, *cubes]:
        each.add(Rows(given, unit, given["w"]))
    for each in crossed:
        each.share()
    for cube in cubes:
        found = cube.patterns_found()
        for place, codes in enumerate(found.codes):
            inside = np.ones(3000, dtype=bool)
            for name, code in zip(cube.spec.axes, codes, strict=True):
                inside &= given[name] == code
            assert found.rows[place] == inside.sum()
            assert found.n[place] == (inside & (given["w"] > 0)).sum()
            np.testing.assert_allclose(found.classes.squared[place], (given["w"][inside] ** 2).sum(), rtol=1e-12)
            by_unit = np.bincount(unit[inside], given["w"][inside], minlength=6)
            np.testing.assert_allclose(found.classes.first[0, place], by_unit, rtol=1e-12)


def test_many_large_cubes_are_filled_in_rounds(table: pa.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []
    fill = stream_pass.fill

    def counted(stream: Any, design: Any, specs: Any, replicates: Any) -> Any:
        rounds.append(len(specs))
        return fill(stream, design, specs, replicates)

    survey = st.read(table, design=DESIGNS["strata and psu"])
    monkeypatch.setattr(stream_pass, "fill", counted)
    monkeypatch.setattr(collect, "LARGE", 0)
    together = results(survey, [replace(each) for each in REQUESTS])
    before = len(rounds)
    monkeypatch.setattr(cube_plan, "AT_ONCE", 1)
    apart = results(survey, [replace(each) for each in REQUESTS])
    assert len(rounds) > 3 * before
    assert differences(apart, together, relative=0.0) == []


def test_units_are_told_by_the_psu_where_its_code_has_one_stratum() -> None:
    strata, own, again = [1, 1, 2, 2], [11, 12, 21, 22], [1, 2, 1, 2]
    for psu, names in ((own, ("p",)), (again, ("s", "p"))):
        table = pa.table({"s": strata * 5, "p": psu * 5, "q": [1, 2] * 10})
        design = st.Design(strata="s", psu=("p",))
        stream = Stream(TableSource(table), ["s", "p", "q"], design)
        lookup = StreamDesign(st.read(table, design=design), stream.columns, stream.sample(design)).lookup()
        assert lookup.names == names
        (only,) = stream.blocks(["s", "p"])
        assert len(set(lookup.units(only, 20).tolist())) == 4


def test_codes_without_a_value_are_refused() -> None:
    sound = pa.DictionaryArray.from_arrays(pa.array([0, None, 1], pa.int32()), pa.array(["x", "y"]))
    columnar._check(pa.record_batch({"q": sound}))
    broken = pa.DictionaryArray.from_arrays(pa.array([0, None, 2], pa.int32()), pa.array(["x", "y"]), safe=False)
    with pytest.raises(pa.ArrowInvalid):
        columnar._check(pa.record_batch({"q": broken}))
    raw = pa.Array.from_buffers(pa.int32(), 2, [pa.py_buffer(b"\x01"), pa.py_buffer(np.array([1, 99], "i4"))])
    assert arrow.within(raw, 2), "what stands under a null is of no account"


def test_row_groups_come_in_turn_and_small_ones_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "BLOCK", 250)
    file = tmp_path / "groups.parquet"
    pq.write_table(pa.table({"n": range(1000)}), file, row_group_size=100)
    sizes, rows = [], []
    for batch in columnar.ParquetSource([file]).batches(["n"], 1 << 18):
        sizes.append(batch.num_rows)
        rows += batch.column("n").to_pylist()
    assert rows == list(range(1000))
    assert sizes == [300, 300, 300, 100]

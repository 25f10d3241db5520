"""Columns as codes: what a stream makes of values of every kind, block by block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from recorded import plain, same

import surveytool as st
from surveytool.aggregate.stream_pass import in_codes
from surveytool.stream import TableSource
from surveytool.stream import stream as stream_module
from surveytool.survey import Request

COLUMNS: dict[str, Any] = {
    "small": pa.array([1, 2, None, 3, 2, 1, 9, 2] * 25),
    "floats": pa.array([0.5, 1.5, None, 2.5, 0.5, -1.0, 2.0, 1.0] * 25),
    "texts": pa.array(["a", "b", None, "", "c", "a", "d", "b"] * 25),
    "flags": pa.array([True, False, None, True, True, False, False, True] * 25),
    "many": pa.array(np.arange(200) * 3),
    "wide": pa.array(np.arange(200) / 7),
    "codes": pa.array(["x", "y", "x", None, "z", "x", "y", "z"] * 25).dictionary_encode(),
    "nulls": pa.array([None] * 200, pa.string()),
    "w": pa.array([1.0, 2.0, 0.0, 0.5, 1.5, 1.0, 3.0, 0.0] * 25),
}


@pytest.mark.parametrize("block", [7, 64, 1000])
def test_columns_in_codes(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "BLOCK", block)
    survey = st.read(pa.table(COLUMNS), design=st.Design(weights="w"))
    asked = [Request(variable=name) for name in COLUMNS if name != "w"]
    held = in_codes(survey, asked, [])
    told = [f"{type(held.frame).__name__} {held.provenance.rows}"]
    for name, variable in held.codebook.items():
        levels = [(plain(level.code), level.label, level.count) for level in variable.levels]
        told.append(f"{name} {variable.kind} n {variable.n} missing {variable.n_missing} {levels[:12]}")
    same("stream", "columns.txt", "\n".join(told))


def test_a_table_is_a_source_of_blocks() -> None:
    source = TableSource(pa.table(COLUMNS))
    told = [plain({name: value for name, value in vars(source).items() if isinstance(value, (int, str, tuple))})]
    same("stream", "source.txt", "\n".join(told))

"""Rows of an SPSS file beyond those that its header states: compressed or not, whatever stands before them."""

from __future__ import annotations

import struct
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from surveytool.reading.spss_rows import rows_beyond


def written(path: Path, rows: int, *, more: bool = True) -> Path:
    """A file with texts, labels of any length, and missing values."""
    frame = pd.DataFrame({"q": [float(at % 3) for at in range(rows)], "t": ["abcdefghij"] * rows, "n": [1.5] * rows})
    options = {
        "column_labels": ["How?", "A text of any length", ""],
        "variable_value_labels": {"q": {0.0: "none", 1.0: "some"}},
        "missing_ranges": {"q": [9.0, 8.0]},
    } if more else {}  # fmt: skip
    pyreadstat.write_sav(frame, str(path), row_compress=False, compress=path.suffix == ".zsav", **options)
    return path


def states(path: Path, rows: int) -> None:
    content = bytearray(path.read_bytes())
    content[80:84] = struct.pack("<i", rows)
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("name", ["d.sav", "d.zsav"])
def test_rows_beyond_those_stated_are_counted(name: str, more: bool, tmp_path: Path) -> None:
    path = written(tmp_path / name, 25, more=more)
    assert rows_beyond(path) is None
    for stated in (24, 10, 0):
        states(path, stated)
        assert rows_beyond(path) == (stated, 25)
    states(path, 26)
    assert rows_beyond(path) is None
    states(path, -1)
    assert rows_beyond(path) is None


@pytest.mark.parametrize("content", [b"", b"$FL2" + b"\0" * 100, b"x" * 500, b"$FL2" + b"\0" * 400])
def test_what_is_no_spss_file_has_no_rows(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "d.sav").write_bytes(content)
    assert rows_beyond(tmp_path / "d.sav") is None

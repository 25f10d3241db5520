"""A name of an array means one dtype, and stands in one file."""

from __future__ import annotations

import re
from typing import get_args

import numpy as np
import pytest
from laws.test_structure import MODULES, PACKAGE

from surveytool import arrays

DTYPES = {"Floats": np.float64, "Flags": np.bool_, "Truth": np.int8, "Codes": np.int32, "Keys": np.intp,
          "LongKeys": np.int64, "Counts": np.int64, "Datetimes": np.datetime64}  # fmt: skip


@pytest.mark.parametrize("name", DTYPES)
def test_a_name_means_one_dtype(name: str) -> None:
    assert get_args(get_args(getattr(arrays, name))[1]) == (DTYPES[name],)


def test_no_other_file_names_arrays() -> None:
    alias = re.compile(r"^ *[A-Z]\w* = (np|numpy|NDArray)[\w.]*\[", re.M)
    named = [str(path.relative_to(PACKAGE)) for path in MODULES if alias.search(path.read_text(encoding="utf-8"))]
    assert named == ["arrays.py"]

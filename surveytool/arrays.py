"""Names of arrays for annotations: a name means one dtype in the whole package; shapes stand in docstrings, as [rows].

Import them under ``TYPE_CHECKING``: nothing of this file is needed at run time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]  # numbers, weights, sums, estimates
Flags = NDArray[np.bool_]  # who is in, who has it
Truth = NDArray[np.int8]  # of a condition: 1 true, 0 false, -1 unknown
Codes = NDArray[np.int32]  # which answer of a list; -1 for none
Keys = NDArray[np.intp]  # places in another array: cells, units, orders of rows
LongKeys = NDArray[np.int64]  # numbers of classes, which products of many sizes may make large
Counts = NDArray[np.int64]  # how many respondents
Integers = NDArray[np.integer[Any]]  # any whole numbers, where the width is the caller's
Datetimes = NDArray[np.datetime64]

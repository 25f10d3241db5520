"""A .sav by surveytool: data, columns ("" for all), out csv with every column's count and sum ("" to only read)."""

from __future__ import annotations

import csv
import math
import sys

import surveytool as st

path, names, out = sys.argv[1:]
frame = st.read(path, columns=names.split(",") if names else None).frame
assert frame.num_rows > 0
if out:
    with open(out, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("name", "count", "sum"))
        for name in frame.column_names:
            values = [each for each in frame[name].to_pylist() if each is not None]
            rows.writerow((name, len(values), math.fsum(len(v) if isinstance(v, str) else v for v in values)))

"""What SPSS and Stata writing have in common: a pandas frame, and bytes that pyreadstat writes aside."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from surveytool.errors import UsageError


def frame_of(columns: Mapping[str, list[Any]], texts: frozenset[str]) -> Any:
    """A pandas frame: columns of ``texts`` hold "" for None, the others NaN; dates stay dates."""
    import pandas as pd

    series = {}
    for name, values in columns.items():
        if name in texts:
            series[name] = pd.Series([value if value is not None else "" for value in values], dtype=object)
        elif any(isinstance(value, (str, bytes)) for value in values):
            mixed = [
                np.nan if value is None else value if isinstance(value, (str, bytes)) else float(value)
                for value in values
            ]
            series[name] = pd.Series(mixed, dtype=object)
        elif any(hasattr(value, "year") for value in values):
            series[name] = pd.Series(pd.to_datetime([None if value is None else value for value in values]))
        else:
            series[name] = pd.Series([np.nan if value is None else float(value) for value in values], dtype="float64")
    return pd.DataFrame(series)


def bytes_of(write: Callable[[str], None], suffix: str) -> bytes:
    """What a writer that wants a path writes; the file aside is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"data{suffix}"
        try:
            write(str(path))
        except (ValueError, OSError, RuntimeError) as error:
            raise _refused(error) from error
        except Exception as error:  # pyreadstat's own errors are plain Exceptions
            if type(error).__module__.startswith("pyreadstat"):
                raise _refused(error) from error
            raise
        return path.read_bytes()


def _refused(error: Exception) -> UsageError:
    return UsageError(f"the format cannot hold these data ({type(error).__name__}).", cure="Write .parquet or .csv.")

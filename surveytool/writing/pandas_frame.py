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

    made = {}
    for name, values in columns.items():
        if name in texts:
            made[name] = pd.Series([each if each is not None else "" for each in values], dtype=object)
        elif any(isinstance(each, (str, bytes)) for each in values):
            mixed = [
                np.nan if each is None else each if isinstance(each, (str, bytes)) else float(each) for each in values
            ]
            made[name] = pd.Series(mixed, dtype=object)
        elif any(hasattr(each, "year") for each in values):
            made[name] = pd.Series(pd.to_datetime([None if each is None else each for each in values]))
        else:
            made[name] = pd.Series([np.nan if each is None else float(each) for each in values], dtype="float64")
    return pd.DataFrame(made)


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

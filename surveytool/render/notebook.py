"""For notebooks: the rows as a pandas frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.estimate.result import Results
from surveytool.render.row_record import NUMBERS, WHOLE, flat

if TYPE_CHECKING:
    import pandas as pd


def to_pandas(results: Results) -> pd.DataFrame:
    """The csv's columns and rows; counts are nullable integers, undefined numbers NaN."""
    import pandas as pd

    head, rows = flat(results)
    frame = pd.DataFrame(rows, columns=head)
    kinds = {key: "Int64" if key in WHOLE else "float64" for key in head if key in NUMBERS}
    return frame.astype(kinds)

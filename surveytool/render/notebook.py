"""For notebooks: the rows as a pandas frame, the tables as a fragment of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.estimate.result import Results
from surveytool.render.row_record import NUMBERS, WHOLE, flat
from surveytool.table import Report
from surveytool.text import Words

if TYPE_CHECKING:
    import pandas as pd


def to_pandas(results: Results) -> pd.DataFrame:
    """The csv's columns and rows; counts are nullable integers, undefined numbers NaN."""
    import pandas as pd

    head, rows = flat(results)
    frame = pd.DataFrame(rows, columns=head)
    kinds = {key: "Int64" if key in WHOLE else "float64" for key in head if key in NUMBERS}
    return frame.astype(kinds)


def notebook(report: Report, words: Words) -> str:
    """The tables as html without a page around them, for ``_repr_html_``."""
    from surveytool.render.html import fragment

    return fragment(report, words)

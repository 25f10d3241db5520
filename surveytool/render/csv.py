"""Long rows, one an estimate (or a level of a codebook): full precision, dots, fractions, LF line ends.

Text that a spreadsheet would run as a formula gets a leading apostrophe;
numbers, and codes that are plain numbers, stay as they are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

from surveytool.render.format_options import Options
from surveytool.render.inert_text import clean
from surveytool.render.row_record import flat, flat_terms, flat_tests
from surveytool.survey import code_text
from surveytool.text import Words

if TYPE_CHECKING:
    from surveytool.aggregate.first_look import FirstLook
    from surveytool.table import CodebookReport, Report

_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
CODEBOOK_COLUMNS = (
    "variable", "label", "kind", "code", "level_label", "missing", "count", "n", "n_missing", "columns",
    "sensitive",
)  # fmt: skip
LOOK_COLUMNS = ("min", "p25", "median", "mean", "p75", "max", "distinct")  # where first looks may be told


def render(report: Report, words: Words, options: Options) -> str:
    """Every row of every table; where groups were compared every test, of a model every coefficient."""
    results = report.results
    head, rows = flat_terms(results) if results.models else flat_tests(results) if results.tests else flat(results)
    return _written(head, rows)


def render_codebook(report: CodebookReport, words: Words, options: Options) -> str:
    """One row a level; one row for a variable whose levels are not listed."""
    rows: list[list[Any]] = []
    for variable in report.variables:
        label = variable.labels.get(words.language) or variable.label
        before = [variable.name, label, variable.kind]
        counts = [None, None] if variable.withheld else [variable.n, variable.n_missing]
        after = [*counts, " ".join(variable.columns), variable.sensitive]
        after += _look(report.looks.get(variable.name)) if report.looks else []
        levels = [
            [code_text(x.code), x.label, x.missing, None if x.withheld else x.count] for x in variable.shown_levels()
        ]
        rows += [[*before, *level, *after] for level in levels or [[None] * 4]]
    return _written([*CODEBOOK_COLUMNS, *(LOOK_COLUMNS if report.looks else ())], rows)


def _look(look: FirstLook | None) -> list[Any]:
    """A first look at numbers; blanks where there is none."""
    if look is None:
        return [None] * len(LOOK_COLUMNS)
    low, middle, high = look.quartiles
    return [look.least, low, middle, look.mean, high, look.most, look.distinct]


def _written(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_field(text) for text in head])
    writer.writerows([_field(value) for value in row] for row in rows)
    return out.getvalue()


def _field(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return inert(value) if isinstance(value, str) else repr(value)


def inert(text: str) -> str:
    """A text cell that no spreadsheet runs: ``=1+1`` becomes ``'=1+1``."""
    formula = text[:1] in ("=", "+", "-", "@", "\t", "\r")
    shown = clean(text)
    formula = formula or shown[:1] in ("=", "+", "-", "@")
    return f"'{shown}" if formula and not _PLAIN_NUMBER.fullmatch(shown) else shown

"""The workbook of the field work, for the team that can go back and ask: it names interviews by their identifiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import numpy as np

LOG = ("uuid", "question", "issue", "old_value", "change_type", "new_value")
Rows = list[Sequence[Any]]


def quality_book(report: Any) -> bytes:
    """The workbook's bytes of a ``FieldReport``: the same findings give the same."""
    import xlsxwriter

    out = BytesIO()
    told = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, told)
    book.set_properties({"created": datetime(1980, 1, 1), "author": "", "comments": ""})
    sheets = (("enumerators", _enumerators), ("interviews", _interviews), ("pairs", _pairs), ("cleaning_log", _log))
    for title, rows in sheets:
        page = book.add_worksheet(title)
        for down, row in enumerate(rows(report)):
            for across, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(down, across, cell)
                elif cell is not None and np.isfinite(cell):
                    page.write_number(down, across, cell)
        page.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _enumerators(report: Any) -> Iterator[Sequence[Any]]:
    yield ("enumerator", "measure", "count", "n", "share", "shrunken", "rest", "p", "stands_out")
    for each in report.comparisons:
        yield (report.who(each.enumerator), each.kind, each.count, each.n, each.share, each.shrunken, each.rest, each.p,
               "yes" if each.named else "no")  # fmt: skip


def _interviews(report: Any) -> Iterator[Sequence[Any]]:
    yield ("uuid", "enumerator", "minutes", "most_alike", "why")
    held, found = report.held, report.measured
    for row, why in report.looked_at():
        yield (held.ids[row], report.who(int(held.enumerator[row])), float(found.duration[row]),
               float(found.copies.most[row]), ", ".join(why))  # fmt: skip


def _pairs(report: Any) -> Iterator[Sequence[Any]]:
    yield ("uuid", "other", "enumerator", "other_enumerator", "share_equal")
    held = report.held
    for first, second, share in report.measured.copies.pairs:
        who = (report.who(int(held.enumerator[row])) for row in (first, second))
        yield (held.ids[first], held.ids[second], *who, share)


def _log(report: Any) -> Iterator[Sequence[Any]]:
    """A line for each doubt, which asks for nothing until somebody fills it in."""
    from surveytool.cleaning.export_sheets import shown

    yield LOG
    held = report.held
    for row, why in report.looked_at():
        for kind in why:
            if kind != "outlier":
                yield (held.ids[row], "", kind, "", "no_action", "")
    for name, flags in report.measured.outliers.items():
        column = held.columns.raw(held.survey.codebook[name].columns[0]).to_pylist()
        for row in np.flatnonzero(flags).tolist():
            yield (held.ids[row], name, "outlier", shown(column[row]), "no_action", "")

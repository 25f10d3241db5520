"""Results as IMPACT's programs keep them: a row a figure with its key, or a row an answer with the groups beside.

Keys are joined as in analysistools: ``@/@`` between what, of whom and the kind, ``%/%`` between a name and its value,
``-/-`` between several. Shares are fractions, in full precision.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

from surveytool.errors import UsageError
from surveytool.estimate.result import Estimates, Results, Row

COLUMNS = ("analysis_type", "analysis_var", "analysis_var_value", "group_var", "group_var_value", "stat", "stat_low",
           "stat_upp", "n", "n_total", "n_w", "n_w_total", "analysis_key")  # fmt: skip
PARTS = ("stat", "stat_low", "stat_upp", "n_total")
FORMATS = ("csv", "xlsx")
LAYOUTS = ("impact", "wide")
OR_ZERO = "_or_0"
NONE = "NA"
Record = dict[str, Any]


def render_analysis(results: Results, layout: str, format: str) -> bytes:
    """The results of a run in one of the two layouts, as csv or xlsx. Raises ``UsageError`` for another format."""
    if format not in FORMATS:
        raise UsageError(f"is written as csv or xlsx, not as {format}.", f"--layout {layout}", "Write -o RESULTS.xlsx")
    records = [record for estimates in results.estimates for record in _records(estimates)]
    head, rows = _long(records) if layout == "impact" else _wide(records)
    if format == "csv":
        return _csv(head, rows)
    return _xlsx(head, rows, "results" if layout == "impact" else "variable_x_group_table", results)


def _records(estimates: Estimates) -> list[Record]:
    """The figures of a table; an answer that nobody of a group gave is none, as in those programs."""
    kind = _kind(estimates)
    return [
        _record(estimates, kind, row) for row in estimates.rows
        if row.estimate is not None and (not kind.startswith("prop") or row.count != 0)
    ]  # fmt: skip


def _kind(estimates: Estimates) -> str:
    """The name of the analysis."""
    if estimates.statistic == "proportion":
        return "prop_select_multiple" if estimates.multiple else "prop_select_one"
    return "ratio" if (estimates.request.statistic or "").startswith("ratio:") else estimates.statistic


def _record(estimates: Estimates, kind: str, row: Row) -> Record:
    share = kind.startswith("prop")
    names, values = _variable(estimates, kind), _value(kind, row)
    groups, codes = tuple(row.by_code), tuple(row.by_code.values())
    what = " -/- ".join(f"{name} %/% {value}" for name, value in zip(names, values, strict=True))
    whom = " -/- ".join(f"{name} %/% {code}" for name, code in zip(groups, codes, strict=True)) or f"{NONE} %/% {NONE}"
    weighted = row.n_weighted
    return {
        "analysis_type": kind, "analysis_var": " %/% ".join(names),
        "analysis_var_value": None if not share and kind != "ratio" else " %/% ".join(values),
        "group_var": " %/% ".join(groups) or None, "group_var_value": " %/% ".join(codes) or None,
        "stat": row.estimate, "stat_low": row.ci_low, "stat_upp": row.ci_high,
        "n": row.count if share else row.n, "n_total": row.n,
        "n_w": (row.estimate or 0.0) * weighted if share else weighted, "n_w_total": weighted,
        "analysis_key": f"{kind} @/@ {what} @/@ {whom}",
    }  # fmt: skip


def _variable(estimates: Estimates, kind: str) -> tuple[str, ...]:
    name = estimates.request.variable
    if kind != "ratio":
        return (name,)
    return name.removesuffix(OR_ZERO), (estimates.request.statistic or "").partition(":")[2]


def _value(kind: str, row: Row) -> tuple[str, ...]:
    if kind == "ratio":
        return NONE, NONE
    return (row.level_code or row.level or NONE,) if kind.startswith("prop") else (NONE,)


def _long(records: Sequence[Record]) -> tuple[list[str], list[list[Any]]]:
    return list(COLUMNS), [[record[name] for name in COLUMNS] for record in records]


def _wide(records: Sequence[Record]) -> tuple[list[str], list[list[Any]]]:
    """A row an answer, four columns a group; a value that two breakdowns have stands behind its variable."""
    groups = list(dict.fromkeys((record["group_var"], record["group_var_value"]) for record in records))
    values = [value for _, value in groups]
    titles = {
        group: NONE if group[1] is None else f"{group[0]}_{group[1]}" if values.count(group[1]) > 1 else group[1]
        for group in groups
    }  # fmt: skip
    head = ["analysis_type", "analysis_var", "analysis_var_value"]
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for record in records:
        key = (record["analysis_type"], record["analysis_var"], record["analysis_var_value"] or NONE)
        title = titles[record["group_var"], record["group_var_value"]]
        rows.setdefault(key, {}).update({f"{part}_{title}": record[part] for part in PARTS})
    columns = [f"{part}_{titles[group]}" for group in groups for part in PARTS]
    return [*head, *columns], [[*key, *(cells.get(name) for name in columns)] for key, cells in rows.items()]


def _csv(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    from surveytool.render.csv import inert

    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow(["" if cell is None else inert(cell) if isinstance(cell, str) else repr(cell) for cell in row])
    return out.getvalue().encode("utf-8")


def _xlsx(head: Sequence[str], rows: Sequence[Sequence[Any]], title: str, results: Results) -> bytes:
    from datetime import datetime

    import xlsxwriter

    out = BytesIO()
    told = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, told)
    book.set_properties({"created": datetime(1980, 1, 1), "author": "", "comments": ""})
    about, page = book.add_worksheet("readme"), book.add_worksheet(title)
    source = (("source", results.source.shown or ""), ("rows", results.source.rows), ("sha256", results.source.sha256))
    for number, (name, value) in enumerate(source):
        about.write_string(number, 0, name)
        about.write(number, 1, value if value is not None else "")
    for down, row in enumerate([head, *rows]):
        for across, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(down, across, cell)
            elif cell is not None:
                page.write_number(down, across, cell)
    page.freeze_panes(1, 0)
    book.close()
    return out.getvalue()

"""Sheets to files, with the libraries that other programs write with, or by hand where the habit is the point."""

from __future__ import annotations

import csv
import io
import struct
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from oracle.sheet import Column, Sheet, text_of


@dataclass(frozen=True)
class Marks:
    """The locale of a text file."""

    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""  # for columns with a habit of thousands
    encoding: str = "utf-8"
    date: str = "%Y-%m-%d"
    currency: str = ""
    head: str = ""  # a line above all, as sep=;
    bad_byte: bool = False
    quote_all: bool = False


def statistical(sheet: Sheet, path: Path, version: int = 0) -> None:
    """sav, zsav, por, dta and xpt."""
    import pyreadstat

    columns = sheet.columns
    if path.suffix == ".por":  # its names are capitals
        for each in columns:
            each.name = each.name.upper()
        sheet.weights = sheet.weights.upper()
        for several in sheet.several:
            several.columns = [name.upper() for name in several.columns]
    frame = pd.DataFrame({each.name: _vector(each) for each in columns})
    heads = [each.label for each in columns]
    labels = {each.name: dict(each.labels) for each in columns if each.labels}
    suffix = path.suffix
    if suffix in (".sav", ".zsav"):
        missing = {each.name: [float(code) for code in each.missing] for each in columns if each.missing}
        scaled = (
            {each.name: "scale" for each in columns if each.labels}
            if any("measure scale" in each.habits for each in columns)
            else None
        )
        pyreadstat.write_sav(
            frame, str(path), column_labels=heads, variable_value_labels=labels, missing_ranges=missing or None,
            variable_measure=scaled, compress=suffix == ".zsav",
        )  # fmt: skip
    elif suffix == ".por":
        pyreadstat.write_por(frame, str(path), column_labels=heads)
    elif suffix == ".xpt":
        pyreadstat.write_xport(frame, str(path), column_labels=heads, file_format_version=version,
                                variable_format={"day": "DATE"})  # fmt: skip
    else:
        tags = {each.name: _tags(each) for each in columns if each.missing and len(each.missing) < 20}
        for name, used in tags.items():
            frame[name] = [used.get(cell, cell) for cell in frame[name].astype(object)]
            frame[name] = frame[name].where(frame[name].notna(), None)
            labels[name] = {used.get(float(code), code): text for code, text in labels.get(name, {}).items()}
        pyreadstat.write_dta(
            frame, str(path), column_labels=heads, version=version, variable_value_labels=labels,
            missing_user_values={name: list(used.values()) for name, used in tags.items()} or None,
        )  # fmt: skip


def with_set(sheet: Sheet, path: Path) -> None:
    """The question with several answers declared as a multiple-response set, which the library cannot write."""
    label = sheet.truth.questions["apps"].label
    text = f"$apps=D1 1 {len(label)} {label} {' '.join(sheet.several[0].columns)}\n".encode()
    record = struct.pack("<iiii", 7, 7, 1, len(text)) + text
    content = path.read_bytes()
    end = content.index(struct.pack("<ii", 999, 0))  # the end of the dictionary
    path.write_bytes(content[:end] + record + content[end:])


def sas(sheet: Sheet, folder: Path) -> None:
    """A SAS data set by R's haven, from an SPSS file."""
    aside, path = folder / "aside.sav", folder / "survey.sas7bdat"
    statistical(sheet, aside)
    code = f"suppressWarnings(haven::write_sas(haven::zap_labels(haven::read_sav('{aside}')), '{path}'))"
    subprocess.run(["Rscript", "-e", code], check=True, capture_output=True)
    aside.unlink()


def _tags(column: Column) -> dict[float, str]:
    return {float(code): letter for code, letter in zip(column.missing, "dnrs", strict=False)}


def _vector(column: Column) -> Any:
    """A column for a statistical file."""
    filled = [cell for cell in column.cells if cell is not None]
    if any(isinstance(cell, date) for cell in filled):
        return pd.Series(column.cells, dtype=object)
    if any(isinstance(cell, str) for cell in filled):
        return pd.Series(["" if cell is None else str(cell) for cell in column.cells], dtype=object)
    return pd.Series([np.nan if cell is None else float(cell) for cell in column.cells], dtype=float)


def text_cell(cell: Any, column: Column, marks: Marks) -> str:
    """A cell of a text file."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, date):
        return cell.strftime(marks.date)
    if isinstance(cell, str):
        return cell
    if "leading zeros" in column.habits:
        return f"{int(cell):03d}"
    if column.habits & {"thousands marks", "thousands dots", "currency"}:
        text = f"{cell:,.2f}" if not _whole(column) else f"{cell:,.0f}"
        text = text.replace(".", "~").replace(",", marks.thousands).replace("~", marks.decimal)
        return marks.currency + text if "currency" in column.habits else text
    return text_of(cell).replace(".", marks.decimal)


def _whole(column: Column) -> bool:
    return all(cell is None or isinstance(cell, str) or float(cell).is_integer() for cell in column.cells)


def text_rows(sheet: Sheet, marks: Marks) -> list[list[str]]:
    """Names, extra rows and respondents as text."""
    body = [[text_cell(each.cells[row], each, marks) for each in sheet.columns] for row in range(sheet.truth.n)]
    return [[each.name for each in sheet.columns], *sheet.above, *body]


def delimited(sheet: Sheet, path: Path, marks: Marks) -> None:
    """A text file in its locale."""
    out = io.StringIO(newline="")
    if marks.head:
        out.write(f"{marks.head}\r\n")
    quoting = csv.QUOTE_ALL if marks.quote_all else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=marks.delimiter, quoting=quoting).writerows(text_rows(sheet, marks))
    content = out.getvalue().encode(marks.encoding)
    if marks.bad_byte:
        content = content.rstrip(b"\r\n") + b" \x96\r\n" if not content.endswith(b'"\r\n') else content
    path.write_bytes(content)


def workbook(sheet: Sheet, path: Path, *, as_text: bool = False) -> None:
    """A workbook, tidy or with what people put above and below the table."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    page.title = "Data"
    if "title rows" in sheet.habits:
        page.append(["Household survey 2023"])
        page.append(["Field office, all regions"])
        page.append([])
    if "merged heads" in sheet.habits:
        _merged_heads(sheet, page)
    page.append([each.name for each in sheet.columns])
    for row in sheet.above:
        page.append(row)
    for row in range(sheet.truth.n):
        page.append([_book_cell(each.cells[row], each, as_text) for each in sheet.columns])
    for place, each in enumerate(sheet.columns, start=1):
        if "cells merged downward" in each.habits:
            _merge_down(page, place, page.max_row - sheet.truth.n, each.cells)
    if "total row" in sheet.habits:
        page.append(_total(sheet))
    book.save(path)


def _merge_down(page: Any, place: int, above: int, cells: list[Any]) -> None:
    """A filled cell and the blank ones below it made one."""
    starts = [row for row, cell in enumerate(cells) if cell is not None]
    for first, after in zip(starts, [*starts[1:], len(cells)], strict=True):
        if after - first > 1:
            page.merge_cells(start_row=above + first + 1, end_row=above + after, start_column=place, end_column=place)


def _merged_heads(sheet: Sheet, page: Any) -> None:
    groups = ["About you" if place < 3 else "About the journey" for place, _ in enumerate(sheet.columns)]
    page.append([group if place in (0, 3) else None for place, group in enumerate(groups)])
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=3)
    page.merge_cells(start_row=1, start_column=4, end_row=1, end_column=len(groups))


def _book_cell(cell: Any, column: Column, as_text: bool) -> Any:
    if as_text and isinstance(cell, float):
        return text_of(cell)
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _total(sheet: Sheet) -> list[Any]:
    """A row of sums under the table."""
    out: list[Any] = []
    for place, each in enumerate(sheet.columns):
        numbers = [cell for cell in each.cells if isinstance(cell, float)]
        out.append("Total" if place == 0 else sum(numbers) if each.kind in ("number", "weights") else None)
    return out


def arrow(sheet: Sheet) -> Any:
    """The sheet as an Arrow table."""
    import pyarrow as pa

    arrays = {}
    for each in sheet.columns:
        cells = [int(cell) if isinstance(cell, float) and _whole(each) else cell for cell in each.cells]
        arrays[each.name] = pa.array(cells)
        if "dictionary" in each.habits:
            arrays[each.name] = arrays[each.name].dictionary_encode()
    return pa.table(arrays)


def parquet(sheet: Sheet, path: Path) -> None:
    """A Parquet file."""
    import pyarrow.parquet as pq

    pq.write_table(arrow(sheet), path)


def duckdb(sheet: Sheet, path: Path) -> None:
    """A DuckDB file with one table."""
    import duckdb as database

    table = arrow(sheet)
    connection = database.connect(str(path))
    connection.register("given", table)
    connection.execute("create table survey as select * from given")
    connection.close()

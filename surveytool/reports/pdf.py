"""The report as a PDF, set by typst from its package: no browser, no TeX, no network, no fonts of the machine.

Words and numbers go in as data, never as markup. Charts stay vectors.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from importlib import resources
from itertools import groupby
from pathlib import Path
from typing import Any

from surveytool.charts import compose, draw
from surveytool.charts.machine_fonts import families, machine_fonts
from surveytool.charts.text_width import font_file, lacking
from surveytool.render.inert_text import clean, isolate
from surveytool.render.terminal_panel import Panel, Slot, cleaned, panels
from surveytool.render.terminal_width import width
from surveytool.reports.document import Document, Picture, Section
from surveytool.table import Table, TableRow

CELLS = 96  # of a page's width
LONG = 30  # rows; a longer table may be divided
WIDEST, TALLEST = 15.3, 21.5  # centimetres of a chart
FIGURE_SPACE = "\u2007"


def render(document: Document) -> bytes:
    """The file's bytes: the same each time, with tags for screen readers."""
    import typst

    template = resources.files("surveytool.reports").joinpath("report.typ").read_bytes()
    make: Any = typst.compile
    data = _data(document)
    further = machine_fonts(frozenset(lacking(json.dumps(data, ensure_ascii=False))))
    values = json.dumps({**data, "fonts": list(families(further))}, ensure_ascii=False)
    with _folder(further) as folder:  # of none where the own font has every letter: then machines agree
        content: bytes = make(
            template, format="pdf", sys_inputs={"data": values},
            font_paths=[str(Path(font_file(False)).parent), folder], ignore_system_fonts=True,
        )  # fmt: skip
    return content


@contextmanager
def _folder(fonts: Sequence[str]) -> Iterator[str]:
    """A folder that holds these fonts alone, for as long as they are needed."""
    with tempfile.TemporaryDirectory() as folder:
        for number, font in enumerate(fonts):
            shutil.copyfile(font, Path(folder) / f"{number}{Path(font).suffix}")
        yield folder


def _data(document: Document) -> dict[str, Any]:
    """The document as plain values."""
    heads = document.heads
    return {
        "title": _text(document.title),
        "language": document.language,
        "heads": {field.name: _text(getattr(heads, field.name)) for field in fields(heads)},
        "facts": [[_text(name), _text(value)] for name, value in document.facts],
        "methods": _text(" ".join(document.methods)),
        "sections": [_section(section, index) for index, section in enumerate(document.sections, 1)],
        "claims": [_table(table) for table in document.claims],
        "notes": [_text(note) for note in document.notes],
        "source": _text(document.source),
        "settings": [[_text(name), _text(value)] for name, value in document.settings],
    }


def _text(text: str) -> str:
    return isolate(clean(text))


def _section(given: Section, number: int) -> dict[str, Any]:
    return {
        "title": _text(f"{number}. {given.title}"),
        "findings": [_text(finding) for finding in given.findings],
        "pictures": [_picture(picture) for picture in given.pictures],
        "tables": [_table(table) for table in given.tables],
    }


def _picture(given: Picture) -> dict[str, Any]:
    scene = compose(given.chart, given.theme)
    return {
        "svg": draw(given.chart, "svg", given.theme).decode("utf-8"),
        "width": min(WIDEST, TALLEST * scene.width / scene.height),
        "title": _text(given.chart.title),
        "alt": clean(given.chart.alt),
    }


def _table(table: Table) -> dict[str, Any]:
    table = cleaned(table)
    return {
        "title": _text(table.title),
        "subtitle": _text(table.subtitle),
        "notes": [_text(note) for note in (table.base, *table.notes) if note],
        "panels": [_panel(table, panel) for panel in panels(table, CELLS)],
        "long": len(table.rows) > LONG,
    }


def _panel(table: Table, panel: Panel) -> dict[str, Any]:
    """Columns with their alignment, heads and rows; a row without figures has no cells."""
    spanners = [
        {"text": _text(name), "span": len(list(group))}
        for name, group in groupby(panel.slots, key=lambda slot: slot.column.spanner)
    ]
    wide = max([width(row.label) + 2 * row.indent for row in table.rows if row.cells], default=0) > panel.stub
    return {
        "stub": panel.stub if wide or not panel.slots else 0,
        "widths": [min(slot.width, 40) if slot.column.align == "left" else 0 for slot in panel.slots],
        "align": ["center" if slot.interval else slot.column.align for slot in panel.slots],
        "spanners": spanners if any(spanner["text"] for spanner in spanners) else [],
        "heads": [_text(table.stub_head), *(_head(slot) for slot in panel.slots)],
        "stacked": panel.shape == "stacked",
        "rows": [_row(row, panel) for row in table.rows],
    }


def _head(slot: Slot) -> str:
    return _text(slot.column.label)


def _row(row: TableRow, panel: Panel) -> dict[str, Any]:
    cells = []
    for slot in panel.slots if row.cells else ():
        cell = row.cells[slot.place]
        ends = f"({cell.interval})" if cell.interval else ""
        muted = row.kind == "n" or slot.column.role in ("n", "interval")
        figure = _padded(cell.figure, slot.figure) if ends else cell.figure
        cells.append({"figure": _text(figure), "ends": _padded(ends, slot.interval) if ends else "", "muted": muted})
    return {"label": _text(row.label), "kind": row.kind, "indent": row.indent, "cells": cells}


def _padded(text: str, cells: int) -> str:
    return FIGURE_SPACE * (cells - width(text)) + text

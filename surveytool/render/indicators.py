"""The library of indicators in a format."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from surveytool.table.indicator_table import arrange_indicators, record
from surveytool.text import Words

if TYPE_CHECKING:
    from surveytool.indicator_library import Indicator


def render_indicators(
    indicators: Sequence[Indicator], format: str, words: Words, *, width: int | None = None, colour: bool = False
) -> bytes:
    """Indicators as UTF-8 text or a document. Raises ``UsageError`` for a format that is not known."""
    from surveytool.render import render

    if format == "json":
        return _json(indicators).encode("utf-8")
    if format == "csv":
        return _csv(indicators).encode("utf-8")
    return render(arrange_indicators(indicators, words), format, words, width=width, colour=colour)


def _json(indicators: Sequence[Indicator]) -> str:
    from surveytool.render.json import dumps
    from surveytool.version import VERSION

    return dumps({"schema": 1, "surveytool": VERSION, "indicators": [record(indicator) for indicator in indicators]})


def _csv(indicators: Sequence[Indicator]) -> str:
    """One row an item."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "version", "item", "label", "codes", "makes"])
    for indicator in indicators:
        for item in indicator.items:
            writer.writerow([indicator.id, indicator.version, item.name, item.label.get("en", ""), item.codes,
                             " ".join(indicator.makes)])  # fmt: skip
    return out.getvalue()

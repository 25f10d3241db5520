"""Rosters of an export, proposed where a sheet points at the interviews by the platforms' names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from surveytool.reading.roster_links import link_of
from surveytool.study_draft import toml_text as toml
from surveytool.text import Words

BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


def rosters(data: Path, sheet: str | None, words: Words) -> Iterator[str]:
    """A ``[[rosters]]`` for each sheet of a workbook whose rows stand in another one."""
    if data.suffix.lower() not in BOOKS or not data.exists():
        return
    from surveytool.cleaning.export_sheets import read_export

    export = read_export(data, sheet=sheet)
    above = [export.main]
    for each in export.sheets[1:]:
        link = next((link for owner in above if (link := link_of(each.names, owner.names)) is not None), None)
        if link is None:
            continue
        above.append(each)
        name = re.sub(r"\W+", "_", each.title).strip("_") or "roster"
        yield "[[rosters]]"
        why = words.fill("draft_roster", n=len(each.rows), parent=link.parent, above=link.key)
        yield f"{toml.setting('name', name)}  {toml.comment(why)}"
        yield from [toml.setting("sheet", each.title)] if name != each.title else []
        yield ""

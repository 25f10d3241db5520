"""Rosters read and tied to their interviews: keys of the sheet above, through rosters in rosters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.errors import UnknownVariable, UsageError
from surveytool.frozen import frozen
from surveytool.reading.roster_links import PARENT_TITLE, Link, link_of
from surveytool.survey import Survey, code_text
from surveytool.survey.roster import Roster, RosterRows

if TYPE_CHECKING:
    from surveytool.arrays import Codes
    from surveytool.reading.loaded import Dialect, Loaded


@frozen
class Prepared:
    """What the form says of a roster: a step before its codebook, and what is left to do with its survey."""

    step: Callable[[Loaded], Loaded]
    after: Callable[[Survey], Survey]


@frozen
class Sheets:
    """Where rosters are read: the export, how it is written, and the folder that paths of their own start at.

    ``prepared`` gives what the form of the data says of a roster, None where it does not know it.
    """

    path: str
    folder: Path
    encoding: str | None = None
    dialect: Dialect | None = None
    main: str | None = None
    prepared: Callable[[Roster], Prepared | None] = lambda roster: None


@frozen
class Above:
    """A sheet that rows may stand in: its title and name, its columns, its rows' interviews [rows]."""

    name: str
    title: str
    survey: Survey
    interview: Codes


def with_rosters(survey: Survey, rosters: Sequence[Roster], sheets: Sheets) -> Survey:
    """The survey with its rosters read. Raises ``UsageError`` for one whose rows find no interview."""
    rows = len(_column(survey, survey.frame.column_names[0]))
    above = {"": Above(name="", title=sheets.main or "", survey=survey, interview=np.arange(rows, dtype=np.int32))}
    kept = []
    for each in _in_order(rosters):
        table = _read(each, sheets)
        owner, link = _owner(each, table, above)
        places = _places(table, link, owner)
        interview = np.where(places >= 0, owner.interview[np.maximum(places, 0)], -1).astype(np.int32)
        if not (interview >= 0).any():
            cure = f"The column {link.parent} points at {link.key}; name others with parent and key."
            raise UsageError("no row finds its interview.", f"[[rosters]] {each.name}", cure)
        above[each.name] = Above(name=each.name, title=each.sheet or each.name, survey=table, interview=interview)
        kept.append(RosterRows(name=each.name, survey=table, parent=interview))
    return replace(survey, rosters=tuple(kept))


def _in_order(rosters: Sequence[Roster]) -> list[Roster]:
    """Rosters after those that they stand in. Raises ``UsageError`` for a circle, or a name that there is not."""
    names = {roster.name for roster in rosters}
    done: list[Roster] = []
    left = list(rosters)
    while left:
        ready = [each for each in left if each.of is None or each.of in {own.name for own in done}]
        if not ready:
            first = left[0]
            cure = f"Rosters are: {', '.join(sorted(names))}."
            raise UsageError(f"of = {first.of!r} is no roster above it.", f"[[rosters]] {first.name}", cure)
        done += ready
        left = [each for each in left if each not in ready]
    return done


def _read(roster: Roster, sheets: Sheets) -> Survey:
    """A roster as a survey of its own rows, in the words of the form where there is one."""
    form = sheets.prepared(roster)
    survey = _opened(roster, sheets, () if form is None else (form.step,))
    return survey if form is None else form.after(survey)


def _opened(roster: Roster, sheets: Sheets, steps: Sequence[Callable[[Loaded], Loaded]]) -> Survey:
    """The rows of a roster's own file, or of its sheet."""
    from surveytool.reading import read

    if roster.path is not None:
        path = str(sheets.folder / roster.path)
        return read(path, sheet=roster.sheet, encoding=sheets.encoding, prepared=steps)
    if Path(sheets.path).suffix.lower() in (".csv", ".tsv", ".txt", ".gz"):
        cure = 'Write path = "children.csv" in it, or export a workbook.'
        raise UsageError("a text file has no sheets.", f"[[rosters]] {roster.name}", cure)
    return read(
        sheets.path, sheet=roster.sheet or roster.name, encoding=sheets.encoding, dialect=sheets.dialect, prepared=steps
    )  # fmt: skip


def _owner(roster: Roster, table: Survey, above: Mapping[str, Above]) -> tuple[Above, Link]:
    """The sheet that a roster's rows stand in, and the link to it; the one that most rows find."""
    if roster.of is not None:
        candidates = [above[roster.of]]
    else:
        title = _title(table)
        named = [each for each in above.values() if title and title in (each.title, each.name)]
        candidates = named or list(above.values())
    links = [(candidate, link) for candidate in candidates if (link := _link(roster, table, candidate)) is not None]
    if not links:
        cure = "Name its column with parent and that of the interviews with key."
        raise UsageError("no column points at the interviews.", f"[[rosters]] {roster.name}", cure)
    if len(links) == 1:
        return links[0]
    return max(links, key=lambda pair: int((_places(table, pair[1], pair[0]) >= 0).sum()))


def _title(table: Survey) -> str:
    """The sheet that the rows themselves say they stand in; blank where they do not."""
    if PARENT_TITLE not in table.frame.column_names:
        return ""
    titles = {str(value) for value in _column(table, PARENT_TITLE) if value is not None}
    return titles.pop() if len(titles) == 1 else ""


def _link(roster: Roster, table: Survey, owner: Above) -> Link | None:
    """The link as it is given, else as it is found by name. Raises ``UnknownVariable``."""
    mine, theirs = table.frame.column_names, owner.survey.frame.column_names
    found = link_of(mine, theirs)
    parent = roster.parent or (found.parent if found is not None else None)
    key = roster.key or (_partner(roster.parent, theirs) if roster.parent is not None else None)
    key = key or (found.key if found is not None else None)
    if roster.parent is not None and roster.parent not in mine:
        raise UnknownVariable(roster.parent, mine, f"[[rosters]] {roster.name}")
    if roster.key is not None and roster.key not in theirs:
        raise UnknownVariable(roster.key, theirs, f"[[rosters]] {roster.name}")
    return None if parent is None or key is None else Link(parent=parent, key=key)


def _partner(parent: str, theirs: Sequence[str]) -> str | None:
    """The key that a column of a platform's name points at."""
    found = link_of([parent], theirs)
    return found.key if found is not None else None


def _places(table: Survey, link: Link, owner: Above) -> Codes:
    """For each row [rows] of a roster the row of the sheet above, -1 for none. Raises ``UsageError``."""
    keys = [None if value is None else _text(value) for value in _column(owner.survey, link.key)]
    places: dict[str | None, int] = {}
    for index, key in enumerate(keys):
        if key is not None and places.setdefault(key, index) != index:
            named = f"of {owner.name} " if owner.name else ""
            raise UsageError(f"the key {link.key} {named}has a value twice.", "[[rosters]]", "Name another key.")
    values = _column(table, link.parent)
    return np.array([places.get(None if value is None else _text(value), -1) for value in values], dtype=np.int32)


def _text(value: Any) -> str:
    return code_text(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def _column(survey: Survey, name: str) -> list[Any]:
    """A column's values as they stand."""
    column: list[Any] = survey.frame.column(name).to_pylist()
    return column

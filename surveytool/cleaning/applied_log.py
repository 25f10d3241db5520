"""The lines of a cleaning log applied to an export: all lines that mean every interview first, then in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from surveytool.cleaning.answer_columns import AnswerSet, answer_sets, remake
from surveytool.cleaning.cleaning_log import LogLine
from surveytool.cleaning.cleaning_record import CleaningRecord
from surveytool.cleaning.column_lookup import ColumnLookup
from surveytool.cleaning.export_sheets import BLANK, Export, Sheet, shown, typed
from surveytool.errors import UsageError
from surveytool.reading.roster_links import Link, link_of

UUIDS = ("_uuid", "uuid", "KEY", "instanceID", "meta/instanceID", "meta-instanceID", "_submission__uuid", "X_uuid",
         "ResponseId", "_id", "id")  # fmt: skip
ROW_KEYS = ("_index", "index", "KEY", "person_id", "_id")


def clean(export: Export, lines: Sequence[LogLine], log: str, *, uuid: str | None = None) -> CleaningRecord:
    """Change an export in place as a log says; ``uuid`` is its column of interviews. Raises ``UsageError``."""
    record = CleaningRecord(log=log, lines=len(lines))
    work = _Work(export, record, uuid)
    ordered = [line for line in lines if line.whole] + [line for line in lines if not line.whole]
    for line in ordered:
        if line.action == "nothing":
            record.kept += 1
        elif line.action == "remove":
            work.remove(line)
        else:
            work.change(line)
    work.remake()
    work.drop()
    return record


class _Page:
    """A sheet under work: its rows by interview, its columns by name, the cells that were changed."""

    def __init__(self, sheet: Sheet, keys: Sequence[str]) -> None:
        self.sheet = sheet
        self.columns = ColumnLookup(sheet.names)
        self.rows: dict[str, list[int]] = {}
        for number, key in enumerate(keys):
            self.rows.setdefault(key, []).append(number)
        self.changed: dict[int, set[int]] = {}
        self.old: dict[tuple[int, int], Any] = {}
        self.sets = answer_sets(sheet)


class _Work:
    def __init__(self, export: Export, record: CleaningRecord, uuid: str | None) -> None:
        self.export, self.record = export, record
        main = export.main
        self.uuid = _uuid_column(main, uuid, str(export.path))
        keys = [shown(row[self.uuid]).strip() for row in main.rows]
        if not any(keys):
            raise UsageError(f"the column {main.names[self.uuid]!r} is blank.", str(export.path), "Name another.")
        self.pages = [_Page(main, keys)]
        self.links: list[tuple[Sheet, Link] | None] = [None]
        for sheet in export.sheets[1:]:
            found = self._parent(sheet)
            if found is None:
                continue
            self.links.append(found)
            self.pages.append(_Page(sheet, self._interviews(sheet, found)))
        self.gone: set[str] = set()

    def _parent(self, sheet: Sheet) -> tuple[Sheet, Link] | None:
        """The sheet above a roster: that it names itself, else the first that it can be linked to."""
        titles = {"_parent_table_name": ""}
        if "_parent_table_name" in sheet.names and sheet.rows:
            titles["_parent_table_name"] = shown(sheet.rows[0][sheet.column("_parent_table_name")])
        above = sorted((page.sheet for page in self.pages), key=lambda each: each.title != titles["_parent_table_name"])
        for parent in above:
            link = link_of(sheet.names, parent.names)
            if link is not None and parent is not sheet:
                return parent, link
        return None

    def _interviews(self, sheet: Sheet, found: tuple[Sheet, Link]) -> list[str]:
        """The interview of each row of a roster, through the sheets above it; blank for an orphan."""
        parent, link = found
        page = next(page for page in self.pages if page.sheet is parent)
        owners = {number: key for key, numbers in page.rows.items() for number in numbers}
        keys = parent.column(link.key)
        by_key = {shown(row[keys]): owners.get(number, "") for number, row in enumerate(parent.rows)}
        place = sheet.column(link.parent)
        return [by_key.get(shown(row[place]), "") for row in sheet.rows]

    def change(self, line: LogLine) -> None:
        """Set the cells of a line, or keep what it does not find."""
        pages = [page for page in self.pages if not line.sheet or page.sheet.title == line.sheet] or self.pages
        page = next((page for page in pages if page.columns.place(line.question) is not None), None)
        if page is None:
            self.record.unknown_questions.setdefault(line.question or "(blank)", []).append(line.number)
            return
        place = page.columns.place(line.question)
        assert place is not None
        rows = self._rows(page, line)
        for row in rows:
            self._set(page, row, place, line)

    def _rows(self, page: _Page, line: LogLine) -> list[int]:
        """The rows that a line means; what it means and is not there is recorded."""
        if line.whole:
            return list(range(len(page.sheet.rows)))
        rows = page.rows.get(line.uuid, [])
        if page is self.pages[0]:
            if not rows:
                self.record.unknown_interviews.append(line.number)
            return rows
        names = [name for name in ROW_KEYS if name in page.sheet.names]
        for name in names:
            place = page.sheet.column(name)
            wanted = line.index or line.uuid
            exact = [number for number in rows or range(len(page.sheet.rows))
                     if shown(page.sheet.rows[number][place]) == wanted]  # fmt: skip
            if len(exact) == 1:
                return exact
        if len(rows) == 1 and not line.index:
            return rows
        self.record.no_row.append(line.number)
        return []

    def _set(self, page: _Page, number: int, place: int, line: LogLine) -> None:
        row = page.sheet.rows[number]
        before = row[place]
        if line.old and not line.whole and not _same(page.old.get((number, place), before), line.old):
            self.record.old_differs[page.sheet.names[place]] += 1
        fresh = (number, place) not in page.old
        page.old.setdefault((number, place), before)
        row[place] = "" if line.action == "blank" else _written(page, place, before, line.new)
        self.record.overwritten += not fresh
        self.record.questions.add(page.sheet.names[place])
        self.record.written.setdefault(page.sheet.names[place], []).append(shown(row[place]))
        page.changed.setdefault(number, set()).add(place)
        self.record.blanked += fresh and line.action == "blank"
        self.record.changed += fresh and line.action == "change"

    def remove(self, line: LogLine) -> None:
        """Mark an interview as removed; a second line for it says nothing new."""
        if line.uuid in self.gone:
            return
        if line.uuid not in self.pages[0].rows:
            self.record.unknown_interviews.append(line.number)
            return
        self.gone.add(line.uuid)

    def remake(self) -> None:
        """Lists and 0/1 columns made from each other where one of them was changed."""
        for page in self.pages:
            if not page.changed:
                continue
            for number, places in page.changed.items():
                for answers in _touched(page.sets, places):
                    moved, strays = remake(page.sheet.rows[number], answers, places)
                    self.record.remade += moved
                    self.record.codes_without_column += strays

    def drop(self) -> None:
        """Take the removed interviews out, with their rows in every roster."""
        for page in self.pages:
            gone = {number for key in self.gone for number in page.rows.get(key, ())}
            page.sheet.rows[:] = [row for number, row in enumerate(page.sheet.rows) if number not in gone]
            if page is self.pages[0]:
                self.record.removed = len(gone)
            else:
                self.record.roster_rows += len(gone)


def _written(page: _Page, place: int, before: Any, new: str) -> Any:
    """A new value as its column writes it: an option in the marks of its question, else of the kind of the cells."""
    answers = page.sets.get(place)
    if answers is not None and place != answers.parent and new.lower() in ("1", "true", "yes", "0", "false", "no"):
        return answers.yes if new.lower() in ("1", "true", "yes") else answers.no
    cells = () if isinstance(before, str) and before else [row[place] for row in page.sheet.rows]
    return typed(new, cells)


def _touched(sets: dict[int, AnswerSet], places: Iterable[int]) -> list[AnswerSet]:
    found = {sets[place].parent: sets[place] for place in places if place in sets}
    return list(found.values())


def _uuid_column(sheet: Sheet, given: str | None, where: str) -> int:
    """The column of the interviews: that given, else one of the platforms' names. Raises ``UsageError``."""
    if given is not None:
        if given not in sheet.names:
            from surveytool.errors import UnknownVariable

            raise UnknownVariable(given, sheet.names, where)
        return sheet.column(given)
    last = {name.rpartition("/")[2]: name for name in reversed(sheet.names)}
    for name in UUIDS:
        if name in sheet.names or name in last:
            return sheet.column(name if name in sheet.names else last[name])
    cure = f"Name it with --uuid COLUMN. It has: {', '.join(sheet.names[:8])}"
    raise UsageError("no column names the interviews (_uuid, KEY, instanceID).", where, cure)


def _same(cell: Any, old: str) -> bool:
    """Whether a cell is what the log says it was; 7 and 7.0 are the same, and so are days with and without a time."""
    text = shown(cell).strip()
    if text == old or {text.lower(), old.lower()} in ({"1", "true"}, {"0", "false"}):
        return True
    try:
        return float(text) == float(old)
    except ValueError:
        return (cell in BLANK and not old) or text.lower() == old.lower()

"""A cleaning log as lines: which interview, which question, what is done, the new value.

REACH, cleaningtools and 4Mi name their columns and actions differently; a line means the same in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from surveytool.cleaning.export_sheets import shown
from surveytool.errors import UsageError
from surveytool.frozen import frozen

Action = Literal["change", "blank", "remove", "nothing"]
Part = Literal["uuid", "question", "type", "new", "old", "sheet", "index"]
WHOLE = ("all", "all_data", "alldata")

COLUMNS: Mapping[Part, tuple[str, ...]] = {
    "uuid": ("uuid", "survey_uuid", "submission_uuid", "x_uuid", "instanceid", "meta_instanceid", "key", "id"),
    "question": ("question", "questions", "question_name", "question_number", "variable", "variable_name", "column",
                 "column_name", "question_code"),
    "type": ("change_type", "action_taken", "action", "type", "changed", "change", "type_of_change", "status"),
    "new": ("new_value", "new", "value_new", "new_answer", "corrected_value"),
    "old": ("old_value", "old", "value_old", "old_answer", "current_value"),
    "sheet": ("sheet", "clog_type", "log_type", "loop", "roster"),
    "index": ("loop_index", "roster_index", "row_index", "index", "loop_uuid"),
}  # fmt: skip

ACTIONS: Mapping[str, Action] = {
    "change_response": "change", "change": "change", "changed": "change", "yes": "change", "recoded": "change",
    "recode": "change", "addition": "change", "other": "change", "correct": "change", "true": "change",
    "blank_response": "blank", "blank": "blank", "delete_data_point": "blank", "delete_value": "blank",
    "remove_survey": "remove", "remove": "remove", "delete": "remove", "deletion": "remove", "discard": "remove",
    "delete_survey": "remove", "removed": "remove",
    "no_action": "nothing", "no_change": "nothing", "no": "nothing", "none": "nothing", "false": "nothing",
    "keep": "nothing", "": "nothing",
}  # fmt: skip


@frozen
class LogTable:
    """``[data] log`` as a table: the file, and which of its columns is what, where that is not found by name.

    ``data_uuid`` is the column of the data that names the interviews.
    """

    path: str
    uuid: str | None = None
    question: str | None = None
    type: str | None = None
    new: str | None = None
    sheet: str | None = None
    data_uuid: str | None = None


@frozen
class LogLine:
    """One line: ``number`` is its row in the file (the head is 1); ``old`` and ``index`` where the log has them."""

    number: int
    uuid: str
    question: str
    action: Action
    new: str
    old: str = ""
    sheet: str = ""
    index: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is about every interview."""
        return self.uuid.lower() in WHOLE


def read_log(table: LogTable, folder: Path) -> tuple[LogLine, ...]:
    """The lines of a log file (csv, xlsx); ``folder`` is where its path starts. Raises ``UsageError``."""
    from surveytool.cleaning.export_sheets import read_export

    path = folder / table.path
    export = read_export(path, sheet=table.sheet)
    errors = []
    for sheet in export.sheets if table.sheet is None else export.sheets[:1]:
        try:
            places = _places(sheet.names, table, str(path))
        except UsageError as error:
            errors.append(error)
            continue
        return tuple(_lines(sheet.rows, places, len(sheet.head) + 1, str(path)))
    raise errors[0]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _places(names: Sequence[str], table: LogTable, where: str) -> dict[Part, int]:
    """Where each part of a line stands. Raises ``UsageError`` for one that is needed and not there."""
    plain = [_plain(name) for name in names]
    places: dict[Part, int] = {}
    for part, words in COLUMNS.items():
        given = getattr(table, part, None) if part in ("uuid", "question", "type", "new") else None
        if given is not None:
            if given not in names:
                from surveytool.errors import unknown

                raise unknown("column", given, names, where, f"It has: {', '.join(names[:10])}")
            places[part] = names.index(given)
            continue
        found = next((plain.index(word) for word in words if word in plain), None)
        if found is not None and found not in places.values():
            places[part] = found
    for part in ("uuid", "question", "new"):
        if part not in places:
            cure = f'Name it: log = {{path = "...", {part} = "COLUMN"}}. It has: {", ".join(names[:10])}'
            raise UsageError(f"the cleaning log has no column for {part}.", where, cure)
    return places


def _lines(rows: Sequence[Sequence[Any]], places: Mapping[Part, int], first: int, where: str) -> Iterator[LogLine]:
    for number, row in enumerate(rows, start=first):
        cells = {part: shown(row[place]).strip() if place < len(row) else "" for part, place in places.items()}
        if not any(cells.values()):
            continue
        values = {part: "" if value in ("NA", "<NA>", "NaN") else value for part, value in cells.items()}
        kept = {part: values.get(part, "") for part in ("uuid", "question", "new", "old", "sheet", "index")}
        yield LogLine(number=number, action=_action(values, number, where), **kept)


def _action(values: Mapping[Any, str], number: int, where: str) -> Action:
    """What a line does; without a column for it a new value is a change."""
    if "type" not in values:
        return "change" if values["new"] else "nothing"
    written = _plain(values["type"])
    action = ACTIONS.get(written)
    if action is None:
        known = (
            "change_response, blank_response, remove_survey, no_action; recoded, addition, delete_data_point, discard"
        )
        raise UsageError(f"row {number}: no action is called {written!r}.", where, f"Known: {known}")
    return "blank" if action == "change" and not values["new"] else action

"""Questions with several answers as columns: the list and its 0/1 columns, each remade from the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from surveytool.cleaning.export_sheets import BLANK, Sheet, shown
from surveytool.frozen import frozen

FLAGS = {"1", "0", "TRUE", "FALSE", "True", "False", "true", "false"}


@frozen
class AnswerSet:
    """A list column and its option columns by code; ``yes`` and ``no`` are what the options say."""

    parent: int
    options: Mapping[str, int]
    yes: Any = 1
    no: Any = 0


def answer_sets(sheet: Sheet) -> dict[int, AnswerSet]:
    """Every question with several answers of a sheet, by the places of all its columns."""
    from surveytool.reading.dummies import families

    places = {name: place for place, name in reversed(list(enumerate(sheet.names)))}
    sets: dict[int, AnswerSet] = {}
    for parent, columns in families(sheet.names).items():
        options = {name[len(parent) + 1 :]: places[name] for name in columns}
        flags = {shown(row[option]) for row in sheet.rows for option in options.values() if row[option] not in BLANK}
        if not flags or not flags <= FLAGS:
            continue
        yes, no = _marks(sheet, options.values(), flags)
        made = AnswerSet(parent=places[parent], options=options, yes=yes, no=no)
        sets |= dict.fromkeys((made.parent, *options.values()), made)
    return sets


def _marks(sheet: Sheet, places: Iterable[int], flags: set[str]) -> tuple[Any, Any]:
    """What yes and no are in these columns, of the kind that the cells are."""
    cells = [row[place] for row in sheet.rows for place in places if row[place] not in BLANK]
    sample = cells[0]
    if isinstance(sample, bool):
        return True, False
    if isinstance(sample, (int, float)):
        return 1.0, 0.0
    yes = next((flag for flag in ("1", "TRUE", "True", "true") if flag in flags), None)
    no = next((flag for flag in ("0", "FALSE", "False", "false") if flag in flags), None)
    pairs = {"1": "0", "TRUE": "FALSE", "True": "False", "true": "false"}
    back = {value: key for key, value in pairs.items()}
    return yes or back[no or "0"], no or pairs[yes or "1"]


def is_yes(cell: Any) -> bool:
    """Whether an option's cell says that it was chosen."""
    return shown(cell).lower() in ("1", "true")


def remake(row: list[Any], answers: AnswerSet, changed: set[int]) -> tuple[int, int]:
    """A row with its list and options made from what was changed.

    The list comes first, then options that were changed one by one. Gives how many other cells moved and how many
    codes of the list have no column.
    """
    before = list(row)
    strays = 0
    if answers.parent in changed:
        written = {option: row[option] for option in answers.options.values() if option in changed}
        codes = shown(row[answers.parent]).split()
        strays = sum(code not in answers.options for code in codes)
        for code, option in answers.options.items():
            row[option] = "" if not codes else answers.yes if code in codes else answers.no
        for option, cell in written.items():
            row[option] = cell
    if changed & set(answers.options.values()):
        _list_again(row, answers)
    return sum(row[place] != before[place] for place in {answers.parent, *answers.options.values()}), strays


def _list_again(row: list[Any], answers: AnswerSet) -> None:
    """The list from its options: old codes keep their order, codes without a column stay, new ones come last."""
    chosen = [code for code, option in answers.options.items() if is_yes(row[option])]
    old = re.split(r"\s+", shown(row[answers.parent]).strip()) if shown(row[answers.parent]).strip() else []
    kept = [code for code in old if code in chosen or code not in answers.options]
    row[answers.parent] = " ".join([*kept, *(code for code in chosen if code not in kept)])
    if row[answers.parent]:  # who has an answer was asked: the other options are no
        for option in answers.options.values():
            row[option] = answers.no if row[option] in BLANK else row[option]

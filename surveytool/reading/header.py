"""The rows above the data: titles, names, labels, and the extra header rows that platforms write."""

from __future__ import annotations

import re
from collections import Counter
from itertools import zip_longest

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.reading.loaded import Dialect

Rows = list[list[str]]

_TAG = re.compile(r"#[A-Za-z][\w-]*(\s*\+[\w-]+)*.*")
_NUMBER = re.compile(
    r"\s*[+-]?[\d.,\s'%]*\d[\d.,\s'%]*\s*|true|false|\d{4}-\d\d-\d\d.*|\d{1,2}/\d{1,2}/\d{2,4}.*", re.I
)
_BLANKS = frozenset({"", "NA", "N/A", "n/a", ".", "NULL", "#N/A", "#NULL!", "nan", "NaN"})
RESPONSES = ("Response", "Open-Ended Response")  # what SurveyMonkey writes where a question has one column
MOST_TITLES = 8
ENOUGH = 3
LOOKED_AT = 200  # rows that tell how wide a table is


@frozen
class Head:
    """The top of a table: ``above`` rows of titles, then names, then ``rows`` (with the names) that are no data."""

    names: list[str]
    rows: int
    labels: list[str]
    notes: tuple[Note, ...] = ()
    above: int = 0

    @property
    def skip(self) -> int:
        """All rows above the first respondent."""
        return self.above + self.rows


def head_of(rows: Rows, dialect: Dialect) -> Head:
    """Names, rows above the data and labels: as the dialect says, else as they look (trap 21)."""
    if dialect.header is not None or dialect.skip is not None:
        return _given(rows, dialect)
    known = _platform(rows)
    if known is not None:
        return known
    above = _titles(rows)
    notes: tuple[Note, ...] = (note("title_rows", n=above),) if above else ()
    table = rows[above:]
    grouped = _merged(table)
    names, extra, labels = grouped or (table[0], 1, [])
    notes += (note("header_rows", kind="merged cells", n=2),) if grouped else ()
    if not grouped and _is_label_row(table):
        extra, labels, notes = 2, table[1], (*notes, note("label_row"))
    return Head(names=names, rows=extra, labels=labels, notes=notes, above=above)


def _given(rows: Rows, dialect: Dialect) -> Head:
    """The head that a person describes."""
    above, extra = dialect.skip or 0, dialect.header or 1
    if above + extra > len(rows):
        raise UsageError(
            "leaves no row for the names.", "--skip", "Count the rows above the table, blank ones left out."
        )
    labels = rows[above + extra - 1] if extra > 1 else []
    return Head(names=rows[above], rows=extra, labels=labels, above=above)


def _platform(rows: Rows) -> Head | None:
    """The head that Qualtrics, SurveyMonkey and HXL write; None for others."""
    for place in (1, 2):
        if len(rows) > place and any('"ImportId"' in cell for cell in rows[place]):
            return _known(rows[0], place + 1, rows[1] if place == 2 else [], "Qualtrics")
    if len(rows) > 1 and rows[0][:2] == ["V1", "V2"] and rows[1][:1] == ["ResponseID"]:
        return _known(rows[0], 2, rows[1], "Qualtrics")
    if len(rows) > 1 and _is_surveymonkey(rows[0], rows[1]):
        names, labels = _surveymonkey(rows[0], rows[1])
        return _known(names, 2, labels, "SurveyMonkey")
    for index, row in enumerate(rows[:10]):
        filled = [cell.strip() for cell in row if cell.strip()]
        tags = sum(cell.startswith("#") and bool(_TAG.fullmatch(cell)) for cell in filled)
        if filled and tags * 2 > len(filled):
            head = rows[index - 1] if index else [cell.lstrip("#") for cell in row]
            return _known(head, index + 1, [], "HXL")
    return None


def _known(names: list[str], rows: int, labels: list[str], kind: str) -> Head:
    return Head(names=names, rows=rows, labels=labels, notes=(note("header_rows", kind=kind, n=rows),))


def _is_surveymonkey(head: list[str], options: list[str]) -> bool:
    """Whether the second row holds the options of the questions above it, and nothing of a respondent."""
    first = ["".join(cell.split()).lower() for cell in head[:2]]
    if first == ["respondentid", "collectorid"] and not any(cell.strip() for cell in options[:2]):
        return True
    filled = [(name.strip(), cell.strip()) for name, cell in zip_longest(head, options, fillvalue="") if cell.strip()]
    blank = sum(not name for name, _ in filled)
    said = sum(cell in RESPONSES for _, cell in filled)
    return said > 0 and 2 * (said + blank) > len(filled)


def _surveymonkey(head: list[str], options: list[str]) -> tuple[list[str], list[str]]:
    """A question of several columns stands above the first of them: each gets the question and its own option."""
    questions: list[str] = []
    for cell in head:
        questions.append(cell.strip() or (questions[-1] if questions else ""))
    names, labels = [], []
    for question, option in zip_longest(questions, (cell.strip() for cell in options[: len(head)]), fillvalue=""):
        alone = questions.count(question) == 1 or not option or option in RESPONSES
        names.append(question if alone else f"{question}/{option}")
        labels.append("" if alone else option)
    return names, labels


def _filled(row: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _is_names(row: list[str], width: int) -> bool:
    """Whether a row holds a name for every column: texts, no two alike, no number."""
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) >= width and len(set(cells)) == len(cells) and not any(map(_NUMBER.fullmatch, cells))


def _width(rows: Rows) -> int:
    """How many cells the rows of the table mostly have filled."""
    counts = Counter(_filled(row) for row in rows[:LOOKED_AT])
    return max(counts, key=lambda count: (counts[count], count))


def _titles(rows: Rows) -> int:
    """Rows of titles above the names: one cell where the table has several, until a row of names follows."""
    if len(rows) < 3 or _filled(rows[0]) != 1:
        return 0
    width = _width(rows[1:])
    for above, row in enumerate(rows[: MOST_TITLES + 1]):
        if _filled(row) != 1 or width < 2:
            return above if above and _is_names(row, width) else 0
    return 0


def _merged(rows: Rows) -> tuple[list[str], int, list[str]] | None:
    """Names under merged cells: a row with gaps above one that has a name for every column."""
    if len(rows) < 3 or all(cell.strip() for cell in rows[0]):
        return None
    width = _width(rows[2:])
    heads, names = rows[0], rows[1]
    gaps = any(not cell.strip() for cell in heads[1:width])
    if not gaps or not 0 < _filled(heads) < width or _filled(names) < width:
        return None
    if any(map(_NUMBER.fullmatch, (cell.strip() for cell in names if cell.strip()))) or not _typed_columns(rows[2:]):
        return None
    questions: list[str] = []
    for cell in [*heads, *[""] * (len(names) - len(heads))]:
        questions.append(cell.strip() or (questions[-1] if questions else ""))
    counts = Counter(name.strip() for name in names)
    whole = [
        f"{question}/{name.strip()}" if question and counts[name.strip()] > 1 else name
        for question, name in zip(questions, names, strict=False)
    ]
    return whole, 2, []


def _is_value(cell: str) -> bool:
    """Whether a cell is blank, or a number, and so no label."""
    return not cell or cell in _BLANKS or bool(_NUMBER.fullmatch(cell))


def _is_typed(rows: Rows, place: int) -> bool:
    """Whether every filled cell of a column is a number, a day or true and false, and there are some."""
    filled = 0
    for row in rows:
        cell = row[place].strip() if place < len(row) else ""
        if cell in _BLANKS:
            continue
        if not _NUMBER.fullmatch(cell):
            return False
        filled += 1
    return filled >= ENOUGH


def _typed_columns(rows: Rows) -> set[int]:
    """Columns in which every filled cell is a number, a day or true and false."""
    columns: dict[int, list[str]] = {}
    for row in rows:
        for index, cell in enumerate(row):
            if cell.strip() not in _BLANKS:
                columns.setdefault(index, []).append(cell.strip())
    return {at for at, cells in columns.items() if len(cells) >= ENOUGH and all(map(_NUMBER.fullmatch, cells))}


def _is_label_row(rows: Rows) -> bool:
    """Whether the first row below the names holds labels: texts even where all others are numbers, none said again."""
    if len(rows) < ENOUGH + 2:
        return False
    row, rest = rows[1], rows[2:]
    cells = {index: cell.strip() for index, cell in enumerate(row)}
    # where a number, or nothing, stands over numbers this is a respondent
    typed = 0
    for place, cell in sorted(cells.items(), key=lambda pair: not _is_value(pair[1])):
        if _is_typed(rest, place):
            typed += 1
            if _is_value(cell):
                return False
    if not typed or (typed < 2 and typed * 2 < len(row)):
        return False
    below = [{line[index].strip() for line in rest if index < len(line)} for index in range(len(row))]
    return not any(cell and cell in below[index] for index, cell in cells.items())


def whole_names(head: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Column names made whole and unique; the repaired ones are said."""
    head = _unquoted(head)
    names: list[str] = []
    repaired: list[str] = []
    seen: dict[str, int] = {}
    taken = {cell.strip() for cell in head}
    for index, cell in enumerate(head, start=1):
        name = cell.strip() or f"column_{index}"
        if name in seen:
            count = seen[name] + 1
            while f"{name}_{count}" in taken:
                count += 1
            seen[name] = count
            name = f"{name}_{count}"
        if name != cell.strip():
            repaired.append(name)
        seen.setdefault(name, 1)
        taken.add(name)
        names.append(name)
    return tuple(names), tuple(repaired)


def _unquoted(head: list[str]) -> list[str]:
    """Names without the quotes of one kind that stand around every one of them ('sex', 'age')."""
    cells = [cell.strip() for cell in head if cell.strip()]
    quoted = len(cells) > 1 and any(
        all(len(cell) > 2 and cell[0] == cell[-1] == sign for cell in cells) for sign in ("'", '"', "`")
    )
    return [cell.strip()[1:-1] for cell in head] if quoted else head

"""The rows above the data: names, and the extra header rows that platforms write."""

from __future__ import annotations

import re
from itertools import zip_longest

from surveytool.notes import Note, note

_TAG = re.compile(r"#[A-Za-z][\w-]*(\s*\+[\w-]+)*.*")
RESPONSES = ("Response", "Open-Ended Response")  # what SurveyMonkey writes where a question has one column


def header_rows(rows: list[list[str]]) -> tuple[list[str], int, list[str], tuple[Note, ...]]:
    """Names, rows above the data, labels: with Qualtrics', SurveyMonkey's and HXL's extra header rows (trap 21)."""
    for place in (1, 2):
        if len(rows) > place and any('"ImportId"' in cell for cell in rows[place]):
            return (
                rows[0],
                place + 1,
                rows[1] if place == 2 else [],
                (note("header_rows", kind="Qualtrics", n=place + 1),),
            )
    if len(rows) > 1 and rows[0][:2] == ["V1", "V2"] and rows[1][:1] == ["ResponseID"]:
        return rows[0], 2, rows[1], (note("header_rows", kind="Qualtrics", n=2),)
    if len(rows) > 1 and _is_surveymonkey(rows[0], rows[1]):
        return *_surveymonkey(rows[0], rows[1]), (note("header_rows", kind="SurveyMonkey", n=2),)
    for place, row in enumerate(rows[:10]):
        filled = [cell.strip() for cell in row if cell.strip()]
        tags = sum(cell.startswith("#") and bool(_TAG.fullmatch(cell)) for cell in filled)
        if filled and tags * 2 > len(filled):
            head = rows[place - 1] if place else [cell.lstrip("#") for cell in row]
            return head, place + 1, [], (note("header_rows", kind="HXL", n=place + 1),)
    return rows[0], 1, [], ()


def _is_surveymonkey(head: list[str], options: list[str]) -> bool:
    """Whether the second row holds the options of the questions above it, and nothing of a respondent."""
    first = ["".join(cell.split()).lower() for cell in head[:2]]
    return first == ["respondentid", "collectorid"] and not any(cell.strip() for cell in options[:2])


def _surveymonkey(head: list[str], options: list[str]) -> tuple[list[str], int, list[str]]:
    """A question of several columns stands above the first of them: each gets the question and its own option."""
    questions: list[str] = []
    for cell in head:
        questions.append(cell.strip() or (questions[-1] if questions else ""))
    names, labels = [], []
    for question, option in zip_longest(questions, (cell.strip() for cell in options[: len(head)]), fillvalue=""):
        alone = questions.count(question) == 1 or not option or option in RESPONSES
        names.append(question if alone else f"{question}/{option}")
        labels.append("" if alone else option)
    return names, 2, labels


def whole_names(head: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Column names made whole and unique; the repaired ones are said."""
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


def missing_mark(rows: list[list[str]]) -> str | None:
    """The text "NA" where a file writes it for missing, as R does: it has no blank cell, and NA in several columns.

    In a file with blank cells, or in one column only, NA is an answer (Namibia's code, say).
    """
    if any(not cell.strip() for row in rows for cell in row):
        return None
    columns = {place for row in rows for place, cell in enumerate(row) if cell == "NA"}
    return "NA" if len(columns) >= 3 else None

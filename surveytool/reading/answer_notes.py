"""What a reader must know of questions with several answers that a file cannot tell whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveytool.notes import Note, note
from surveytool.reading.answer_lists import separator_of
from surveytool.reading.infer import FEW_INTEGERS, distinct
from surveytool.reading.loaded import Loaded
from surveytool.reading.option_families import CERTAIN, NO, YES
from surveytool.reading.option_names import siblings
from surveytool.reading.typed_text import SIMPLE
from surveytool.survey import Codebook, Variable, code_text

MOST_TEXTS = 500


def answer_notes(book: Codebook, loaded: Loaded) -> tuple[Note, ...]:
    """Ticks without a no, options that say no where nobody asked, several answers in one cell, lists that disagree."""
    found = [*_lists(book, loaded)]
    ticked = tuple(name for name, each in book.items() if _is_tick(each))
    found += [note("one_answer", variables=ticked)] if ticked else []
    asked = tuple(_never_blank(book, loaded))
    found += [note("option_base", variables=asked)] if asked else []
    numbers = tuple(name for name, each in book.items() if _numbers_as_texts(each))
    found += [note("nearly_numbers", variables=numbers)] if numbers else []
    own = tuple(each.name for each in loaded.sets if each.own_texts or each.forced)
    found += [note("no_parent_named", variables=own)] if own else []
    found += [note("list_differs", n=each.stray, variables=(each.name,)) for each in loaded.sets if each.stray]
    return tuple(found)


def _numbers_as_texts(variable: Variable) -> bool:
    """Whether a table's texts are numbers, too many for codes; a text file's are read as numbers."""
    codes = [level.code for level in variable.valid_levels() if level.count]
    if variable.kind != "single" or variable.sensitive or len(codes) <= FEW_INTEGERS:
        return False
    return all(isinstance(code, str) and re.fullmatch(SIMPLE, code) for code in codes)


def _is_tick(variable: Variable) -> bool:
    """Whether a column holds one answer and blanks."""
    if variable.kind != "single" or variable.sensitive or not variable.n_missing:
        return False
    return sum(level.count > 0 for level in variable.levels) == 1


def _never_blank(book: Codebook, loaded: Loaded) -> Iterator[str]:
    """Options that were read and say yes and no of every respondent, without a list: asked or not, nobody knows."""
    lists = [each for each in book.values() if each.kind == "multiple" and each.parent]
    own = {column for each in lists for column in each.columns}  # a list says who was asked (``not_asked``)
    for family in siblings([name for name in loaded.names if name not in own]):
        known = [book.variables[column] for column in family.columns if column in book.variables]
        if family.form in (*CERTAIN, "path") and known and all(_yes_no(each) for each in known):
            yield from (each.name for each in known)


def _yes_no(variable: Variable) -> bool:
    texts = {code_text(level.code).lower() for level in variable.levels if level.count}
    return variable.kind == "single" and not variable.n_missing and bool(texts) and texts <= YES | NO


def _lists(book: Codebook, loaded: Loaded) -> Iterator[Note]:
    """Columns whose cells hold several answers, by what joins them."""
    found: dict[str, list[str]] = {}
    for name, variable in book.items():
        if variable.kind not in ("single", "text") or variable.sensitive or variable.columns != (name,):
            continue
        values: list[object] = [level.code for level in variable.levels] or _texts(name, loaded)
        sign = separator_of(values)
        if sign is not None:
            found.setdefault(sign, []).append(name)
    for sign, names in found.items():
        yield note("list_in_cell", sign=repr(sign), variables=tuple(names))


def _texts(name: str, loaded: Loaded) -> list[object]:
    """The different texts of a column, if they are few enough to be lists."""
    values: list[object] = list(distinct(loaded.table.column(name)))
    return values if len(values) <= MOST_TEXTS else []

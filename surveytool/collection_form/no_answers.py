"""Codes that say why there is no answer, for the whole file: don't know, refused, not asked.

They are missing kinds of every column that holds them. Among the options of a question with several answers they are
no option: who chose nothing else gave no answer, and the code says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Any

import numpy as np

from surveytool.collection_form.coded_columns import texts_column
from surveytool.collection_form.coding import Cells, cells_of
from surveytool.frozen import frozen
from surveytool.reading.hints import looks_like_design, looks_like_identifier
from surveytool.reading.infer import distinct, is_number
from surveytool.reading.loaded import Loaded, Meta, MultipleSet
from surveytool.survey import Code, Codebook, LedgerLine, Level, Missing, Survey, code_text

WHY = "{}//no_answer"


@frozen
class NoAnswers:
    """A step between a file and its codebook: codes by the kind of no answer that they are."""

    kinds: Mapping[Missing, tuple[Code, ...]] = field(default_factory=dict)

    def by_code(self) -> dict[str, Missing]:
        """The kind of each code, as it is written."""
        return {code_text(code): kind for kind, codes in self.kinds.items() for code in codes}

    def __call__(self, loaded: Loaded) -> Loaded:
        """The content with these codes as missing, and how many there were in the ledger."""
        codes, seen = self.by_code(), Counter[str]()
        table, metas, sets = loaded.table, dict(loaded.meta), []
        inside = {column for each in loaded.sets for column in (*each.columns, each.parent or "")}
        for each in loaded.sets:
            gone = [index for index, column in enumerate(each.columns) if _called(column, each, index) & set(codes)]
            if each.counted is None or not gone or len(gone) == len(each.columns):
                sets.append(each)
                continue
            table, whole = _without(table, each, gone, codes, seen)
            metas[each.parent or each.name] = replace(
                metas.get(each.parent or each.name, Meta()), tags=WHY.format(each.name)
            )
            sets.append(whole)
        for name in table.column_names:
            if name not in inside and name in loaded.table.column_names:
                held = _held(name, table.column(name), codes)
                if held:
                    seen.update({code_text(code): n for code, n in held.items()})
                    meta = metas.get(name, Meta())
                    reasons: dict[Code, Missing] = {**meta.reasons, **{code: codes[code_text(code)] for code in held}}
                    missing = (*meta.missing, *(code for code in held if code not in meta.missing))
                    metas[name] = replace(meta, missing=missing, reasons=reasons)
        lines = [LedgerLine(what="missing", rule=f"{code} ({codes[code]})", rows=seen[code]) for code in codes]
        return replace(loaded, table=table, meta=metas, sets=tuple(sets), frame=None, ledger=(*loaded.ledger, *lines))


def _called(column: str, each: MultipleSet, place: int) -> set[str]:
    """What an option is called: the end of its column's name, and its label."""
    rest = column.removeprefix(each.name).lstrip("/._-:[").rstrip("]")
    return {rest, *({each.options[place]} if place < len(each.options) else set())}


def _held(name: str, column: Any, codes: Mapping[str, Missing]) -> dict[Code, int]:
    """The codes that a column holds, with how often; none of a design column or a number of an interview."""
    if looks_like_design(name) or looks_like_identifier(name):
        return {}
    numbers = [code for code in codes if _is_number(code)]
    if is_number(column) and not numbers:
        return {}
    return {value: n for value, n in distinct(column).items() if code_text(value).strip() in codes}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _without(
    table: Any, each: MultipleSet, gone: list[int], codes: Mapping[str, Missing], seen: Counter[str]
) -> tuple[Any, MultipleSet]:
    """A question with several answers without options that are none, and a column that says why somebody has none."""
    counted = code_text(each.counted) if each.counted is not None else ""
    flags = np.column_stack([_equal(cells_of(table.column(name)), counted) for name in each.columns])
    others = flags[:, [index for index in range(len(each.columns)) if index not in gone]].any(axis=1)
    named = {place: next(iter(_called(each.columns[place], each, place) & set(codes))) for place in gone}
    why = np.full(table.num_rows, -1, dtype=np.int32)
    for at, place in enumerate(gone):
        seen[named[place]] += int(flags[:, place].sum())
        why[(why < 0) & flags[:, place] & ~others] = at
    blank = why >= 0
    kept = [index for index in range(len(each.columns)) if index not in gone]
    for name in (*(each.columns[place] for place in kept), *([each.parent] if each.parent else [])):
        table = table.set_column(table.column_names.index(name), name, _blanked(table.column(name), blank))
    table = table.append_column(
        WHY.format(each.name), texts_column(Cells(keys=why, values=tuple(named[p] for p in gone)))
    )
    table = table.drop_columns([each.columns[place] for place in gone])
    options = tuple(each.options[place] for place in kept) if each.options else ()
    return table, replace(each, columns=tuple(each.columns[place] for place in kept), options=options)


def _equal(cells: Cells, text: str) -> Any:
    return np.array([*(value == text for value in cells.values), False], dtype=bool)[cells.keys]


def _blanked(column: Any, blank: Any) -> Any:
    """A column with nothing in these rows."""
    import pyarrow as pa

    from surveytool import arrow

    return arrow.call("if_else", pa.array(blank), pa.scalar(None, column.type), column)


def with_reasons(survey: Survey, kinds: Mapping[Missing, tuple[Code, ...]]) -> Survey:
    """The survey whose questions with several answers say why somebody has none."""
    codes = NoAnswers(kinds=kinds).by_code()
    book = dict(survey.codebook)
    for name, variable in book.items():
        column = WHY.format(name)
        if variable.kind == "multiple" and column in survey.frame.column_names:
            levels = [*variable.levels, *_levels(survey.frame.column(column), codes)]
            book[name] = replace(
                variable, tags=column, levels=tuple(replace(level, order=at) for at, level in enumerate(levels))
            )
    return replace(survey, codebook=Codebook(book))


def _levels(column: Any, codes: Mapping[str, Missing]) -> Iterator[Level]:
    for code, n in distinct(column).items():
        yield Level(code=code, label=code_text(code), missing=codes[code_text(code)], count=n)

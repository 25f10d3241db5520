"""What a recode makes: questions and their columns, and how codes become a column.

A derived category is a text column of codes, held by Arrow as one number a row.
Its missing kinds are levels like those of the question that it comes from, so
that every base (answered, asked, all) means the same for both.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.survey import Code, Level, Missing, Text, Variable, code_text
from surveytool.survey.label import said, translations
from surveytool.text import LANGUAGES, words

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.arrays import Codes, Counts, Flags


@frozen
class Made:
    """New or changed questions, and new columns of the frame (Arrow arrays [rows])."""

    variables: tuple[Variable, ...]
    columns: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


@frozen
class Gap:
    """Rows [rows] that have no answer, and why."""

    level: Level
    rows: Flags


def phrase(key: str) -> dict[str, str]:
    """A phrase of the tool in every language it speaks."""
    return {language: words(language).word(key) for language in LANGUAGES}


def level_of(code: Code, text: Text, *, missing: Missing | None = None) -> Level:
    """A level with its label in every language that is given."""
    return Level(code=code, label=said(text) or code_text(code), labels=translations(text), missing=missing)


def gaps_of(columns: Columns, variable: Variable, *, numbers: bool = False) -> list[Gap]:
    """Why a question's answers are missing, kind by kind; blanks are left out.

    ``numbers`` is for what is made of its numbers: an answer such as "Don't know" is none then.
    """
    declared = [level for level in variable.levels if level.missing is not None]
    if numbers:
        declared = [level for _, level in variable.no_numbers()]
    if not declared:
        return []
    if variable.kind == "multiple":
        if variable.tags is None:
            return []
        from surveytool.aggregate.encoded_columns import keys_of

        keys, values = keys_of(columns.raw(variable.tags))
        places = {str(value): index for index, value in enumerate(values)}
        return [Gap(level=level, rows=keys == places.get(code_text(level.code), -2)) for level in declared]
    codes, levels = columns.codes(variable.name)
    level_by_code = {level.code: level for level in declared}
    return [
        Gap(level=level_by_code[level.code], rows=codes == index)
        for index, level in enumerate(levels)
        if level.code in level_by_code
    ]


def first_reasons(gaps: Iterable[Gap], key: Callable[[Level], Hashable]) -> list[Gap]:
    """Gaps of several questions as gaps of one: a row's reason is that of its first question that has one.

    Levels with the same ``key`` are one reason. Which reason a row gets hangs on its own answers alone.
    """
    gap_by_key: dict[Hashable, Gap] = {}
    taken: Flags | None = None
    for gap in gaps:
        rows = gap.rows if taken is None else gap.rows & ~taken
        taken = rows if taken is None else taken | rows
        old = gap_by_key.get(key(gap.level))
        gap_by_key[key(gap.level)] = (
            Gap(level=gap.level, rows=rows) if old is None else replace(old, rows=old.rows | rows)
        )
    return list(gap_by_key.values())


def category(
    name: str, label: Text | None, levels: Sequence[Level], codes: Codes, gaps: Sequence[Gap] = (),
    sizes: Counts | None = None,
) -> Made:  # fmt: skip
    """A question with one answer: codes [rows] into valid ``levels``, -1 where none; ``gaps`` say why.

    ``sizes`` [rows] says how many respondents a row stands for; None where it is one.
    """
    whole, levels = joined(levels, codes, gaps)
    counted = counts(whole, levels, sizes)
    answered = sum(level.count for level in counted if level.missing is None)
    everybody = len(whole) if sizes is None else int(sizes.sum())
    variable = Variable(
        name=name, kind="single", label=said(label), labels=translations(label), levels=counted, columns=(name,),
        n=answered, n_missing=everybody - answered,
    )  # fmt: skip
    return Made(variables=(variable,), columns={name: text_column(whole, [str(level.code) for level in counted])})


def joined(levels: Sequence[Level], codes: Codes, gaps: Sequence[Gap]) -> tuple[Codes, tuple[Level, ...]]:
    """Codes [rows] into the levels and the gaps' levels after them; a gap never takes an answer away."""
    whole = np.asarray(codes, dtype=np.int32).copy()
    all_levels = list(levels)
    taken = {code_text(level.code) for level in all_levels}
    for gap in gaps:
        code = code_text(gap.level.code)
        while code in taken:
            code = f"{code}."
        taken.add(code)
        whole[(whole < 0) & gap.rows] = len(all_levels)
        all_levels.append(replace(gap.level, code=code))
    return whole, tuple(replace(level, order=index) for index, level in enumerate(all_levels))


def counts(codes: Codes, levels: Sequence[Level], sizes: Counts | None = None) -> tuple[Level, ...]:
    """The levels with how many respondents have each, of codes [rows]."""
    code_counts = by_code(codes, len(levels), sizes)
    return tuple(replace(level, count=int(count)) for level, count in zip(levels, code_counts, strict=True))


def by_code(codes: Codes, many: int, sizes: Counts | None) -> Counts:
    """How many respondents have each code [many]; rows below 0 are left out."""
    some = codes >= 0
    counts: Counts = np.bincount(codes[some], None if sizes is None else sizes[some], minlength=many).astype(np.int64)
    return counts


def text_column(codes: Codes, values: Sequence[str]) -> Any:
    """An Arrow dictionary column: ``values`` by codes [rows], null below 0."""
    import pyarrow as pa

    answered = codes >= 0
    places = arrow.cast(arrow.fixed(np.where(answered, codes, 0).astype(np.int64), answered, pa.int64()), pa.int32())
    return pa.DictionaryArray.from_arrays(places, arrow.texts(list(values)))


def flag_column(flags: Flags, answered: Flags) -> Any:
    """An Arrow column of 1 and 0 from flags [rows], null where not known [rows]."""
    import pyarrow as pa

    return arrow.fixed(np.asarray(flags, dtype=np.float64), answered, pa.float64())

"""A score as a variable of the codebook: its values, and why those who have none have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.notes import Note
from surveytool.recoding.base import WHY
from surveytool.recoding.level_lookup import matching
from surveytool.recoding.recode_result import Gap, Made, category, first_reasons, gaps_of, joined, text_column
from surveytool.recoding.recode_types import Score
from surveytool.survey import Level, Variable, code_text
from surveytool.survey.label import said, translations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.aggregate.encoded_columns import Columns


def number_score(
    columns: Columns, recode: Score, values: NDArray[np.float64], names: Sequence[str], notes: Sequence[Note]
) -> Made:
    """Values [rows] as a variable of kind number, NaN where there is none."""
    import pyarrow as pa

    from surveytool import arrow

    valid = ~np.isnan(values)
    codes, levels = joined([], np.full(columns.rows, -1, dtype=np.int32), _gaps(columns, names, ~valid))
    counted = tuple(replace(level, count=columns.count(codes == index)) for index, level in enumerate(levels))
    n = columns.count(valid)
    variable = Variable(
        name=recode.name, kind="number", label=said(recode.label), labels=translations(recode.label), levels=counted,
        columns=(recode.name,), tags=WHY.format(recode.name) if counted else None, unit=said(recode.unit) or None,
        n=n, n_missing=columns.respondents - n,
    )  # fmt: skip
    columns_made = {recode.name: arrow.fixed(np.where(valid, values, 0.0), valid, pa.float64())}
    why = {WHY.format(recode.name): text_column(codes, [str(level.code) for level in levels])} if counted else {}
    return Made(variables=(variable,), columns={**columns_made, **why}, notes=tuple(notes))


def category_score(
    columns: Columns,
    recode: Score,
    levels: Sequence[Level],
    codes: NDArray[np.int32],
    names: Sequence[str],
    notes: Sequence[Note],
) -> Made:
    """Cases with texts as a question with one answer: codes [rows] into ``levels``, -1 where none holds."""
    gaps = _gaps(columns, names, codes < 0)
    scored = category(recode.name, recode.label, levels, codes, gaps, columns.sizes)
    return replace(scored, notes=tuple(notes))


def _gaps(columns: Columns, names: Sequence[str], lost: NDArray[np.bool_]) -> list[Gap]:
    """Why a score is missing: the reason of its first item that has one. Codes stand apart from values."""
    book = columns.survey.codebook
    items = dict.fromkeys(name for pattern in names for name in matching(pattern, book))
    gaps = (
        Gap(level=replace(gap.level, code=f".{code_text(gap.level.code).lstrip('.')}"), rows=gap.rows & lost)
        for name in items
        for gap in gaps_of(columns, book[name])
    )
    reasons = first_reasons(gaps, lambda level: (level.missing, level.label))
    return [gap for gap in reasons if gap.rows.any()]

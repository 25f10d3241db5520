"""A question with several answers, put together from one column an option or taken apart from one column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.errors import UsageError
from surveytool.recoding.answer_options import options
from surveytool.recoding.level_lookup import known_columns, matching
from surveytool.recoding.recode_result import Gap, Made, first_reasons, gaps_of, level_of
from surveytool.recoding.recode_types import Multiple
from surveytool.survey import Level, Text, Variable, code_text

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.arrays import Flags


CURE = 'Write columns = ["q7_1", "q7_2"] (or "q7_*"), or from = "q7" with separator = ";".'
MOST_OPTIONS = 200


def faults(recode: Multiple) -> Iterator[UsageError]:
    """Neither columns nor a column, or both."""
    if bool(recode.columns) == (recode.source is not None):
        yield UsageError("needs columns, or from with a separator, and not both.", "", CURE)
    if not recode.separator:
        yield UsageError("separator is empty.", "separator", 'Write for example separator = ";"')


def sources(recode: Multiple) -> tuple[str, ...]:
    """The columns of the options, or the one that is taken apart."""
    return recode.columns or ((recode.source,) if recode.source else ())


def make(columns: Columns, recode: Multiple) -> Made:
    """The question with several answers."""
    return _from_dummies(columns, recode) if recode.columns else _from_text(columns, recode)


def _from_dummies(columns: Columns, recode: Multiple) -> Made:
    """Chosen where a column says so; answered where one of the columns holds an answer."""
    from surveytool.aggregate.encoded_columns import keys_of

    book = columns.survey.codebook
    columns_known = known_columns(book)
    names = list(dict.fromkeys(name for pattern in recode.columns for name in matching(pattern, columns_known)))
    chosen = np.zeros((columns.rows, len(names)), dtype=bool)
    answered = np.zeros(columns.rows, dtype=bool)
    gaps: list[Gap] = []
    values_of: list[str] = []
    for index, name in enumerate(names):
        keys, values = keys_of(columns.raw(name))
        member = book.variables.get(name)
        member_gaps = gaps_of(columns, member) if member is not None else []
        missing = (
            np.any([gap.rows for gap in member_gaps], axis=0) if member_gaps else np.zeros(columns.rows, dtype=bool)
        )
        hits = [key for key, value in enumerate(values) if _says_chosen(value, recode)]
        chosen[:, index] = np.isin(keys, hits) & (~missing if recode.not_chosen is not None else True)
        answered |= (keys >= 0) & ~missing
        gaps += member_gaps
        values_of.append(_own_value(values, keys, chosen[:, index], recode))
    if not chosen.any():
        raise _nothing_chosen(recode)
    levels = [
        level_of(name, _label(name, recode, book.variables.get(name), value if values_of.count(value) == 1 else ""))
        for name, value in zip(names, values_of, strict=True)
    ]
    reasons = first_reasons(gaps, lambda level: code_text(level.code))
    return options(recode.name, recode.label, levels, chosen, answered, reasons, _parted(names), columns.sizes)


def _parted(names: list[str]) -> list[str]:
    """What is different in columns' names: ``q7_1`` and ``q7_2`` are 1 and 2.

    >>> _parted(["used/maps", "used/music"])
    ['maps', 'music']
    """
    same = 0
    while len(names) > 1 and all(name[same : same + 1] == names[0][same : same + 1] != "" for name in names):
        same += 1
    stem = names[0][:same]
    stem = stem[: max(stem.rfind(sign) for sign in "/_.") + 1]
    return [name.removeprefix(stem) or name for name in names]


def _short(name: str, recode: Multiple) -> str:
    return name.removeprefix(recode.name).lstrip("_/.")


def _label(name: str, recode: Multiple, member: Variable | None, value: str) -> Text:
    """What an option is called: by the recode, its column's label, the answer that says chosen, or its column."""
    text: Text = member.labels or member.label if member is not None else ""
    return recode.labels.get(_short(name, recode)) or recode.labels.get(name) or text or value or name


def _says_chosen(value: Any, recode: Multiple) -> bool:
    """Whether a value of an option's column says that it was chosen."""
    if recode.not_chosen is None:
        return _means(value, recode.counted)
    return bool(str(value).strip()) and not _means(value, recode.not_chosen)


def _means(value: Any, counted: Any) -> bool:
    from surveytool.aggregate.encoded_columns import same_code

    return bool(same_code(value, counted)) or code_text(value if isinstance(value, str) else float(value)) == str(
        counted
    )


def _own_value(values: Sequence[Any], keys: Any, chosen: Flags, recode: Multiple) -> str:
    """The one answer by which a column says chosen, where that is the option's own name."""
    said = {str(values[key]) for key in set(keys[chosen].tolist())} if recode.not_chosen is not None else set()
    return said.pop() if len(said) == 1 else ""


def _nothing_chosen(recode: Multiple) -> UsageError:
    if recode.not_chosen is not None:
        message = f"no column of {recode.name} holds anything but {recode.not_chosen!r}."
        return UsageError(message, "not_chosen", "Check the columns.")
    message = f"no column of {recode.name} holds {recode.counted!r}."
    cure = "Name the value that says chosen, or with not_chosen the one that says the contrary."
    return UsageError(message, "counted", cure)


def _from_text(columns: Columns, recode: Multiple) -> Made:
    """Answers between separators; a blank is no answer at all."""
    from surveytool.aggregate.encoded_columns import keys_of

    assert recode.source is not None
    source = columns.survey.codebook[recode.source]
    column = source.columns[0] if source.columns else source.name
    if source.kind == "multiple" and source.parent == source.name:
        column = source.name  # its list, as the file has it
    elif source.kind == "multiple":
        raise UsageError(f"{source.name} is a question with several answers already.", "from", "Leave this recode out.")
    keys, values = keys_of(columns.raw(column))
    gaps = gaps_of(columns, source)
    gone = {code_text(level.code) for level in source.levels if level.missing is not None}
    parts = [[] if code_text(value) in gone else _parts(str(value), recode.separator) for value in values]
    answers = list(dict.fromkeys(part for row_parts in parts for part in row_parts))
    codes = [*recode.labels, *(answer for answer in sorted(answers) if answer not in recode.labels)]
    if not codes or len(codes) > MOST_OPTIONS:
        raise UsageError(
            f"{source.name} comes apart into {len(codes)} options.", "separator", "Check the separator of the answers."
        )
    table = np.zeros((len(values) + 1, len(codes)), dtype=bool)
    for row, row_parts in enumerate(parts):
        table[row, [codes.index(part) for part in row_parts]] = True
    answered = np.array([*(bool(part) for part in parts), False])[keys]
    levels: list[Level] = [level_of(code, recode.labels.get(code, code)) for code in codes]
    label = recode.label or source.labels or source.label
    return options(recode.name, label, levels, table[keys], answered, gaps, sizes=columns.sizes)


def _parts(text: str, separator: str) -> list[str]:
    """The answers in a text, each once."""
    split = text.split() if separator == " " else text.split(separator)
    return list(dict.fromkeys(part for each in split if (part := each.strip())))

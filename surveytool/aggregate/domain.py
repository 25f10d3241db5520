"""Which respondents fulfil a condition: 1 yes, 0 no, -1 unknown because an answer is missing."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate import where_language as w
from surveytool.aggregate.encoded_columns import Columns, keys_of, no_person
from surveytool.errors import UsageError, no_answer
from surveytool.survey import SEVERAL, Code, Level, Variable, code_text, find_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Codes, Flags, Truth


EXACT = 2.0**53  # from here on floats skip whole numbers
RELATIONS = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


def evaluate(condition: w.Condition, columns: Columns) -> Truth:
    """Truth [rows] of a condition: Kleene's three-valued logic (1, 0, -1 unknown)."""
    if isinstance(condition, w.Not):
        part = evaluate(condition.part, columns)
        return np.asarray(np.where(part < 0, part, 1 - part), dtype=np.int8)
    if isinstance(condition, (w.All, w.Any)):
        parts = np.stack([evaluate(part, columns) for part in condition.parts])
        decisive = 0 if isinstance(condition, w.All) else 1
        decided = (parts == decisive).any(axis=0)
        unknown = (parts < 0).any(axis=0)
        return np.where(decided, decisive, np.where(unknown, -1, 1 - decisive)).astype(np.int8)
    return _simple(condition, columns)


def counts_non_answers(condition: w.Condition, columns: Columns, turned: bool = False) -> list[str]:
    """The questions of which a condition counts who said "Don't know" or the like because they said nothing else.

    ``water != 'Well'`` is such a condition, unless it names the non-answer too; ``turned`` is inside of a ``not``.
    """
    if isinstance(condition, w.Not):
        return counts_non_answers(condition.part, columns, not turned)
    if isinstance(condition, (w.All, w.Any)):
        return [name for part in condition.parts for name in counts_non_answers(part, columns, turned)]
    unequal = isinstance(condition, w.Compare) and condition.operator == "!="
    equal = isinstance(condition, w.Among) or (isinstance(condition, w.Compare) and condition.operator == "==")
    variable = columns.survey.codebook[condition.name]
    if not (equal if turned else unequal) or variable.kind != "single":
        return []
    assert not isinstance(condition, w.IsMissing)
    values = condition.values if isinstance(condition, w.Among) else (condition.value,)
    named = {_level(condition.name, value, variable.levels) for value in values}
    counted = [index for index, _ in variable.no_numbers() if variable.levels[index].missing is None]
    held = [index for index in counted if variable.levels[index].count and index not in named]
    return [condition.name] if held else []


def _simple(condition: w.Compare | w.Among | w.IsMissing, columns: Columns) -> Truth:
    variable = columns.survey.codebook[condition.name]
    if variable.personal and isinstance(condition, w.IsMissing):
        return (keys_of(columns.raw(condition.name))[0] < 0).astype(np.int8)
    if variable.kind in SEVERAL:
        return _compare_options(condition, variable, columns)
    if variable.kind == "date" and not variable.levels:
        return _compare_dates(condition, columns)
    if not variable.valid_levels() and columns.is_numeric(condition.name):
        return _compare_numbers(condition, columns)
    if not variable.levels:
        no_person(variable)
        return _compare_text(condition, columns)
    return _compare_levels(condition, columns)


def _compare_numbers(condition: w.Compare | w.Among | w.IsMissing, columns: Columns) -> Truth:
    values = columns.numbers(condition.name)
    missing = np.isnan(values)
    if isinstance(condition, w.IsMissing):
        return missing.astype(np.int8)
    condition = _in_numbers(condition, columns.survey.codebook[condition.name].value_labels)
    named = _compare_reasons(condition, columns)
    if named is not None:
        return named
    whole = columns.whole(condition.name) if np.abs(values).max(initial=0.0, where=~missing) >= EXACT else None
    if whole is not None:
        holds = _compare_exactly(condition, whole)
    elif isinstance(condition, w.Among):
        holds = np.isin(values, [_number(condition.name, value) for value in condition.values])
    else:
        holds = _relation(condition.operator, values, _number(condition.name, condition.value))
    return np.where(missing, -1, holds).astype(np.int8)


def _in_numbers(condition: w.Compare | w.Among, labels: Mapping[Code, str]) -> w.Compare | w.Among:
    """The condition with numbers for what the file calls them ("Full trust" for 10)."""
    numbers = {label: float(code) for code, label in labels.items()}
    if isinstance(condition, w.Among):
        return replace(condition, values=tuple(_number_of(value, numbers) for value in condition.values))
    return replace(condition, value=_number_of(condition.value, numbers))


def _number_of(value: w.Value, numbers: Mapping[str, float]) -> w.Value:
    return numbers.get(value, value) if isinstance(value, str) else value


def _compare_reasons(condition: w.Compare | w.Among, columns: Columns) -> Truth | None:
    """Where a number is asked for a reason that it has ("Don't know"); None where it is asked for numbers alone."""
    reasons = columns.survey.codebook[condition.name].levels
    if not reasons or (isinstance(condition, w.Compare) and condition.operator not in ("==", "!=")):
        return None
    given = condition.values if isinstance(condition, w.Among) else (condition.value,)
    reason_values = [value for value in given if find_level(reasons, code_text(value)) is not None]
    if not reason_values:
        return None
    codes, levels = columns.codes(condition.name)
    values = columns.numbers(condition.name)
    holds = np.isin(codes, [_level(condition.name, value, levels) for value in reason_values])
    holds = holds | np.isin(values, [_number(condition.name, value) for value in given if value not in reason_values])
    if isinstance(condition, w.Compare) and condition.operator == "!=":
        holds = np.logical_not(holds)
    return np.where(np.isnan(values) & (codes < 0), -1, holds).astype(np.int8)


def _compare_exactly(condition: w.Compare | w.Among, keys_and_values: tuple[Codes, list[int]]) -> Flags:
    """Whole numbers that floats cannot tell apart, such as identifiers: each distinct one compared as it is."""
    given = condition.values if isinstance(condition, w.Among) else (condition.value,)
    numbers = [value if isinstance(value, int) else _number(condition.name, value) for value in given]
    holds = getattr(operator, RELATIONS[condition.operator] if isinstance(condition, w.Compare) else "eq")
    keys, values = keys_and_values
    return np.array([*(any(holds(value, number) for number in numbers) for value in values), False], dtype=np.bool_)[
        keys
    ]


def _number(name: str, value: w.Value) -> float:
    try:
        return float(value)
    except ValueError:
        raise UsageError(
            f"{name} is a number and is compared with the text {value!r}.",
            where="--where",
            cure=f"Write the number, for example: {name} == 4, or {name} >= 18",
        ) from None


def _relation(sign: str, left: NDArray[np.float64], right: float) -> Flags:
    flags: Flags = getattr(operator, RELATIONS[sign])(left, right)
    return flags


def _compare_dates(condition: w.Compare | w.Among | w.IsMissing, columns: Columns) -> Truth:
    import pyarrow as pa

    column = columns.raw(condition.name)
    days = column.cast(pa.timestamp("s"), safe=False).to_numpy().astype("datetime64[s]")
    missing = np.isnat(days)
    if isinstance(condition, w.IsMissing):
        return np.asarray(missing, dtype=np.int8)
    if isinstance(condition, w.Among):
        holds = np.isin(days, [_date(condition.name, value) for value in condition.values])
    else:
        moment = _date(condition.name, condition.value)
        holds = _relation(condition.operator, days.astype(np.int64).astype(np.float64), float(moment.astype(int)))
    return np.where(missing, -1, holds).astype(np.int8)


def _date(name: str, value: w.Value) -> np.datetime64:
    try:
        return np.datetime64(str(value), "s")
    except ValueError:
        raise UsageError(
            f"{name} is a date and is compared with {value!r}.",
            where="--where",
            cure=f"Write for example: {name} >= '2023-01-31'",
        ) from None


def _compare_text(condition: w.Compare | w.Among | w.IsMissing, columns: Columns) -> Truth:
    """Free text and identifiers: equality only, and no answer is ever quoted in an error."""
    keys, texts = keys_of(columns.raw(condition.name))
    if isinstance(condition, w.IsMissing):
        return (keys < 0).astype(np.int8)
    if isinstance(condition, w.Compare) and condition.operator not in ("==", "!="):
        raise UsageError(f"{condition.name} is text and has no order.", where="--where", cure="Use ==, != or in (...).")
    values = condition.values if isinstance(condition, w.Among) else (condition.value,)
    asked = {code_text(value) for value in values}
    table: Flags = np.array([*(code_text(text) in asked for text in texts), False], dtype=np.bool_)
    holds = table[keys]
    if isinstance(condition, w.Compare) and condition.operator == "!=":
        holds = np.logical_not(holds)
    return np.where(keys < 0, -1, holds).astype(np.int8)


def _compare_options(condition: w.Compare | w.Among | w.IsMissing, variable: Variable, columns: Columns) -> Truth:
    """A question with several answers: ``==`` and ``in`` hold where an option was chosen, ``!=`` where it was not."""
    chosen, answered = columns.chosen(variable)
    if isinstance(condition, w.IsMissing):
        return np.logical_not(answered).astype(np.int8)
    if isinstance(condition, w.Compare) and condition.operator not in ("==", "!="):
        raise UsageError(
            f"{condition.name} is a question with several answers and has no order.",
            where="--where",
            cure="Use ==, != or in (...).",
        )
    values = condition.values if isinstance(condition, w.Among) else (condition.value,)
    options = [_level(condition.name, value, variable.valid_levels()) for value in values]
    holds = chosen[:, options].any(axis=1)
    if isinstance(condition, w.Compare) and condition.operator == "!=":
        holds = np.logical_not(holds)
    return np.where(answered, holds, -1).astype(np.int8)


def _compare_levels(condition: w.Compare | w.Among | w.IsMissing, columns: Columns) -> Truth:
    codes, levels = columns.codes(condition.name)
    missing = np.array([level.missing is not None for level in levels] + [True])
    if isinstance(condition, w.IsMissing):
        return missing[codes].astype(np.int8)
    if isinstance(condition, w.Compare) and condition.operator not in ("==", "!="):
        variable = columns.survey.codebook[condition.name]
        gone = {level.code for _, level in variable.no_numbers()}
        missing = np.array([*(level.code in gone for level in levels), True])
        holds, unknown = _ordered(condition, codes, levels, missing, variable.amounts())
        return np.where(unknown, -1, holds).astype(np.int8)
    values = condition.values if isinstance(condition, w.Among) else (condition.value,)
    codes_asked = [_level(condition.name, value, levels) for value in values]
    holds = np.isin(codes, codes_asked)
    if isinstance(condition, w.Compare) and condition.operator == "!=":
        holds = np.logical_not(holds)
    # Who asks for "Don't know" by name knows it; only blanks stay unknown then.
    named = any(levels[index].missing is not None for index in codes_asked)
    unknown = np.less(codes, 0) if named else missing[codes]
    return np.where(unknown, -1, holds).astype(np.int8)


def _ordered(
    condition: w.Compare, codes: Codes, levels: tuple[Level, ...], missing: Flags, amounts: dict[float, float]
) -> tuple[Flags, Flags]:
    """``<`` and its kin: by labels that are numbers, by numeric codes, by the order of the levels else."""
    ranks: list[float] = list(range(len(levels)))
    bound: float
    if amounts:
        ranks = [amounts.get(level.code, np.nan) for level in levels]  # type: ignore[arg-type]
        bound = _number(condition.name, condition.value)
    elif all(not isinstance(level.code, str) for level in levels if level.missing is None):
        ranks = [level.code if not isinstance(level.code, str) else np.nan for level in levels]
        bound = _ordered_value(condition, levels)
    else:
        bound = _level(condition.name, condition.value, levels)
    holds = getattr(operator, RELATIONS[condition.operator])
    return np.array([*(holds(rank, bound) for rank in ranks), False], dtype=np.bool_)[codes], missing[codes]


def _ordered_value(condition: w.Compare, levels: tuple[Level, ...]) -> float:
    if isinstance(condition.value, int):
        return condition.value
    try:
        return float(condition.value)
    except ValueError:
        return float(levels[_level(condition.name, condition.value, levels)].code)


def _level(name: str, value: w.Value, levels: tuple[Level, ...]) -> int:
    """The index of the level that ``value`` names: its code first, then its labels."""
    text = code_text(value)
    index = find_level(levels, text, name)
    if index is not None:
        return index
    raise no_answer(name, text, (level.label for level in levels), "--where")

"""SPSS: value labels, missing codes and multiple-response sets stand in the file itself.

Tagged missing kinds of Stata and SAS get codes of their own above all others.
SPSS declares three codes at most, or a range and one; where there are more, codes
are put together in a range that holds no valid answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from surveytool.notes import Note, note
from surveytool.survey import Level, Variable
from surveytool.writing.cell_values import cells
from surveytool.writing.codebook_file import codebook
from surveytool.writing.names import allowed
from surveytool.writing.pandas_frame import bytes_of, frame_of
from surveytool.writing.sheet import Column, Saved, Sheet
from surveytool.writing.spss_sets import LONGEST_NAME, cut, with_sets

MOST_CODES = 3
LONGEST_CODE = 8
FIRST_TAG = 9001.0
DATE = b"01 Jan 00"
TIME = b"00:00:00"
STAMP = 92
LONGEST_VALUE_LABEL = 120  # bytes


def save(sheet: Sheet) -> Saved:
    """A .sav file."""
    return _save(sheet, ".sav", {"row_compress": True})


def save_compressed(sheet: Sheet) -> Saved:
    """A .zsav file."""
    return _save(sheet, ".zsav", {"compress": True})


def _save(sheet: Sheet, suffix: str, extra: dict[str, bool]) -> Saved:
    import pyreadstat

    parents = {
        options_set.parent for options_set in sheet.sets if options_set.parent and options_set.counted is not None
    }
    columns = [_without_tags(_not_asked(column, sheet)) for column in sheet.columns if column.name not in parents]
    names = allowed([column.name for column in columns], longest=LONGEST_NAME, ascii_only=False)
    ranges: dict[str, list[Any]] = {}
    lost: list[str] = []
    unlabelled = [column.name for column in columns if len(_labels(column)) < len(column.levels)]
    long = tuple(column.name for column in columns if any(_is_long(level) for level in column.levels))
    for column in columns:
        column_ranges, left = _ranges(column)
        ranges |= {names[column.name]: column_ranges} if column_ranges else {}
        lost += [column.name] if left else []
    frame = frame_of(
        {names[column.name]: cells(column) for column in columns},
        frozenset(names[column.name] for column in columns if column.type == "text"),
    )
    content = bytes_of(
        lambda path: pyreadstat.write_sav(
            frame, path,
            column_labels={names[column.name]: cut(column.label, 255) for column in columns if column.label},
            variable_value_labels={names[column.name]: labels for column in columns if (labels := _labels(column))},
            missing_ranges=ranges, variable_measure={names[column.name]: _measure(column) for column in columns},
            variable_format={names[column.name]: "DATE11" for column in columns if _days(column)}, **extra,
        ),
        suffix,
    )  # fmt: skip
    content = with_sets(
        _fixed(content), [options_set for options_set in sheet.sets if set(options_set.columns) <= set(names)], names
    )
    notes = _notes(names, lost, sorted(str(parent) for parent in parents))
    own_labels = any(_names_options(options_set, sheet) for options_set in sheet.sets)
    tagged = tuple(column.name for column in sheet.columns if column.tags is not None)
    notes += (note("convert_labels_lost", names=tuple(unlabelled)),) if unlabelled else ()
    notes += (note("convert_tags", names=tagged),) if tagged else ()
    notes += (note("convert_labels_cut", n=LONGEST_VALUE_LABEL, names=long),) if long else ()
    whole = replace(
        sheet, columns=tuple(columns), sets=tuple(replace(options_set, parent=None) for options_set in sheet.sets)
    )
    beside = bool(lost or unlabelled or long or own_labels)
    return Saved(content=content, codebook=codebook(whole, names) if beside else None, notes=notes)


def _names_options(variable: Variable, sheet: Sheet) -> bool:
    """Whether options are called something else than their columns, which is all that SPSS can call them."""
    titles = {column.name: column.label or column.name for column in sheet.columns}
    named = [level.label for level in variable.levels[: len(variable.columns)]] if variable.counted is not None else []
    return any(titles.get(name) != label for name, label in zip(variable.columns, named, strict=False))


def _is_long(level: Level) -> bool:
    """Whether a label of a value is longer than SPSS keeps it."""
    return len(level.label.encode("utf-8")) > LONGEST_VALUE_LABEL


def _notes(names: dict[str, str], lost: list[str], parents: list[str]) -> tuple[Note, ...]:
    renamed = tuple(f"{old} → {new}" for old, new in names.items() if old != new)
    notes = [note("convert_renamed", names=renamed, n=len(renamed))] if renamed else []
    notes += [note("convert_missing_lost", names=tuple(lost))] if lost else []
    return (*notes, note("convert_parents", names=tuple(parents))) if parents else tuple(notes)


def _not_asked(column: Column, sheet: Sheet) -> Column:
    """A dummy is blank where the list of its question is: SPSS has no list to tell who was asked."""
    from surveytool import arrow

    owner = next(
        (options_set for options_set in sheet.sets if options_set.parent and column.name in options_set.columns), None
    )
    if owner is None or owner.counted is None:
        return column
    parent = next((column for column in sheet.columns if column.name == owner.parent), None)
    if parent is None:
        return column
    asked = [cell is not None and str(cell).strip() != "" for cell in parent.values.to_pylist()]
    import pyarrow as pa

    nothing = pa.nulls(len(asked), column.values.type)
    return replace(column, values=arrow.call("if_else", pa.array(asked), column.values, nothing))


def _without_tags(column: Column) -> Column:
    """Tags as codes of their own."""
    if column.tags is None:
        return column
    import pyarrow as pa

    tags = tags_of(column)
    first = FIRST_TAG
    while first <= max(_numbers(column), default=0.0):
        first = first * 10 - 9
    codes = {tag: first + index for index, tag in enumerate(tags)}
    values = [
        codes[tag] if tag is not None else cell
        for cell, tag in zip(column.values.to_pylist(), column.tags.to_pylist(), strict=True)
    ]
    level_of_code = {str(level.code): level for level in column.levels if str(level.code) in codes}
    tag_levels = [
        replace(level_of_code[tag], code=code) if tag in level_of_code else Level(code=code, label=tag, missing="user")
        for tag, code in codes.items()
    ]
    levels = (*(level for level in column.levels if str(level.code) not in codes), *tag_levels)
    return replace(column, values=pa.array(values, pa.float64()), tags=None, levels=levels)


def tags_of(column: Column) -> list[str]:
    """The tags that a column declares or holds."""
    held = column.tags.to_pylist() if column.tags is not None else []
    declared = (str(level.code) for level in column.levels if is_tag(level))
    return sorted({*declared, *(tag for tag in held if tag)})


def _numbers(column: Column) -> list[float]:
    return [float(cell) for cell in column.values.to_pylist() if cell is not None and cell == cell]


def is_tag(level: Level) -> bool:
    """Whether a level is a tagged missing kind such as ".a"."""
    return isinstance(level.code, str) and len(level.code) == 2 and level.code[0] == "."


def _labels(column: Column) -> dict[Any, str]:
    """Labels by code; texts longer than eight bytes cannot have one in SPSS."""
    labels: dict[Any, str] = {}
    for level in column.levels:
        fits = isinstance(level.code, str) == (column.type == "text") and column.type != "date"
        short = not isinstance(level.code, str) or len(level.code.encode("utf-8")) <= LONGEST_CODE
        if fits and short:
            labels[level.code if isinstance(level.code, str) else float(level.code)] = cut(level.label, 120)
    return labels


def _ranges(column: Column) -> tuple[list[Any], bool]:
    """The missing codes as SPSS declares them, and whether some had to be left out."""
    codes = [level.code for level in column.missing()]
    if not codes or column.type == "date":
        return [], bool(codes)
    if column.type == "text":
        short = [code for code in codes if isinstance(code, str) and len(code.encode("utf-8")) <= LONGEST_CODE]
        return list(short[:MOST_CODES]), len(short[:MOST_CODES]) < len(codes)
    numbers = sorted(float(code) for code in codes if not isinstance(code, str))
    if len(numbers) <= MOST_CODES:
        return list(numbers), len(numbers) < len(codes)
    valid = [cell for cell in set(_numbers(column)) if cell not in numbers]
    valid += [float(level.code) for level in column.levels if level.missing is None and not isinstance(level.code, str)]
    for single in (None, numbers[0], numbers[-1]):
        rest = [number for number in numbers if number != single]
        if not any(rest[0] <= cell <= rest[-1] for cell in valid):
            return [{"lo": rest[0], "hi": rest[-1]}, *([single] if single is not None else [])], False
    return list(numbers[:MOST_CODES]), True


def _measure(column: Column) -> str:
    return "scale" if column.kind == "number" else "nominal"


def _days(column: Column) -> bool:
    if column.type != "date":
        return False
    moments = [cell for cell in column.values.to_pylist() if cell is not None]
    return all(getattr(cell, "hour", 0) == 0 and getattr(cell, "minute", 0) == 0 for cell in moments)


def _fixed(content: bytes) -> bytes:
    """The header's date and time of making made constant."""
    return content[:STAMP] + DATE + TIME + content[STAMP + len(DATE + TIME) :]

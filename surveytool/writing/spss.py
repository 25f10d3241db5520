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

    parents = {each.parent for each in sheet.sets if each.parent and each.counted is not None}
    columns = [_without_tags(_not_asked(each, sheet)) for each in sheet.columns if each.name not in parents]
    names = allowed([each.name for each in columns], longest=LONGEST_NAME, ascii_only=False)
    ranges: dict[str, list[Any]] = {}
    lost: list[str] = []
    unlabelled = [column.name for column in columns if len(_labels(column)) < len(column.levels)]
    long = tuple(column.name for column in columns if any(_is_long(level) for level in column.levels))
    for column in columns:
        found, left = _ranges(column)
        ranges |= {names[column.name]: found} if found else {}
        lost += [column.name] if left else []
    frame = frame_of(
        {names[each.name]: cells(each) for each in columns},
        frozenset(names[each.name] for each in columns if each.type == "text"),
    )
    content = bytes_of(
        lambda path: pyreadstat.write_sav(
            frame, path, column_labels={names[each.name]: cut(each.label, 255) for each in columns if each.label},
            variable_value_labels={names[each.name]: labels for each in columns if (labels := _labels(each))},
            missing_ranges=ranges, variable_measure={names[each.name]: _measure(each) for each in columns},
            variable_format={names[each.name]: "DATE11" for each in columns if _days(each)}, **extra,
        ),
        suffix,
    )  # fmt: skip
    content = with_sets(_fixed(content), [each for each in sheet.sets if set(each.columns) <= set(names)], names)
    notes = _notes(names, lost, sorted(str(parent) for parent in parents))
    own_labels = any(_names_options(each, sheet) for each in sheet.sets)
    tagged = tuple(column.name for column in sheet.columns if column.tags is not None)
    notes += (note("convert_labels_lost", names=tuple(unlabelled)),) if unlabelled else ()
    notes += (note("convert_tags", names=tagged),) if tagged else ()
    notes += (note("convert_labels_cut", n=LONGEST_VALUE_LABEL, names=long),) if long else ()
    whole = replace(sheet, columns=tuple(columns), sets=tuple(replace(each, parent=None) for each in sheet.sets))
    beside = bool(lost or unlabelled or long or own_labels)
    return Saved(content=content, codebook=codebook(whole, names) if beside else None, notes=notes)


def _names_options(each: Variable, sheet: Sheet) -> bool:
    """Whether options are called something else than their columns, which is all that SPSS can call them."""
    titles = {column.name: column.label or column.name for column in sheet.columns}
    named = [level.label for level in each.levels[: len(each.columns)]] if each.counted is not None else []
    return any(titles.get(name) != label for name, label in zip(each.columns, named, strict=False))


def _is_long(level: Level) -> bool:
    """Whether a label of a value is longer than SPSS keeps it."""
    return len(level.label.encode("utf-8")) > LONGEST_VALUE_LABEL


def _notes(names: dict[str, str], lost: list[str], parents: list[str]) -> tuple[Note, ...]:
    renamed = tuple(f"{old} → {new}" for old, new in names.items() if old != new)
    found = [note("convert_renamed", names=renamed, n=len(renamed))] if renamed else []
    found += [note("convert_missing_lost", names=tuple(lost))] if lost else []
    return (*found, note("convert_parents", names=tuple(parents))) if parents else tuple(found)


def _not_asked(column: Column, sheet: Sheet) -> Column:
    """A dummy is blank where the list of its question is: SPSS has no list to tell who was asked."""
    from surveytool import arrow

    owner = next((each for each in sheet.sets if each.parent and column.name in each.columns), None)
    if owner is None or owner.counted is None:
        return column
    parent = next((each for each in sheet.columns if each.name == owner.parent), None)
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
    known = {str(level.code): level for level in column.levels if str(level.code) in codes}
    made = [
        replace(known[tag], code=code) if tag in known else Level(code=code, label=tag, missing="user")
        for tag, code in codes.items()
    ]
    levels = (*(level for level in column.levels if str(level.code) not in codes), *made)
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
    found: dict[Any, str] = {}
    for level in column.levels:
        fits = isinstance(level.code, str) == (column.type == "text") and column.type != "date"
        short = not isinstance(level.code, str) or len(level.code.encode("utf-8")) <= LONGEST_CODE
        if fits and short:
            found[level.code if isinstance(level.code, str) else float(level.code)] = cut(level.label, 120)
    return found


def _ranges(column: Column) -> tuple[list[Any], bool]:
    """The missing codes as SPSS declares them, and whether some had to be left out."""
    codes = [each.code for each in column.missing()]
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
    found = [cell for cell in column.values.to_pylist() if cell is not None]
    return all(getattr(cell, "hour", 0) == 0 and getattr(cell, "minute", 0) == 0 for cell in found)


def _fixed(content: bytes) -> bytes:
    """The header's date and time of making made constant."""
    return content[:STAMP] + DATE + TIME + content[STAMP + len(DATE + TIME) :]

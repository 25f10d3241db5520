"""From columns to questions: the kind of each, its levels and counts; the same rules for every format.

A column is read from its distinct values and their counts, never row by row.
Numbers stay numbers unless the file labels their values or they are few whole
numbers that come again and again (trap 16); then a note says so. Labels decide
before what the file calls a measure: a number whose ends alone are labelled is a
scale, and codes such as "Don't know" are no numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from surveytool import arrow
from surveytool.notes import Note, note
from surveytool.reading.hints import looks_like_design, looks_like_identifier, looks_personal
from surveytool.reading.loaded import Loaded, Meta, MultipleSet
from surveytool.reading.missing_kind import kind_of_missing
from surveytool.reading.missing_mark import CERTAIN
from surveytool.reading.personal_name import is_about_having, is_option, personal_kind
from surveytool.reading.text_order import has_no_order, in_order
from surveytool.stream import Column
from surveytool.survey import Code, Codebook, Kind, Level, Missing, Variable, code_text
from surveytool.survey.non_answers import non_answers

FEW_INTEGERS = 10
FEW_TEXTS = 50
MOSTLY = 0.6  # the share of answers with a label from which on a question is a category
LONG_TEXT = 120
FEW_GROUPS = 12

# what people wrote in place of an option, by the name of the column; a mark in it is none
_WRITTEN = re.compile(
    r"(?<=[_\[./ -])(other|otros?|otras?|autres?|outros?|outras?|others?|specify|text|specified|especif\w*|"
    r"preci[sz]\w*|espesifye)(_?\d+)?[\])_]*$",
    re.IGNORECASE,
)
_MARKS = frozenset({"1", "0", "yes", "no", "true", "false", "y", "n", "x", "si", "sí", "oui", "non", "sim", "não",
                    "checked", "unchecked"})  # fmt: skip

# of a number: what the Demographic and Health Surveys call bodies that were not measured, and answers that contradict
_ENDS = re.compile(r"9{1,4}[4-9]")
_UNMEASURED = frozenset({"not present", "absent", "not measured", "not at home", "inconsistent", "flagged cases",
                         "other", "not de jure resident", "implausible", "out of plausible limits"})  # fmt: skip

Counts = dict[Code, int]


def codebook(
    loaded: Loaded, kinds: Mapping[str, Kind] | None = None, *, keep_missing: bool = False
) -> tuple[Codebook, tuple[Note, ...]]:
    """The codebook of a loaded file, and the notes that its kinds deserve.

    ``keep_missing`` takes codes labelled "Don't know" and the like for the numbers that they are.
    """
    given = kinds or {}
    tags = {meta.tags for meta in loaded.meta.values() if meta.tags}
    singles: dict[str, Variable] = {}
    for name in loaded.table.column_names:
        if name not in tags:
            made = variable(name, loaded.table, _kept(loaded.meta.get(name, Meta()), keep_missing), given.get(name))
            singles[name] = made
    sets = {each.name: _multiple(each, singles, loaded.table) for each in loaded.sets if _complete(each, singles)}
    return Codebook(_in_order(singles, sets)), _notes(singles, sets, loaded, given)


def _kept(meta: Meta, keep_missing: bool) -> Meta:
    return replace(meta, keep_missing=True) if keep_missing else meta


def _complete(each: MultipleSet, singles: Mapping[str, Variable]) -> bool:
    return all(column in singles for column in each.columns)


def _in_order(singles: Mapping[str, Variable], sets: Mapping[str, Variable]) -> dict[str, Variable]:
    """Questions in the order of the file; a set stands before the first of its columns."""
    first = {each.columns[0]: name for name, each in sets.items()}
    parents = {each.parent for each in sets.values() if each.parent}
    ordered: dict[str, Variable] = {}
    for name, single in singles.items():
        if name in first and first[name] not in ordered:
            ordered[first[name]] = sets[first[name]]
        if name in sets:
            ordered.setdefault(name, sets[name])
        elif name not in parents:
            ordered[name] = single
    return ordered


def members(book: Codebook) -> frozenset[str]:
    """The columns that belong to a question with several answers."""
    return frozenset(column for each in book.values() if each.kind == "multiple" for column in each.columns)


def variable(name: str, table: Any, meta: Meta, kind: Kind | None = None) -> Variable:
    """One column as a question."""
    column = table.column(name)
    counts = distinct(column)
    tagged = distinct(table.column(meta.tags)) if meta.tags else {}
    apart = _non_answers(meta)
    kind = kind or meta.kind or _kind(name, column, counts, meta, apart)
    gone = apart if kind == "number" else {code: why for code, why in apart.items() if not counts.get(code)}
    levels = _levels(kind, counts, tagged, _without(meta, gone if isinstance(counts, dict) else {}))
    lost = sum(level.count for level in levels if level.missing is not None and level.code not in tagged)
    sensitive = _sensitive(name, table, meta, counts)
    answered = (column.known if isinstance(column, Column) else sum(counts.values())) - lost
    return Variable(
        name=name, kind=kind, label=meta.label, levels=levels, columns=(name,), tags=meta.tags,
        sensitive=sensitive, personal=sensitive and _personal(name, meta, counts),
        n=answered, n_missing=table.num_rows - answered,
        alphabetical=kind == "single" and _alphabetical(levels, meta),
        keep_missing=meta.keep_missing, value_labels=_value_labels(meta, levels) if kind == "number" else {},
    )  # fmt: skip


def _value_labels(meta: Meta, levels: tuple[Level, ...]) -> dict[Code, str]:
    """What the file calls values of a number that are numbers and no reasons to have none."""
    gone = {level.code for level in levels}
    return {code: label for code, label in meta.labels.items() if not isinstance(code, str) and code not in gone}


def _sensitive(name: str, table: Any, meta: Meta, counts: Counts) -> bool:
    """Whether a column may hold personal data: by its name or label, unless it is an option or about having one."""
    if meta.personal is not None:
        return meta.personal
    if not looks_personal(name, meta.label) or is_option(name, table.column_names):
        return False
    labelled = any(not _declared_missing(meta, code) for code in meta.labels)
    return not is_about_having(personal_kind(name, meta.label), counts, table.num_rows, labelled)


def _personal(name: str, meta: Meta, counts: Counts) -> bool:
    """Whether a sensitive column is about people outright: by what it is called, or as its answers are many."""
    return bool(meta.personal) or personal_kind(name, meta.label) is not None or len(counts) > FEW_GROUPS


def distinct(column: Any) -> Counts:
    """Distinct values of an Arrow column with their counts; null and NaN left out."""
    import pyarrow as pa
    import pyarrow.types as types

    if isinstance(column, Column):
        return column.distinct()

    if types.is_dictionary(column.type):
        column = arrow.cast(column, column.type.value_type)
    if types.is_temporal(column.type):
        column = arrow.cast(column, pa.int64() if column.type.bit_width == 64 else pa.int32())
    found = arrow.call("value_counts", column)
    if hasattr(found, "combine_chunks"):
        found = found.combine_chunks()
    values, counts = found.field("values"), found.field("counts").to_pylist()
    if types.is_boolean(column.type):
        texts = [None if value is None else str(value) for value in values.to_pylist()]
        return {text: count for text, count in zip(texts, counts, strict=True) if text is not None}
    return {
        value: count
        for value, count in zip(values.to_pylist(), counts, strict=True)
        if value is not None and value == value
    }


def is_number(column: Any) -> bool:
    """Whether an Arrow column holds numbers."""
    import pyarrow.types as types

    kind = column.type
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))


def _declared_missing(meta: Meta, value: Code) -> bool:
    if value in meta.missing:
        return True
    return not isinstance(value, str) and any(low <= float(value) <= high for low, high in meta.ranges)


def _non_answers(meta: Meta) -> dict[Code, Missing]:
    """The labelled codes that say why there is no answer, and are not declared missing."""
    if not meta.labels or meta.keep_missing:
        return {}
    kinds = non_answers(list(meta.labels.values()))
    return {
        code: reason for (code, label), kind in zip(meta.labels.items(), kinds, strict=True)
        if (reason := kind or _not_measured(code, label)) is not None and not _is_tag(code)
        and not _declared_missing(meta, code) and not (meta.tags and isinstance(code, str))
    }  # fmt: skip


def _not_measured(code: Code, label: str) -> Missing | None:
    """Why there is no measure: labels that are answers elsewhere, on codes that end a range (9994 "Not present")."""
    if isinstance(code, str) or not _ENDS.fullmatch(code_text(code)):
        return None
    return "not_answered" if label.strip().lower() in _UNMEASURED else None


def _without(meta: Meta, apart: Mapping[Code, Missing]) -> Meta:
    """What the file says of a number, with its labelled non-answers as missing."""
    if not apart:
        return meta
    return replace(meta, missing=(*meta.missing, *apart), reasons={**apart, **meta.reasons})


def _kind(name: str, column: Any, counts: Counts, meta: Meta, apart: Mapping[Code, Missing]) -> Kind:
    import pyarrow.types as types

    if types.is_temporal(column.type):
        return "date"
    valid = counts
    if meta.missing or meta.ranges:
        valid = {value: count for value, count in counts.items() if not _declared_missing(meta, value)}
    if isinstance(column, Column) and not column.coded:
        return _many_kind(name, column)
    if is_number(column):
        return _number_kind(name, {value: n for value, n in valid.items() if value not in apart}, meta, apart)
    if meta.order is not None or types.is_boolean(column.type):
        return "single"
    return _text_kind(name, valid, meta)


def _many_kind(name: str, column: Column) -> Kind:
    """The kind of a column with more distinct values than were counted."""
    import pyarrow.types as types

    if not is_number(column):
        return "id" if looks_like_identifier(name) else "text"
    return "id" if types.is_integer(column.type) and looks_like_identifier(name) else "number"


def _number_kind(name: str, valid: Counts, meta: Meta, apart: Mapping[Code, Missing]) -> Kind:
    labelled = {
        code for code in meta.labels
        if code not in apart and not _declared_missing(meta, code) and not _is_tag(code)
    }  # fmt: skip
    if labelled:
        return "number" if _is_scale(valid, labelled) else "single"
    if looks_like_design(name) in ("weights", "fpc"):
        return "number"
    whole = all(float(value).is_integer() for value in valid)
    total = sum(valid.values())
    if whole and len(valid) == total > 20 and looks_like_identifier(name):
        return "id"
    repeated = 0 < len(valid) <= FEW_INTEGERS and total >= 3 * len(valid)
    return "single" if whole and repeated and not apart and not meta.scale else "number"


def _is_scale(valid: Counts, labelled: set[Code]) -> bool:
    """Whether numbers are amounts of which only some have a label: the ends of a scale, "89 or more", 0 for none."""
    bare = [value for value in valid if value not in labelled]
    if not bare:
        return False
    total = sum(valid.values())
    if not all(float(value).is_integer() for value in valid):
        return True
    numbers = {float(value) for value in [*valid, *labelled] if not isinstance(value, str)}
    ends = {min(numbers), max(numbers)}
    inner = {float(code) for code in labelled if not isinstance(code, str)} - ends
    if not inner and len(bare) > 1:
        return True
    known = sum(count for value, count in valid.items() if value in labelled)
    return len(bare) > len(labelled) and known < MOSTLY * total


def _is_tag(code: Code) -> bool:
    return isinstance(code, str) and bool(re.fullmatch(r"\.[a-zA-Z_]", code))


def _text_kind(name: str, valid: Counts, meta: Meta) -> Kind:
    if meta.labels and len(valid) <= 2 * len(meta.labels):
        return "single"
    total = sum(valid.values())
    texts = [str(value) for value in valid]
    if (
        valid
        and not meta.labels
        and _WRITTEN.search(name)
        and not any(text.strip().lower() in _MARKS for text in texts)
    ):
        return "text"
    if len(valid) == total > 20:
        spaced = sum(" " in text.strip() for text in texts)
        if looks_like_identifier(name) or spaced == 0:
            return "id"
    longest = max(map(len, texts), default=0)
    many = len(valid) > FEW_TEXTS and 3 * len(valid) > total
    return "text" if many or longest > LONG_TEXT or len(valid) > 500 else "single"


def _levels(kind: Kind, counts: Counts, tagged: Counts, meta: Meta) -> tuple[Level, ...]:
    """The levels of a category, or the declared missing kinds of a number."""
    codes: list[Code] = []
    if kind == "single":
        codes = _ordered(counts, meta)
    elif kind == "number":
        declared = [code for code in meta.labels if _declared_missing(meta, code)]
        found = counts if meta.missing or meta.ranges else {}
        codes = [*declared, *(value for value in found if _declared_missing(meta, value))]
    codes = list(dict.fromkeys(codes))
    tags = sorted({*(str(code) for code in meta.labels if _is_tag(code)), *map(str, tagged)})
    made = [_level(code, index, counts, meta) for index, code in enumerate(codes) if not _is_tag(code)]
    for place, code in enumerate(tags, start=len(made)):
        label = meta.labels.get(code) or code_text(code)
        made.append(
            Level(code=code, label=label, order=place, missing=_reason(code, label, meta), count=tagged.get(code, 0))
        )
    return tuple(made)


def _reason(code: Code, label: str, meta: Meta) -> Missing:
    return meta.reasons.get(code) or kind_of_missing(label)


def _level(code: Code, place: int, counts: Counts, meta: Meta) -> Level:
    own = meta.labels.get(code)
    label = own or code_text(code)
    missing = _reason(code, label, meta) if _declared_missing(meta, code) else None
    labels = {"": own} if own and own == code_text(code) else {}  # a label that is its code is a label
    return Level(code=code, label=label, order=place, missing=missing, count=counts.get(code, 0), labels=labels)


def _ordered(counts: Counts, meta: Meta) -> list[Code]:
    """Codes in the source's order, by number, or by text with ranges by their first number."""
    if meta.order is not None:
        return [*meta.order, *(value for value in counts if value not in meta.order)]
    codes = list(dict.fromkeys([*meta.labels, *counts]))
    if all(not isinstance(code, str) for code in codes):
        return sorted(codes, key=float)
    labelled = [code for code in meta.labels if not _is_tag(code) and not _declared_missing(meta, code)]
    missing = [code for code in codes if not _is_tag(code) and _declared_missing(meta, code)]
    rest = [code for code in counts if code not in meta.labels and code not in missing]
    return [*labelled, *in_order(rest), *missing]


def _alphabetical(levels: tuple[Level, ...], meta: Meta) -> bool:
    """Whether several valid answers are plain words whose order nobody gave; letters (A, B, C) have one."""
    if meta.order is not None:
        return False
    free = [level.code for level in levels if level.missing is None and level.code not in meta.labels]
    return has_no_order(free)


def _multiple(each: MultipleSet, singles: Mapping[str, Variable], table: Any) -> Variable:
    """A question with several answers from its columns."""
    if each.counted is None:
        levels = _shared_levels(each, singles)
    else:
        options = each.options or tuple(singles[column].title() for column in each.columns)
        levels = tuple(
            Level(
                code=label if each.parent else column,
                label=label,
                order=index,
                count=_chosen(singles[column], each.counted, table.column(column)),
            )
            for index, (column, label) in enumerate(zip(each.columns, options, strict=True))
        )
    asked = singles.get(each.parent or "", None)
    n = asked.n if asked is not None else _answered(each, table)
    return Variable(
        name=each.name, kind="multiple", label=each.label, levels=levels, columns=each.columns, counted=each.counted,
        parent=each.parent, n=n, n_missing=table.num_rows - n,
    )  # fmt: skip


def _answered(each: MultipleSet, table: Any) -> int:
    asked = getattr(table, "answered", None)
    if asked is not None:
        return int(asked(each.columns))
    known = None
    for column in each.columns:
        valid = arrow.call("is_valid", table.column(column))
        known = valid if known is None else arrow.call("or", known, valid)
    return int(arrow.call("sum", known).as_py() or 0)


def _chosen(single: Variable, counted: Code, column: Any) -> int:
    """Respondents who chose an option; a rare one's column may be read as a number, without levels."""
    counts = (
        ((level.code, level.count) for level in single.levels) if single.kind == "single" else distinct(column).items()
    )
    return sum(count for code, count in counts if code_text(code) == code_text(counted))


def _shared_levels(each: MultipleSet, singles: Mapping[str, Variable]) -> tuple[Level, ...]:
    found: dict[Code, Level] = {}
    for column in each.columns:
        for level in singles[column].levels:
            old = found.get(level.code)
            count = level.count + (old.count if old else 0)
            found[level.code] = Level(
                code=level.code, label=level.label, order=len(found) if old is None else old.order,
                missing=level.missing, count=count,
            )  # fmt: skip
    return tuple(sorted(found.values(), key=lambda level: level.order))


def _notes(
    singles: Mapping[str, Variable], sets: Mapping[str, Variable], loaded: Loaded, given: Mapping[str, Kind]
) -> tuple[Note, ...]:
    inside = {column for each in sets.values() for column in (*each.columns, each.parent)}
    integers = tuple(
        name for name, each in singles.items()
        if each.kind == "single" and name not in inside | set(given) and _unlabelled_integers(each, loaded, name)
    )  # fmt: skip
    doubtful = tuple(
        name for name, each in singles.items()
        if each.kind == "single" and loaded.meta.get(name, Meta()).labels
        and any(level.count and each.levels[place].missing is None for place, level in each.no_numbers())
    )  # fmt: skip
    notes = [note("integers_as_categories", variables=integers)] if integers else []
    apart = tuple(
        name for name, each in singles.items()
        if each.kind == "number" and _left_out(each, loaded.meta.get(name, Meta()))
    )  # fmt: skip
    notes += [note("labelled_non_answers", variables=apart)] if apart else []
    marks = tuple(dict.fromkeys(
        level.code for each in singles.values() if each.kind == "single" and each.tags is None
        for level in each.levels if level.count and level.missing and level.code in CERTAIN
    ))  # fmt: skip
    notes += [note("missing_marks", marks=marks)] if marks else []
    return (*notes, note("looks_missing", variables=doubtful)) if doubtful else tuple(notes)


def _left_out(variable: Variable, meta: Meta) -> bool:
    """Whether answers of a number are left out because of their labels alone."""
    return any(level.count and level.missing and not _declared_missing(meta, level.code) for level in variable.levels
               if not _is_tag(level.code) and not (meta.tags and isinstance(level.code, str)))  # fmt: skip


def _unlabelled_integers(variable: Variable, loaded: Loaded, name: str) -> bool:
    if loaded.meta.get(name, Meta()).labels:
        return False
    return bool(variable.levels) and all(not isinstance(level.code, str) for level in variable.levels)

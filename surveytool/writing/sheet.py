"""A survey laid out for writing: its columns as the file had them, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from surveytool.aggregate.encoded_columns import arrow_table
from surveytool.errors import UnknownVariable
from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.survey import Kind, Level, Survey, Variable, code_text
from surveytool.survey.name_pattern import is_pattern


@frozen
class Column:
    """One column: ``values`` as Arrow, ``tags`` its tagged missing kinds (".a") or None, ``levels`` to declare."""

    name: str
    values: Any
    tags: Any = None
    label: str = ""
    kind: Kind = "text"
    levels: tuple[Level, ...] = ()

    @property
    def type(self) -> str:
        """number, text or date."""
        import pyarrow.types as types

        kind = self.values.type.value_type if types.is_dictionary(self.values.type) else self.values.type
        if types.is_string(kind) or types.is_large_string(kind) or types.is_null(kind):
            return "text"
        return "date" if types.is_temporal(kind) else "number"

    def missing(self) -> tuple[Level, ...]:
        """The declared missing kinds."""
        return tuple(level for level in self.levels if level.missing is not None)


@frozen
class Sheet:
    """The columns to write, and the questions with several answers that hold some of them."""

    columns: tuple[Column, ...]
    sets: tuple[Variable, ...]
    rows: int


@frozen
class Saved:
    """A data file's bytes; the text of the codebook beside it, None where nothing is lost; what to say."""

    content: bytes
    codebook: bytes | None = None
    notes: tuple[Note, ...] = ()


def sheet_of(survey: Survey, drop: Sequence[str] = (), table: Any = None) -> Sheet:
    """The survey without the dropped variables; ``drop`` holds names and globs, ``table`` some of its rows.

    Raises ``UnknownVariable`` for a name that there is not.
    """
    book = survey.codebook
    names = _columns(survey)
    gone = _dropped(survey, names, drop)
    table = arrow_table(survey.frame, _read(survey)) if table is None else table
    kept = [name for name in names if name not in gone]
    options = _options(survey)
    columns = tuple(_column(name, book.variables.get(name), table, options.get(name, "")) for name in kept)
    sets = tuple(_without(variable, kept) for variable in book.values() if variable.kind == "multiple")
    return Sheet(
        columns=columns, sets=tuple(options_set for options_set in sets if options_set.columns), rows=table.num_rows
    )


def sheets_of(survey: Survey, drop: Sequence[str] = ()) -> Iterator[Sheet]:
    """The blocks of a stream as its source has them, each as ``sheet_of``."""
    import pyarrow as pa

    for batch in survey.frame.batches(_read(survey)):
        if batch.num_rows:
            yield sheet_of(survey, drop, pa.Table.from_batches([batch]))


def _read(survey: Survey) -> list[str]:
    """Every column that is written, and those of tagged missing kinds."""
    tags = (variable.tags for variable in survey.codebook.values() if variable.tags)
    return list(dict.fromkeys([*_columns(survey), *tags]))


def _columns(survey: Survey) -> list[str]:
    columns: list[str] = []
    for name, variable in survey.codebook.items():
        columns += [*([variable.parent] if variable.parent else []), *(variable.columns or (name,))]
    return list(dict.fromkeys(columns))


def _dropped(survey: Survey, names: Sequence[str], drop: Sequence[str]) -> set[str]:
    gone: set[str] = set()
    for pattern in drop:
        variable = survey.codebook.variables.get(pattern)
        hits = [name for name in names if name == pattern or (is_pattern(pattern) and fnmatchcase(name, pattern))]
        hits += (
            [*(variable.columns or ()), *([variable.parent] if variable.parent else [])] if variable is not None else []
        )
        if not hits:
            raise UnknownVariable(pattern, [*names, *survey.codebook], "--drop")
        gone |= set(hits)
    return gone


def _without(variable: Variable, kept: Sequence[str]) -> Variable:
    """A question with several answers without its dropped columns."""
    from dataclasses import replace

    here = [index for index, column in enumerate(variable.columns) if column in kept]
    parent = variable.parent if variable.parent in kept else None
    levels = variable.levels
    if variable.counted is not None and len(variable.levels) >= len(variable.columns):
        levels = tuple(variable.levels[index] for index in here)
    return replace(variable, columns=tuple(variable.columns[index] for index in here), levels=levels, parent=parent)


def _options(survey: Survey) -> dict[str, str]:
    """What the options of questions with several answers are called, by their columns."""
    labels: dict[str, str] = {}
    for variable in survey.codebook.values():
        if variable.kind == "multiple" and variable.counted is not None:
            labels |= {column: level.label for column, level in zip(variable.columns, variable.levels, strict=False)}
    return labels


def _column(name: str, variable: Variable | None, table: Any, option: str) -> Column:
    values = _plain(table.column(name))
    if variable is None or variable.kind == "multiple":
        label = variable.label if variable is not None else ""
        return Column(name=name, values=values, label=label)
    tags = table.column(variable.tags) if variable.tags else None
    return Column(
        name=name,
        values=values,
        tags=tags,
        label=variable.label or option,
        kind=variable.kind,
        levels=_declared(variable),
    )


def _plain(column: Any) -> Any:
    """True and false as the texts that they are levels of; categories as their values."""
    import pyarrow.types as types

    from surveytool import arrow

    if types.is_boolean(column.type):
        return arrow.texts([None if cell is None else str(cell) for cell in column.to_pylist()])
    return arrow.cast(column, column.type.value_type) if types.is_dictionary(column.type) else column


def _declared(variable: Variable) -> tuple[Level, ...]:
    """The levels that the file declares: labelled ones, missing kinds, those that nobody chose."""
    if variable.kind not in ("single", "number"):
        return tuple(level for level in variable.levels if level.missing is not None)
    named = (Level(code=code, label=label) for code, label in variable.value_labels.items())
    return (*named, *(level for level in variable.levels if _told(level)))


def _told(level: Level) -> bool:
    labelled = level.label != code_text(level.code) or level.labels.get("") == level.label
    return labelled or level.missing is not None or not level.count

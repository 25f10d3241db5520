"""csv, tsv and txt: encoding, delimiter, header rows and types found by looking, and said.

Every column is read as text first. A column becomes numbers only if every answer
is a plain number; "007", "Yes" and "NA" among texts stay as they are.
"""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from surveytool.errors import UnreadableData
from surveytool.notes import Note, note
from surveytool.reading import dummies
from surveytool.reading.blocks import stands_in_blocks
from surveytool.reading.file_source import refuse_binary
from surveytool.reading.footer import rows_below
from surveytool.reading.loaded import Loaded, Meta, MultipleSet, Options
from surveytool.reading.number_marks import Written, decided
from surveytool.reading.profile import in_codes
from surveytool.reading.text_encoding import decoded
from surveytool.reading.text_layout import DELIMITERS, Layout, layout_of, usual
from surveytool.reading.typed_text import Examined, Typed, examined, text_notes, type_notes, typed, without_codes
from surveytool.reading.wanted_columns import columns_to_read
from surveytool.stream.threads import cores, crew

LARGE = 256_000_000
MOST_BLOCKS = 1000
MANY = 50_000  # rows from which codes are kept rather than answers
PARALLEL = 1 << 22  # bytes from which blocks are parsed side by side


def load(path: Path, options: Options) -> Loaded:
    """Read a delimited text file; raises ``UnreadableData`` with the line at fault."""
    if options.stream and path.stat().st_size >= LARGE:
        from surveytool.reading.delimited_stream import load_files

        return load_files([path], str(path), options)
    content = path.read_bytes()
    if path.suffix.lower() == ".gz":
        content = unzipped(path, content)
    refuse_binary(path, content)
    text, notes = decoded(path, content, options.encoding)
    layout = layout_of(path, text, "\t" if path.suffix.lower() == ".tsv" else None, options.dialect)
    text = layout.table(text)
    if layout.delimiter != usual(path):
        notes = (*notes, note("delimiter", delimiter=DELIMITERS[layout.delimiter]))
    wanted = columns_to_read(layout.names, options.wanted, str(path))
    table = _parse(path, text, layout, wanted)
    below = rows_below(text, layout)
    if below:
        table, notes = table.slice(0, table.num_rows - below), (*notes, note("rows_below", n=below))
    if len(layout.blank) == len(layout.names) and all(
        table.column(name).null_count == table.num_rows for name in wanted
    ):
        raise UnreadableData("has neither names nor answers.", str(path), "Export the data again.")
    if table.num_rows == 0:
        raise UnreadableData("has a header but no respondents.", str(path), "Export the data again.")
    coded = options.stream and options.wanted is not None and table.num_rows >= MANY
    rest = _Rest(path, text, layout, below)
    loaded = _finish(table, rest, replace(options, stream=coded), notes)
    if coded:
        return in_codes(loaded, options, layout.labels)
    if not options.kinds:
        return loaded
    from surveytool.reading.given_kinds import with_given_kinds

    mark = options.dialect.decimal_mark
    return with_given_kinds(loaded, options.kinds, rest.columns, layout.delimiter, mark)


def unzipped(path: Path, content: bytes) -> bytes:
    """The content of a gzip file. Raises ``UnreadableData`` for one that is broken, or far larger than it looks."""
    import gzip
    import zlib

    from surveytool.reading.file_source import most_unzipped

    parts, size, most = [], 0, most_unzipped(len(content))
    try:
        with gzip.open(io.BytesIO(content)) as file:
            while part := file.read(1 << 22):
                parts.append(part)
                size += len(part)
                if size > most:
                    raise UnreadableData(
                        f"unpacks to more than {most >> 20} MB.", str(path),
                        "Unpack it first if it is what you expect.",
                    )  # fmt: skip
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableData("is a broken gzip file.", str(path), "Export or download it again.") from error
    return b"".join(parts)


def _parse(path: Path, text: str, layout: Layout, wanted: list[str]) -> Any:
    """The wanted columns as text, blank as null."""
    import pyarrow as pa
    import pyarrow.csv as pc

    content = text.encode("utf-8")
    bad: list[Any] = []
    parsing = pc.ParseOptions(
        delimiter=layout.delimiter, newlines_in_values='"' in text,
        invalid_row_handler=lambda row: bad.append(row) or "error",  # type: ignore[func-returns-value]
    )  # fmt: skip
    converting = pc.ConvertOptions(
        column_types={name: pa.string() for name in wanted}, include_columns=wanted, null_values=[""],
        strings_can_be_null=True, quoted_strings_can_be_null=True,
    )  # fmt: skip

    def parsed(block: int, threads: bool) -> Any:
        reading = pc.ReadOptions(
            column_names=list(layout.names), skip_rows_after_names=layout.skip, use_threads=threads, block_size=block
        )
        return pc.read_csv(pa.BufferReader(content), reading, parsing, converting)

    if len(content) >= PARALLEL:
        with suppress(pa.ArrowInvalid):  # a record longer than a block, or a fault that is looked for below
            return parsed(1 << 20, True)
    bad.clear()
    try:
        return parsed(max(1 << 20, min(len(content) + 1, 1 << 26)), not parsing.newlines_in_values)
    except pa.ArrowInvalid as error:
        if bad:
            raise UnreadableData(
                f"data row {_row_number(text, layout)} has {bad[0].actual_columns} fields, the header has "
                f"{bad[0].expected_columns}.",
                str(path),
                "Mend that row, or export the file again.",
            ) from None
        raise UnreadableData("cannot be read as a table of text.", str(path), "Export it again as csv.") from error


def _row_number(text: str, layout: Layout) -> str:
    """The number of the first data row that is too long or too short."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter)
    try:
        for index, row in enumerate((row for row in rows if row), start=1 - layout.skip):
            if index > 0 and len(row) != len(layout.names):
                return str(index)
    except csv.Error:
        pass
    return "?"


@dataclass(frozen=True, slots=True)
class _Rest:
    """The columns that nobody asked for: they tell how the file writes its numbers."""

    path: Path
    text: str
    layout: Layout
    below: int

    def columns(self) -> dict[str, Any]:
        """All columns of the file as texts."""
        table = _parse(self.path, self.text, self.layout, list(self.layout.names))
        table = table.slice(0, table.num_rows - self.below)
        return {name: table.column(name) for name in table.column_names}

    def written(self, names: list[str]) -> dict[str, Written]:
        """How their numbers are written."""
        table = _parse(self.path, self.text, self.layout, names)
        table = table.slice(0, table.num_rows - self.below)
        return {name: examined(table.column(name)).written for name in names}


def _finish(table: Any, rest: _Rest, options: Options, notes: tuple[Note, ...]) -> Loaded:
    """Types found column by column; blank columns without a name dropped; multiple answers seen.

    Where ``options.stream``, columns of few answers stay codes into them.
    """
    import pyarrow as pa

    layout, coded = rest.layout, options.stream
    # a delimiter at the end of every line makes a blank column without a name
    names = [
        name for name in table.column_names
        if name not in layout.blank or table.column(name).null_count < table.num_rows
    ]  # fmt: skip
    looked, ready, more = _typed(table.select(names), rest, options)
    columns: dict[str, Any] = {}
    meta: dict[str, Meta] = {}
    for name in names:
        columns[name] = ready[name].column
        tags = None
        if ready[name].tags is not None:
            tags = f"__tag__{name}"
            columns[tags] = ready[name].tags
        meta[name] = layout.meta(name, tags, ready[name].style is None)
    whole = pa.table(columns)
    sets: tuple[MultipleSet, ...] = ()
    if not coded:
        whole, sets = dummies.with_sets(whole, layout.labels)
    merged = text_notes((name, looked[name]) for name in names)
    apart = tuple(name for name in names if _in_blocks(table.column(name)))
    merged += [note("blocks", variables=apart)] if apart else []
    return Loaded(
        table=whole, names=layout.names, meta=meta, sets=sets,
        notes=(*notes, *layout.notes, *more, *merged),
    )  # fmt: skip


def _in_blocks(column: Any) -> bool:
    """Whether most rows are blank, and an answer stands in the first of those that it belongs to."""
    filled = len(column) - column.null_count
    return filled <= MOST_BLOCKS and column.null_count > filled and stands_in_blocks(column.to_pylist())


def _typed(table: Any, rest: _Rest, options: Options) -> tuple[dict[str, Examined], dict[str, Typed], list[Note]]:
    """Every column looked at, then typed in the marks that all of the file's columns decide."""
    layout, coded, names = rest.layout, options.stream, list(table.column_names)
    looked: dict[str, Examined] = {}
    ready: dict[str, Typed] = {}
    with crew(cores() if coded else 1) as share:
        share(lambda name: looked.update({name: examined(table.column(name), coded=coded)}), names)
        columns = {name: looked[name].written for name in names}
        unread = [name for name in layout.names if name not in looked]
        if unread and any(column.open(layout.delimiter) for column in columns.values()):
            columns |= rest.written(unread)
        columns = without_codes(columns)
        marks = decided(columns, layout.delimiter, options.dialect.decimal_mark)
        styles = {name: style for name, style in marks.chosen.items() if name not in options.texts}
        share(lambda name: ready.update({name: typed(looked[name], styles.get(name), coded=coded)}), names)
    return looked, ready, type_notes({name: ready[name] for name in names}, columns, marks.of(names))

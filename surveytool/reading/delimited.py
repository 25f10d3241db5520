"""csv, tsv and txt: encoding, delimiter, header rows and types found by looking, and said.

Every column is read as text first. A column becomes numbers only if every answer
is a plain number; "007", "Yes" and "NA" among texts stay as they are.
"""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path
from typing import Any

from surveytool.errors import UnreadableData
from surveytool.notes import Note, note
from surveytool.reading import dummies
from surveytool.reading.file_source import refuse_binary
from surveytool.reading.loaded import Loaded, Meta, Options
from surveytool.reading.profile import in_codes
from surveytool.reading.text_layout import DELIMITERS, SAMPLE, Layout, layout_of, usual
from surveytool.reading.typed_text import Typed, type_notes, typed
from surveytool.reading.wanted_columns import columns_to_read
from surveytool.stream.threads import cores, crew

LARGE = 256_000_000
MANY = 50_000  # rows from which codes are kept rather than answers
PARALLEL = 1 << 22  # bytes from which blocks are parsed side by side


def load(path: Path, options: Options) -> Loaded:
    """Read a delimited text file; raises ``UnreadableData`` with the line at fault."""
    if options.stream and path.stat().st_size >= LARGE:
        from surveytool.reading.delimited_stream import load_files

        return load_files([path], str(path), options)
    content = path.read_bytes()
    if path.suffix.lower() == ".gz":
        content = _unzip(path, content)
    refuse_binary(path, content)
    text, notes = _decode(path, content, options.encoding)
    layout = layout_of(path, text, "\t" if path.suffix.lower() == ".tsv" else None)
    if layout.delimiter != usual(path):
        notes = (*notes, note("delimiter", delimiter=DELIMITERS[layout.delimiter]))
    wanted = columns_to_read(layout.names, options.wanted, str(path))
    table = _parse(path, text, layout, wanted)
    if len(layout.blank) == len(layout.names) and all(
        table.column(name).null_count == table.num_rows for name in wanted
    ):
        raise UnreadableData("has neither names nor answers.", str(path), "Export the data again.")
    if table.num_rows == 0:
        raise UnreadableData("has a header but no respondents.", str(path), "Export the data again.")
    coded = options.stream and options.wanted is not None and table.num_rows >= MANY
    loaded = _finish(table, layout, notes, coded=coded)
    return in_codes(loaded, options, layout.labels) if coded else loaded


def _unzip(path: Path, content: bytes) -> bytes:
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


def _decode(path: Path, content: bytes, encoding: str | None) -> tuple[str, tuple[Note, ...]]:
    """The text: by the encoding given, a byte order mark's, UTF-8, else Windows Latin-1."""
    if encoding is not None:
        return _as(path, content, encoding), ()
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            notes = (note("encoding", encoding="UTF-16"),) if name == "utf-16" else ()
            return _as(path, content, name), notes
    zeros = content[:SAMPLE].count(0)
    if zeros:
        name = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        if zeros * 3 < min(len(content), SAMPLE):
            raise UnreadableData("holds NUL bytes and is no text file.", str(path), "Export the data again.")
        return _as(path, content, name), (note("encoding", encoding="UTF-16"),)
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), (note("encoding", encoding="Latin-1"),)


def _as(path: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableData(
            f"is not text in the encoding {encoding}.", str(path), "Name another with --encoding."
        ) from None
    except LookupError:
        raise UnreadableData(
            f"no encoding is called {encoding!r}.", str(path), "Write for example --encoding latin-1"
        ) from None


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


def _finish(table: Any, layout: Layout, notes: tuple[Note, ...], *, coded: bool) -> Loaded:
    """Types found column by column; blank columns without a name dropped; multiple answers seen.

    Where ``coded``, columns of few answers stay codes into them.
    """
    import pyarrow as pa

    comma = layout.delimiter != ","
    meta: dict[str, Meta] = {}
    columns: dict[str, Any] = {}
    found: list[tuple[str, Typed]] = []
    # a delimiter at the end of every line makes a blank column without a name
    names = [
        name for name in table.column_names
        if name not in layout.blank or table.column(name).null_count < table.num_rows
    ]  # fmt: skip
    with crew(cores() if coded else 1) as share:
        ready: dict[str, Typed] = {}
        share(lambda name: ready.update({name: typed(table.column(name), decimal_comma=comma, coded=coded)}), names)
    for name in names:
        made = ready[name]
        columns[name] = made.column
        tags = None
        if made.tags is not None:
            tags = f"__tag__{name}"
            columns[tags] = made.tags
        missing = (layout.mark,) if layout.mark and made.tags is None else ()
        meta[name] = Meta(label=layout.labels.get(name, ""), tags=tags, missing=missing)
        found.append((name, made))
    whole = pa.table(columns)
    more = type_notes(found)
    return Loaded(
        table=whole, names=layout.names, meta=meta, sets=() if coded else dummies.sets(whole, layout.labels),
        notes=(*notes, *layout.notes, *more),
    )  # fmt: skip

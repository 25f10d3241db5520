"""csv files larger than memory, or several as one: read in batches, by the same rules as a small one.

A first reading finds each column's type from all of its distinct texts; the next
ones hand over codes and numbers. The rules that need only the top of a file
(names, delimiter, extra header rows) look at the first file's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from surveytool import arrow
from surveytool.errors import UnreadableData
from surveytool.notes import Note, note
from surveytool.reading import dummies
from surveytool.reading.file_source import refuse_binary
from surveytool.reading.loaded import Loaded, Meta, Options
from surveytool.reading.profile import Profile, replicate_names
from surveytool.reading.text_layout import DELIMITERS, SAMPLE, Layout, layout_of, usual
from surveytool.reading.typed_text import (
    COMMA_NUMBER,
    DATE,
    LEADING_ZERO,
    LONG_INTEGER,
    NUMBER,
    TOKEN,
    Typed,
    days,
    type_notes,
    typed,
)
from surveytool.reading.wanted_columns import columns_to_read
from surveytool.stream import Stream
from surveytool.survey import Design

MOST_TEXTS = 65_536
BYTES = 1 << 24
TAG = "__tag__"


def load_files(paths: Sequence[Path], shown: str, options: Options) -> Loaded:
    """Read csv files with the same columns as one; a stream, or whole where that is not asked for.

    Raises ``UnreadableData``.
    """
    source = CsvSource(paths, options, shown)
    design = options.design or Design()
    names = source.names
    replicates = replicate_names(names, design)
    late = replicates if options.stream and options.wanted is not None else ()  # else a codebook counts their answers
    stream = Stream(source, names, design, replicates, late=late)
    if stream.rows == 0:
        raise UnreadableData("has a header but no respondents.", shown, "Export the data again.")
    profile: Any = Profile(stream.columns, stream.rows)
    meta, notes = source.meta(), (*source.notes, *source.layout.notes, *source.type_notes())
    frame: Any = stream if options.stream else None
    table = profile if options.stream else stream.table(names)
    sets = dummies.sets(profile, source.layout.labels)
    return Loaded(table=table, names=source.layout.names, meta=meta, sets=sets, notes=notes, frame=frame)


class _Texts:
    """All distinct texts of a column while they are few, else what every one of them has been so far."""

    def __init__(self, comma: bool) -> None:
        self.comma = comma
        self.texts: dict[str, int] | None = {}
        self.number, self.comma_number, self.date = True, True, True
        self.zero, self.long, self.token, self.some = False, False, False, False

    def add(self, distinct: Any) -> None:
        """Add a block's distinct texts, an Arrow array."""
        if self.texts is not None:
            for text in distinct.to_pylist():
                if text is not None:
                    self.texts.setdefault(text, len(self.texts))
            if len(self.texts) <= MOST_TEXTS:
                return
            import pyarrow as pa

            distinct, self.texts = pa.array(list(self.texts)), None
        token = arrow.matches(distinct, TOKEN)
        plain = arrow.call("filter", distinct, arrow.call("invert", token))
        self.token |= arrow.true_for_any(token)
        self.some |= len(plain) > 0
        self.number &= arrow.true_for_all(arrow.matches(plain, NUMBER))
        self.comma_number &= arrow.true_for_all(arrow.matches(plain, COMMA_NUMBER))
        self.date = self.date and arrow.true_for_all(arrow.matches(distinct, DATE)) and days(distinct) is not None
        self.zero |= arrow.true_for_any(arrow.matches(plain, LEADING_ZERO))
        self.long |= arrow.true_for_any(arrow.matches(plain, LONG_INTEGER))

    def typed(self) -> Typed | None:
        """Typed values of the distinct texts, in order; None where there were too many."""
        import pyarrow as pa

        if self.texts is None:
            return None
        return typed(pa.chunked_array([pa.array(list(self.texts), pa.string())]), decimal_comma=self.comma)

    @property
    def numeric(self) -> bool:
        """Whether a column of too many texts is one of numbers."""
        numbers = self.number or (self.comma and self.comma_number)
        return self.some and numbers and not self.zero and not self.long


class CsvSource:
    """Batches of typed columns from csv files; ``rows`` is known after the first reading."""

    def __init__(self, paths: Sequence[Path], options: Options, shown: str) -> None:
        self.paths, self.shown = list(paths), shown
        self.rows, self.notes = 0, ()  # type: int, tuple[Note, ...]
        self.encoding = options.encoding or "utf-8"
        self.layout = self._layout(self.paths[0], options.encoding)
        for path in self.paths[1:]:
            if self._layout(path, options.encoding).names != self.layout.names:
                raise UnreadableData(
                    f"has other columns than {self.paths[0].name}.", str(path), "Keep files of one survey in a folder."
                )
        wanted = columns_to_read(self.layout.names, options.wanted, shown)
        self._find_types(wanted)

    def _layout(self, path: Path, encoding: str | None) -> Layout:
        with self._open(path) as file:
            start = file.read(4 * SAMPLE)
        refuse_binary(path, start)
        try:
            text = start.decode(encoding or "utf-8-sig")
        except UnicodeDecodeError as error:
            if encoding is None and error.start < len(start) - 4:
                self.encoding = "cp1252"
                self.notes = (note("encoding", encoding="Latin-1"),)
            text = start.decode(encoding or self.encoding, errors="replace")
        except LookupError:
            raise UnreadableData(
                f"no encoding is called {encoding!r}.", str(path), "Write for example --encoding latin-1"
            ) from None
        layout = layout_of(path, text, "\t" if path.suffix.lower() == ".tsv" else None)
        if layout.delimiter != usual(path):
            self.notes = (*self.notes, note("delimiter", delimiter=DELIMITERS[layout.delimiter]))
        self._quoted = '"' in text
        return layout

    def _open(self, path: Path) -> Any:
        import pyarrow as pa

        return pa.input_stream(str(path), compression="gzip" if path.suffix.lower() == ".gz" else None)

    def _find_types(self, wanted: Sequence[str]) -> None:
        comma = self.layout.delimiter != ","
        seen = {name: _Texts(comma) for name in wanted}
        filled = dict.fromkeys(wanted, False)
        for batch in self._read(wanted):
            for name in wanted:
                codes = arrow.encode(batch.column(name))
                seen[name].add(codes.dictionary)
                filled[name] |= len(codes.dictionary) > 0
            self.rows += batch.num_rows
        self.columns = [name for name in wanted if filled[name] or name not in self.layout.blank]
        self._seen = {name: seen[name] for name in self.columns}
        self._typed = {name: each.typed() for name, each in self._seen.items()}

    @property
    def names(self) -> list[str]:
        """The columns, with those of tokens that stood for missing among numbers."""
        tagged = [f"{TAG}{name}" for name, each in self._typed.items() if each is not None and each.tags is not None]
        return [*self.columns, *tagged]

    def schema(self) -> Mapping[str, Any]:
        import pyarrow as pa

        found = {}
        for name, each in self._typed.items():
            seen = self._seen[name]
            many = pa.float64() if seen.numeric else pa.timestamp("s") if seen.date else pa.string()
            found[name] = many if each is None else each.column.type
        return found | {name: pa.string() for name in self.names if name.startswith(TAG)}

    def meta(self) -> dict[str, Meta]:
        """What the file says of its columns."""
        metas = {}
        for name, each in self._typed.items():
            tags = f"{TAG}{name}" if each is not None and each.tags is not None else None
            missing = (self.layout.mark,) if self.layout.mark and tags is None else ()
            metas[name] = Meta(label=self.layout.labels.get(name, ""), tags=tags, missing=missing)
        return metas

    def type_notes(self) -> list[Note]:
        """What a reader must know of the types found."""
        return type_notes([(name, each) for name, each in self._typed.items() if each is not None])

    def batches(self, names: Sequence[str], rows: int) -> Iterator[Any]:
        import pyarrow as pa

        columns = list(dict.fromkeys(name.removeprefix(TAG) for name in names))
        for batch in self._read(columns):
            made = {name: self._convert(name, batch.column(name.removeprefix(TAG))) for name in names}
            yield pa.record_batch(made)

    def _convert(self, name: str, texts: Any) -> Any:
        """A block of texts as codes into typed values, or as numbers."""
        import pyarrow as pa

        own = name.removeprefix(TAG)
        seen, kind = self._seen[own], self._typed[own]
        if kind is None:
            return _numbers(texts, seen) if seen.numeric else days(texts) if seen.date else texts
        values = kind.tags if name.startswith(TAG) else kind.column
        codes = arrow.encode(texts)
        assert seen.texts is not None
        places = np.array([seen.texts[text] for text in codes.dictionary.to_pylist()], dtype=np.int64)
        chosen = arrow.call("take", values, pa.array(places))
        chosen = chosen.combine_chunks() if hasattr(chosen, "combine_chunks") else chosen
        return pa.DictionaryArray.from_arrays(codes.indices, chosen)

    def _read(self, names: Sequence[str]) -> Iterator[Any]:
        """Batches of these columns as texts, blank as null."""
        import pyarrow as pa
        import pyarrow.csv as pc

        bad: list[Any] = []
        for path in self.paths:
            try:
                yield from pc.open_csv(
                    self._open(path),
                    read_options=pc.ReadOptions(
                        column_names=list(self.layout.names), skip_rows_after_names=self.layout.skip, block_size=BYTES,
                        encoding=self.encoding,
                    ),
                    parse_options=pc.ParseOptions(
                        delimiter=self.layout.delimiter, newlines_in_values=self._quoted,
                        invalid_row_handler=lambda row: bad.append(row) or "error",  # type: ignore[func-returns-value]
                    ),
                    convert_options=pc.ConvertOptions(
                        column_types=dict.fromkeys(names, pa.string()), include_columns=list(names), null_values=[""],
                        strings_can_be_null=True, quoted_strings_can_be_null=True,
                    ),
                )  # fmt: skip
            except pa.ArrowInvalid as error:
                if bad:
                    raise UnreadableData(
                        f"a data row has {bad[0].actual_columns} fields, the header has {bad[0].expected_columns}.",
                        str(path), "Mend that row, or export the file again.",
                    ) from None  # fmt: skip
                cure = "Name the encoding with --encoding, or export it again as csv."
                raise UnreadableData("cannot be read as a table of text.", str(path), cure) from error


def _numbers(texts: Any, seen: _Texts) -> Any:
    """Texts that are numbers or stand for missing, as floats."""
    import pyarrow as pa

    cleaned = arrow.call("utf8_trim_whitespace", texts)
    if not seen.number:
        cleaned = arrow.replaced(cleaned, ",", ".")
    if seen.token:
        token = arrow.matches(texts, TOKEN)
        cleaned = arrow.call("if_else", token, pa.nulls(len(texts), pa.string()), cleaned)
    return arrow.cast(cleaned, pa.float64())

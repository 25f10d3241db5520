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
from surveytool.reading.clean_text import cleaned
from surveytool.reading.file_source import refuse_binary
from surveytool.reading.loaded import Loaded, Meta, Options
from surveytool.reading.number_marks import NOTHING, Style, Written, decided, plainly
from surveytool.reading.profile import profile_of, replicate_names
from surveytool.reading.text_encoding import detected, shown, unknown
from surveytool.reading.text_layout import DELIMITERS, SAMPLE, Layout, layout_of, usual
from surveytool.reading.typed_text import (
    DATE,
    TOKEN,
    Examined,
    Typed,
    days,
    examined,
    number_texts,
    text_notes,
    type_notes,
    typed,
    without_codes,
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
    profile: Any = profile_of(stream)
    meta, notes = source.meta(), (*source.notes, *source.layout.notes, *source.type_notes())
    frame: Any = stream if options.stream else None
    table = profile if options.stream else stream.table(names)
    sets = dummies.sets(profile, source.layout.labels)
    return Loaded(table=table, names=source.layout.names, meta=meta, sets=sets, notes=notes, frame=frame)


class _Texts:
    """All distinct texts of a column while they are few, else what every one of them has been so far."""

    def __init__(self) -> None:
        self.texts: dict[str, int] | None = {}
        self.written: Written | None = None
        self.date, self.token = True, False
        self._looked: Examined | None = None

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
        distinct = _clean(distinct)
        token = arrow.matches(distinct, TOKEN)
        self.token |= arrow.true_for_any(token)
        self.date = self.date and arrow.true_for_all(arrow.matches(distinct, DATE)) and days(distinct) is not None
        if not arrow.true_for_all(token):
            block = number_texts(distinct, token)
            self.written = block if self.written is None else self.written.joined(block)

    def looked(self) -> Examined | None:
        """The distinct texts examined, in order; None where there were too many."""
        import pyarrow as pa

        if self.texts is not None and self._looked is None:
            self._looked = examined(pa.chunked_array([pa.array(list(self.texts), pa.string())]))
        return self._looked

    def how(self) -> Written:
        """How the column's numbers are written."""
        looked = self.looked()
        return looked.written if looked is not None else self.written or NOTHING


class CsvSource:
    """Batches of typed columns from csv files; ``rows`` is known after the first reading."""

    def __init__(self, paths: Sequence[Path], options: Options, shown: str) -> None:
        self.paths, self.shown = list(paths), shown
        self.rows, self.notes = 0, ()  # type: int, tuple[Note, ...]
        self.encoding, self.dialect = options.encoding or "utf-8", options.dialect
        self.known_texts = options.texts
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
                self.encoding = detected(start)
                self.notes = (note("encoding", encoding=shown(self.encoding)),)
            text = start.decode(encoding or self.encoding, errors="ignore")
        except LookupError:
            raise unknown(path, str(encoding)) from None
        layout = layout_of(path, text, "\t" if path.suffix.lower() == ".tsv" else None, self.dialect)
        if layout.delimiter != usual(path):
            self.notes = (*self.notes, note("delimiter", delimiter=DELIMITERS[layout.delimiter]))
        self._quoted = '"' in text
        return layout

    def _open(self, path: Path) -> Any:
        import pyarrow as pa

        return pa.input_stream(str(path), compression="gzip" if path.suffix.lower() == ".gz" else None)

    def _find_types(self, wanted: Sequence[str]) -> None:
        seen, self.rows = self._look(wanted)
        filled = {name for name, each in seen.items() if each.texts is None or each.texts}
        self.columns = [name for name in wanted if name in filled or name not in self.layout.blank]
        self._seen = {name: seen[name] for name in self.columns}
        self._written = {name: each.how() for name, each in self._seen.items()}
        unread = [name for name in self.layout.names if name not in seen]
        others: dict[str, Written] = {}
        if unread and any(each.open(self.layout.delimiter) for each in self._written.values()):
            others = {name: each.how() for name, each in self._look(unread)[0].items()}
        self._written = without_codes(self._written)
        self.marks = decided(self._written | without_codes(others), self.layout.delimiter, self.dialect.decimal_mark)
        self._typed = {name: self._type(name) for name in self.columns}

    def _look(self, names: Sequence[str]) -> tuple[dict[str, _Texts], int]:
        """What these columns hold, and how many rows there are."""
        seen, rows = {name: _Texts() for name in names}, 0
        for batch in self._read(names):
            for name in names:
                seen[name].add(arrow.encode(batch.column(name)).dictionary)
            rows += batch.num_rows
        return seen, rows

    def _style(self, name: str) -> Style | None:
        return None if name in self.known_texts else self.marks.chosen.get(name)

    def _type(self, name: str) -> Typed | None:
        looked = self._seen[name].looked()
        return None if looked is None else typed(looked, self._style(name))

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
            many = pa.float64() if self._style(name) else pa.timestamp("s") if seen.date else pa.string()
            found[name] = many if each is None else each.column.type
        return found | {name: pa.string() for name in self.names if name.startswith(TAG)}

    def meta(self) -> dict[str, Meta]:
        """What the file says of its columns."""
        metas = {}
        for name, each in self._typed.items():
            tags = f"{TAG}{name}" if each is not None and each.tags is not None else None
            metas[name] = self.layout.meta(name, tags, self._style(name) is None)
        return metas

    def type_notes(self) -> list[Note]:
        """What a reader must know of the types found."""
        found = {name: each for name, each in self._typed.items() if each is not None}
        found |= {name: Typed(column=None, style=self._style(name)) for name in self.columns if name not in found}
        looked = [(name, each.looked()) for name, each in self._seen.items()]
        merged = text_notes((name, each) for name, each in looked if each is not None)
        return [*type_notes(found, self._written, self.marks.of(self.columns)), *merged]

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
            style = self._style(own)
            return _numbers(texts, style) if style else days(texts) if seen.date else _clean(texts)
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
                        column_names=list(self.layout.names), skip_rows=self.layout.above, encoding=self.encoding,
                        skip_rows_after_names=self.layout.skip, block_size=BYTES,
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


def _clean(texts: Any) -> Any:
    """Texts in one form, without blanks around them."""
    made, _ = cleaned(texts)
    return made.combine_chunks() if hasattr(made, "combine_chunks") else made


def _numbers(texts: Any, style: Style) -> Any:
    """Texts that are numbers or stand for missing, as floats."""
    import pyarrow as pa

    texts = _clean(texts)
    token = arrow.matches(texts, TOKEN)
    plain = arrow.call("if_else", token, pa.nulls(len(texts), pa.string()), texts)
    return arrow.cast(plainly(plain, style), pa.float64())

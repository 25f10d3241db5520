"""SPSS, Stata and SAS files through pyreadstat: labels, missing kinds and multiple-response sets kept.

Values stay the file's codes. SPSS's declared missing values stay in the column
and are levels with a missing kind; tagged missing values (Stata .a to .z, SAS
.A to .Z) go to a column of their own, and the number is null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool import arrow
from surveytool.errors import SurveytoolError, UnreadableData
from surveytool.notes import Note, note
from surveytool.reading import old_letters, portable, readstat_arrow
from surveytool.reading.clean_text import clean, cleaned
from surveytool.reading.file_source import broken
from surveytool.reading.loaded import Loaded, Meta, MultipleSet, Options
from surveytool.reading.option_families import chosen_mark
from surveytool.reading.period import SPSS_EPOCH, floored, with_periods
from surveytool.reading.spss_rows import rows_beyond
from surveytool.reading.text_encoding import shown
from surveytool.reading.wanted_columns import columns_to_read
from surveytool.survey import Code

if TYPE_CHECKING:
    from numpy.typing import NDArray

READERS = {
    ".sav": ("read_sav", "an SPSS file"),
    ".zsav": ("read_sav", "a compressed SPSS file"),
    ".por": ("read_por", "an SPSS portable file"),
    ".dta": ("read_dta", "a Stata file"),
    ".sas7bdat": ("read_sas7bdat", "a SAS data set"),
    ".xpt": ("read_xport", "a SAS transport file"),
}
STATA_EPOCH = -315619200  # 1960-01-01
FRAGILE = True
LARGE = 1 << 20  # bytes, from which on the number of values is looked up before they are read
MANY = 1_000_000  # values, from which on faster ways of reading are worth what loading them costs


class StrangeLetters(UnreadableData):
    """Texts that are none in the encoding that a file says or that its format has."""


# Arrow values, where a column has any its tags, and how many of its dates are in no calendar
Columns = Mapping[str, tuple[Any, Any, int]]

UNTOLD = ""  # a counted value that is a text: the library reads numbers only


def prepare() -> None:
    """Load the library, so that a copy of this process has it."""
    import pyarrow  # noqa: F401
    import pyreadstat  # noqa: F401


def load(path: Path, options: Options) -> Loaded:
    """Read one of pyreadstat's formats; raises ``UnreadableData`` for a broken or mislabelled file."""
    if path.suffix.lower() == ".por":
        return old_letters.portable(lambda file: _load(file, options), path, options.encoding)
    if options.encoding is not None or not _says_no_encoding(path):
        return _load(path, options)
    try:
        loaded = _load(path, options)
        name = old_letters.encoding_of(loaded) if path.suffix.lower() == ".dta" else None
    except StrangeLetters:
        loaded = _load(path, replace(options, encoding="cp1252"))
        name = old_letters.encoding_of(loaded) or "cp1252"
    if name is None:
        return loaded
    loaded = loaded if name == "cp1252" else _load(path, replace(options, encoding=name))
    return replace(loaded, notes=(*loaded.notes, note("encoding", encoding=shown(name))))


def _says_no_encoding(path: Path) -> bool:
    """Whether a format leaves its encoding unsaid: SAS transport files, and Stata files before 14."""
    if path.suffix.lower() == ".xpt":
        return True
    if path.suffix.lower() != ".dta":
        return False
    with path.open("rb") as file:
        start = file.read(40)
    return not start.startswith(b"<stata_dta>") or b"<release>117" in start


def _load(path: Path, options: Options) -> Loaded:
    reader, expected = READERS[path.suffix.lower()]
    if not _whole(path):
        raise broken(path, expected)
    if reader == "read_sav":
        _refuse_more_rows(path)
    extra = _arguments(path, reader, options)
    if options.wanted is None and path.stat().st_size < LARGE:
        data, meta = _call(path, reader, expected, extra)
        return _arrange(path, _columns(data, meta), meta, meta.column_names)
    _, top = _call(path, reader, expected, {**extra, "metadataonly": True})
    wanted = columns_to_read(top.column_names, options.wanted, str(path), _sets(top))
    return _arrange(path, _chosen(path, top, wanted, extra), top, wanted)


def _chosen(path: Path, top: Any, wanted: list[str], extra: Mapping[str, Any]) -> Columns:
    """The columns asked for; many values without a Python object for each.

    ``top`` is what the file says of all its columns.
    """
    reader, expected = READERS[path.suffix.lower()]
    many = (top.number_rows or 0) * len(wanted) >= MANY
    ready: dict[str, Any] = {}
    if many and reader == "read_sav":
        ready = readstat_arrow.columns(path, top, wanted, extra.get("encoding"))
    rest = [name for name in wanted if name not in ready]
    if ready and not rest:
        return {name: (ready[name], None, 0) for name in wanted}
    form = "pandas" if many else "dict"
    data, meta = _call(path, reader, expected, {**extra, "usecols": rest, "output_format": form})
    read = _columns(data, meta)
    return {name: read[name] if name in read else (ready[name], None, 0) for name in wanted}


def _refuse_more_rows(path: Path) -> None:
    """Refuse an SPSS file that holds more rows than it states: the others would be lost without a word."""
    more = rows_beyond(path)
    if more is not None:
        raise UnreadableData(
            f"states {more[0]} respondents and holds {more[1]}.",
            str(path),
            "Open it in SPSS or PSPP and save it again.",
        )


def _whole(path: Path) -> bool:
    """Whether the end is there, in formats that mark it; the C library reads on without what is lost."""
    with path.open("rb") as file:
        start = file.read(11)
        file.seek(max(0, path.stat().st_size - 512))
        end = file.read().rstrip(b"\r\n\0 ")
    if start == b"<stata_dta>":
        return end.endswith(b"</stata_dta>")
    if path.suffix.lower() == ".xpt":
        return path.stat().st_size % 80 == 0  # records of 80 bytes
    return path.suffix.lower() != ".por" or end.endswith(b"Z")


def _arguments(path: Path, reader: str, options: Options) -> dict[str, Any]:
    found: dict[str, Any] = {"disable_datetime_conversion": True, "output_format": "dict"}
    if options.encoding and reader != "read_por":
        known = {"cp1252": "WINDOWS-1252", "mac-roman": "MACINTOSH", "cp932": "CP932"}
        found["encoding"] = known.get(options.encoding, options.encoding)
    if reader in ("read_sav", "read_dta", "read_sas7bdat"):
        found["user_missing"] = True
    catalogue = path.with_suffix(".sas7bcat")
    if reader == "read_sas7bdat" and catalogue.is_file():
        found["catalog_file"] = str(catalogue)
    return found


def _call(path: Path, reader: str, expected: str, extra: Mapping[str, Any]) -> tuple[Any, Any]:
    """pyreadstat raises many kinds of error for broken files; each becomes one line."""
    import pyreadstat

    from surveytool.reading.file_source import content_kind

    with path.open("rb") as file:
        kind = content_kind(file.read(512))
    if kind is not None and kind[1] != path.suffix.lower() and {kind[1], path.suffix.lower()} != {".sav", ".zsav"}:
        raise broken(path, expected)
    try:
        data, meta = getattr(pyreadstat, reader)(str(path), **extra)
    except (SurveytoolError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, UnicodeDecodeError) or "requested encoding" in str(error):
            raise StrangeLetters(
                "holds letters in another encoding than the file or --encoding says.", str(path),
                "Name it with --encoding, for example --encoding windows-1252",
            ) from error  # fmt: skip
        raise broken(path, expected) from error
    names = meta.column_names
    if not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names):
        raise broken(path, expected)
    return data, meta


def _columns(data: Mapping[str, Any], meta: Any) -> Columns:
    """What pyreadstat read, as Arrow; raises ``KeyError`` where a column is not there."""
    return {name: _column(name, data[name], meta) for name in meta.column_names}


def _arrange(path: Path, read: Columns, meta: Any, wanted: Sequence[str]) -> Loaded:
    import pyarrow as pa

    columns: dict[str, Any] = {}
    metas: dict[str, Meta] = {}
    for name in wanted:
        values, tags, _ = read[name]
        columns[name] = values
        tag_name = None
        if tags is not None:
            tag_name = f"__tag__{name}"
            columns[tag_name] = tags
        metas[name] = _meta(name, meta, tag_name)
        metas[name] = with_periods(metas[name], values, meta.original_variable_types.get(name) or "")
    table = pa.table(columns)
    if meta.number_rows not in (None, table.num_rows) and table.num_columns:
        raise broken(path, READERS[path.suffix.lower()][1])
    if table.num_rows == 0:
        from surveytool.errors import UnreadableData

        raise UnreadableData("has no respondents.", str(path), "Export the data again.")
    declared = (each for each in _sets(meta) if set(each.columns) <= set(columns))
    kept = tuple(each for one in declared if (each := _marked(one, columns)) is not None)
    strange = {name: read[name][2] for name in wanted if read[name][2]}
    notes: tuple[Note, ...] = (note("no_days", n=sum(strange.values()), variables=tuple(strange)),) if strange else ()
    if path.suffix.lower() == ".por":
        table, metas = portable.with_declared(path, table, metas)
        metas, unmet = _met(table, metas)
        notes = (*notes, note("portable_missing", variables=unmet)) if unmet else notes
    return Loaded(table=table, names=tuple(meta.column_names), meta=metas, sets=kept, notes=notes)


def _met(table: Any, metas: Mapping[str, Meta]) -> tuple[dict[str, Meta], tuple[str, ...]]:
    """Labels of codes that occur: of a portable file the library reads declared missing codes as blanks.

    Then the columns that lost labels and have blanks, where the blanks may be such codes.
    """
    found, unmet = {}, []
    for name, meta in metas.items():
        if meta.missing or meta.ranges:
            found[name] = meta
            continue
        there = {float(value) if isinstance(value, int) else value for value in table.column(name).unique().to_pylist()}
        labels = {code: label for code, label in meta.labels.items() if code in there}
        if len(labels) < len(meta.labels) and table.column(name).null_count:
            unmet.append(name)
            meta = replace(meta, labels=labels)
        found[name] = meta
    return found, tuple(unmet)


def _column(name: str, values: Any, meta: Any) -> tuple[Any, Any, int]:
    """One column, a list or a pandas series, as Arrow; its tags where it has any; its dates that are in no calendar."""
    import pyarrow as pa

    if meta.readstat_variable_types.get(name) == "string":
        return cleaned(arrow.texts([_text(value) for value in values]))[0], None, 0
    try:
        numbers = np.array(values, dtype=np.float64)
        tags = None
    except (ValueError, TypeError):
        numbers = np.array([None if isinstance(value, str) else value for value in values], dtype=np.float64)
        tags = arrow.texts([f".{value}" if isinstance(value, str) else None for value in values])
    form = meta.original_variable_types.get(name) or ""
    numbers = floored(numbers, form)
    date = _seconds(numbers, form, _family(meta))
    if date is None:
        return arrow.fixed(numbers, ~np.isnan(numbers), pa.float64()), tags, 0
    return date, tags, int(np.isfinite(numbers).sum()) - (len(date) - date.null_count)


def _text(value: Any) -> str | None:
    """A text without its padding; None and pandas' own missing value stay missing."""
    return value.rstrip() or None if isinstance(value, str) else None


def _family(meta: Any) -> str:
    """spss, stata or sas, from pyreadstat's name of the format."""
    text = str(meta.file_format or "").lower()
    if "sav" in text or "por" in text:
        return "spss"
    return "stata" if "dta" in text else "sas"


def _seconds(numbers: NDArray[np.float64], form: str, kind: str) -> Any:
    """Dates as Arrow timestamps, or None where the format is no date; days out of range are null."""
    import pyarrow as pa

    scale = _date_scale(form.upper(), kind)
    if scale is None:
        return None
    epoch = SPSS_EPOCH if kind == "spss" else STATA_EPOCH
    with np.errstate(invalid="ignore", over="ignore"):
        seconds = np.floor(numbers * scale) + epoch
    known = np.isfinite(seconds) & (np.abs(seconds) < 2.5e11)
    whole = np.where(known, seconds, 0).astype(np.int64)
    return arrow.fixed(whole, known, pa.timestamp("s"))


def _date_scale(form: str, kind: str) -> float | None:
    """Seconds in one unit of a date format; None for other formats."""
    if kind == "spss":
        return 1.0 if re.match(r"(A|E|S|J)?DATE\d|DATETIME|YMDHMS", form) else None
    if kind == "stata":
        form = form.lstrip("%-")
        if form.startswith("TC"):
            return 0.001
        return 86400.0 if form.startswith(("TD", "D")) else None
    if re.match(r"DATETIME|DATEAMPM|E8601DT|B8601DT|NLDATM|MDYAMPM", form):
        return 1.0
    return (
        86400.0
        if re.match(r"DATE|DDMMYY|MMDDYY|YYMMDD|E8601DA|B8601DA|JULIAN|WEEKDAT|WORDDAT|NLDATE|MONYY", form)
        else None
    )


def _meta(name: str, meta: Any, tags: str | None) -> Meta:
    labels: dict[Code, str] = {}
    text = meta.readstat_variable_types.get(name) == "string"
    for code, label in (meta.variable_value_labels.get(name) or {}).items():
        labels[_code(code, text)] = str(label)
    missing: list[Code] = []
    ranges: list[tuple[float, float]] = []
    for each in meta.missing_ranges.get(name) or []:
        low, high = each["lo"], each["hi"]
        if isinstance(low, str) or low == high:
            missing.append((clean(low) or "") if isinstance(low, str) else float(low))
        else:
            ranges.append((float(low), float(high)))
    return Meta(
        label=(meta.column_names_to_labels.get(name) or "").strip(),
        labels=labels,
        missing=tuple(missing),
        ranges=tuple(ranges),
        tags=tags,
        scale=meta.variable_measure.get(name) == "scale",
    )


def _code(code: Any, text: bool) -> Code:
    """A value label's code: a tag such as ".a" for a letter on a number, else the value."""
    if isinstance(code, str):
        return (clean(code) or "") if text or len(code) != 1 else f".{code}"
    return float(code)


def _marked(each: MultipleSet, columns: Mapping[str, Any]) -> MultipleSet | None:
    """A set whose counted value is a text, which the library does not tell: the mark that the columns hold."""
    if each.counted != UNTOLD:
        return each
    mark = chosen_mark([columns[name] for name in each.columns])
    return None if mark is None else replace(each, counted=mark)


def _sets(meta: Any) -> tuple[MultipleSet, ...]:
    found = []
    for name, each in (getattr(meta, "mr_sets", None) or {}).items():
        counted = each["counted_value"] if each["is_dichotomy"] else None
        counted = UNTOLD if each["is_dichotomy"] and counted is None else counted
        if isinstance(counted, (int, float)):
            counted = float(counted)
        found.append(
            MultipleSet(
                name=name.lstrip("$"),
                label=each["label"] or "",
                columns=tuple(each["variable_list"]),
                counted=counted,
            )
        )
    return tuple(each for each in found if each.columns)

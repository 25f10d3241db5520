"""Files and frames in: each format hands over an Arrow table and what it knows of its columns.

To add a format, write one module with ``load(path, options) -> Loaded`` and one
line in ``FORMATS``; the contract tests pick it up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from surveytool.errors import UnreadableData, UsageError
from surveytool.lazy import registered
from surveytool.notes import Note, note
from surveytool.reading.hints import looks_like_design, looks_like_identifier, looks_personal
from surveytool.reading.infer import codebook, members
from surveytool.reading.loaded import Choice, Dialect, Given, Loaded, Options
from surveytool.reading.platforms import own_columns
from surveytool.reading.roster_links import ROSTER_COLUMNS
from surveytool.survey import Design, Kind, Provenance, Survey
from surveytool.survey.setting import choice, one_kind

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS: dict[str, str] = {
    ".csv": "delimited:load",
    ".tsv": "delimited:load",
    ".txt": "delimited:load",
    ".gz": "delimited:load",
    ".sav": "statistical:load",
    ".zsav": "statistical:load",
    ".por": "statistical:load",
    ".dta": "statistical:load",
    ".sas7bdat": "statistical:load",
    ".xpt": "statistical:load",
    ".xlsx": "workbook:load",
    ".xlsm": "workbook:load",
    ".xls": "workbook:load",
    ".ods": "workbook:load",
    ".parquet": "columnar:load",
    ".duckdb": "database:load",
    ".ddb": "database:load",
    ".zip": "archive:load",
}

__all__ = [
    "FORMATS",
    "Dialect",
    "looks_like_design",
    "looks_like_identifier",
    "looks_personal",
    "members",
    "own_columns",
    "read",
]


def read(
    source: Any,
    *,
    design: Design | None = None,
    columns: Sequence[str] | Choice | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    kinds: Mapping[str, Kind] | None = None,
    keep_missing: bool = False,
    stream: bool = False,
    engine: str | None = None,
    spark: str | None = None,
    dialect: Dialect | None = None,
    prepared: Sequence[Callable[[Loaded], Loaded]] = (),
    codebook: str | Path | None = None,
) -> Survey:
    """Read a data file, or take a data frame, as a Survey.

    ``columns`` reads only these (and the design's own); ``kinds`` overrides what a
    column is taken for; ``dialect`` says how a text file or workbook is written, where
    that is not found by looking; ``keep_missing`` takes codes labelled "Don't know" and
    the like for numbers. A folder or a pattern (``waves/*.parquet``) of csv or
    Parquet files is read as one file, ``data.duckdb::table`` is a table, and so is
    ``postgresql://user@host/database::schema.table``. ``stream`` leaves what is
    large where it is: the frame is then a ``Stream`` that gives the respondents in
    blocks. ``engine="spark"`` leaves Parquet, or a table by its name, on the cluster
    whose address ``spark`` is; a Spark frame stays there too. ``prepared`` are steps between
    a file's content and its codebook, which need it in memory; ``codebook`` is a file of labels (.sps, Triple-S,
    DDI, our own json or csv). Raises
    ``UnreadableData`` for a file that cannot be read, ``UnknownVariable`` for a
    name that it does not have.
    """
    plan = one_kind(design, Design, "design") or Design()
    for name, kind in (kinds or {}).items():
        choice(kind, get_args(Kind), f"kinds[{name!r}]")
    if codebook is not None:
        from surveytool.reading.label_files import read_labels

        prepared = (read_labels(Path(codebook)), *prepared)
    given = Given(kinds=kinds or {}, keep_missing=keep_missing, sheet=sheet, prepared=tuple(prepared))
    options = Options(
        wanted=_wanted(columns, plan),
        encoding=encoding,
        sheet=sheet,
        stream=stream and codebook is None and not plan.needs_respondents,
        design=plan,
        dialect=dialect or Dialect(),
        kinds=given.kinds,
    )
    if engine == "spark" or type(source).__module__.startswith("pyspark."):
        return _on_cluster(source, spark, plan, options, given)
    if isinstance(source, str) and "://" in source:
        from surveytool.reading.address import is_address

        if is_address(source):
            return _from_server(source, plan, options, given)
    if isinstance(source, (str, Path)):
        return _from_file(Path(source), str(source), plan, options, given)
    from surveytool.reading.data_frame import load

    loaded = load(source, options)
    return _survey(replace(loaded, frame=source), plan, given, Provenance(rows=loaded.table.num_rows))


def _on_cluster(source: Any, address: str | None, design: Design, options: Options, given: Given) -> Survey:
    """A survey whose respondents stay on a Spark cluster."""
    from surveytool.reading import cluster

    if design.recruitment is not None:
        raise UsageError("who recruited whom needs every respondent.", "--engine", "Read the file into memory.")
    if design.calibrated is not None:
        cure = "Read the file into memory."
        raise UsageError("the variance of calibrated weights needs every respondent.", "--engine", cure)
    named = str(source) if isinstance(source, (str, Path)) else None
    pushed = named is None
    loaded = cluster.pushed(source, options, "data frame") if pushed else cluster.load(str(source), address, options)
    return _survey(loaded, design, given, Provenance(path=named, rows=loaded.table.num_rows))


def _from_server(address: str, design: Design, options: Options, given: Given) -> Survey:
    """A survey of a table on a PostgreSQL server; what is told of the address is without its password."""
    from surveytool.reading import server

    loaded, provenance = server.load(address, options)
    return _survey(loaded, design, given, provenance)


def _wanted(columns: Sequence[str] | Choice | None, design: Design) -> list[str] | Choice | None:
    if isinstance(columns, Choice):
        return columns
    if columns is None or design.units_unknown:
        return None
    replicates = design.replicates.columns if design.replicates is not None else ()
    return list(dict.fromkeys([*columns, *design.columns(), *replicates]))


def _from_file(path: Path, shown: str, design: Design, options: Options, given: Given) -> Survey:
    from surveytool.reading import file_source, sidecar

    if path.suffix.lower() not in FORMATS or "::" in shown or any(sign in shown for sign in "*?["):
        from surveytool.reading.many_files import several

        found = several(shown)
        if found is not None:
            load, hashed = found
            loaded = _in_types(load, options)
            return _survey(loaded, design, given, Provenance(path=shown, sha256=hashed(), rows=loaded.table.num_rows))
    if path.suffix.lower() not in FORMATS:
        file_source.check(path)
        raise UnreadableData(
            f"no reader for the suffix {path.suffix or '(none)'!r}.", shown, f"Known: {', '.join(FORMATS)}"
        )
    file_source.check(path)
    book = sidecar.beside(path)
    hashed = file_source.hashing(path)
    if book is not None:
        options = replace(sidecar.columns_of(book, options), stream=False, texts=sidecar.texts_of(book))
    loaded = _in_types(lambda options: load_file(path, options), options)
    loaded = loaded if book is None else sidecar.applied(loaded, book, path)
    loaded = replace(loaded, notes=(*loaded.notes, *file_source.note_beside(path)))
    provenance = Provenance(path=shown, sha256=hashed(), rows=loaded.table.num_rows)
    survey = _survey(loaded, design, given, provenance)
    if path.suffix.lower() != ".dta":
        return survey
    from surveytool.reading.stata_characteristics import applied

    return applied(survey, path)


def _in_types(load: Callable[[Options], Loaded], options: Options) -> Loaded:
    """The content; in memory where texts must be read anew as the numbers or dates that they are said to be."""
    loaded = load(options)
    if loaded.frame is None or not options.kinds:
        return loaded
    from surveytool.reading.given_kinds import to_read_anew

    return load(replace(options, stream=False)) if to_read_anew(loaded, options.kinds) else loaded


def load_file(path: Path, options: Options) -> Loaded:
    """The file's content by its format's reader; in a process of its own where the library may crash."""
    address = FORMATS[path.suffix.lower()]
    load: Callable[[Path, Options], Loaded] = registered(__name__, address)
    reader = registered(__name__, address.partition(":")[0])
    if not getattr(reader, "FRAGILE", False):
        return load(path, options)
    from surveytool.reading.sandbox import read_aside

    reader.prepare()
    return read_aside(load, path, options)


def _survey(loaded: Loaded, design: Design, given: Given, provenance: Provenance) -> Survey:
    from surveytool.reading.answer_notes import answer_notes
    from surveytool.reading.missing_mark import with_marks
    from surveytool.reading.not_asked import with_blanks
    from surveytool.reading.option_families import with_families
    from surveytool.reading.platforms import interview_notes
    from surveytool.reading.taken_apart import with_lists

    for prepare in given.prepared:
        loaded = prepare(loaded)
    if given.kinds:
        from surveytool.reading.given_kinds import with_given_kinds

        loaded = with_given_kinds(loaded, given.kinds)
    loaded = with_blanks(with_families(with_lists(with_marks(loaded), given.kinds)))
    frame = loaded.table if loaded.frame is None else loaded.frame
    if given.prepared:
        rows = loaded.table.num_rows - loaded.units
        provenance = replace(provenance, rows=rows, ledger=loaded.ledger)
    book, notes = codebook(loaded, given.kinds, keep_missing=given.keep_missing)
    return Survey(
        frame=frame, codebook=book, design=design, provenance=provenance,
        notes=(*loaded.notes, *notes, *answer_notes(book, loaded), *interview_notes(loaded),
               *_weights_hint(loaded, design), *_roster_hint(loaded, given.sheet)),
    )  # fmt: skip


def _roster_hint(loaded: Loaded, sheet: str | None) -> list[Note]:
    """A sheet whose rows stand in interviews of another one: no independent respondents."""
    column = next((name for name in ROSTER_COLUMNS if name in loaded.names), None)
    if column is None:
        return []
    return [note("roster_sheet", column=column, sheet=sheet or "SHEET")]


def _weights_hint(loaded: Loaded, design: Design) -> list[Note]:
    """A column that looks like weights and is not used: proposed, never applied."""
    if design.weights is not None:
        return []
    from surveytool.reading.body_weight import beside_bodies, in_kilograms
    from surveytool.reading.design_names import official_part

    named = [name for name in loaded.names if looks_like_design(name) == "weights"]
    found = [
        name for name in named
        if official_part(name) == "weights"
        or not (in_kilograms(name, loaded.meta[name].label if name in loaded.meta else "")
                or beside_bodies(name, loaded.names))
    ]  # fmt: skip
    return [note("weights_hint", column=found[0])] if found else []

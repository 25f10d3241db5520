"""``surveytool convert``: a data file in another format, its labels and missing kinds kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveytool.cli import completion, screen
from surveytool.cli import options as o
from surveytool.cli.command_source import typed
from surveytool.cli.option_groups import READING, open_whole, takes
from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.survey import Survey
    from surveytool.text import Words
    from surveytool.writing.sheet import Saved, Sheet

In = Annotated[
    str, typer.Argument(metavar="IN", help="A data file, a table of a database, or a study file.", show_default=False)
]
Out = Annotated[
    Path,
    typer.Argument(metavar="OUT", help="The file to write: sav, zsav, dta, csv, tsv, xlsx, parquet.",
                   show_default=False),
]  # fmt: skip
Drop = Annotated[
    list[str] | None,
    typer.Option("--drop", metavar="NAME", show_default=False,
                 help="Leave a variable out; repeat it; a pattern such as 'gps*' too.",
                 autocompletion=completion.variables),
]  # fmt: skip
WithIdentifiers = Annotated[
    bool,
    typer.Option("--with-identifiers", rich_help_panel=o.OUTPUT,
                 help="Write columns that may name, reach or locate respondents all the same."),
]  # fmt: skip


@takes(READING)
def convert(
    source: In,
    target: Out,
    given: Mapping[str, Any],
    drop: Drop = None,
    with_identifiers: WithIdentifiers = False,
    overwrite: o.Overwrite = False,
    lang: o.Lang = "en",
) -> None:
    """Between data files: codes, labels, missing kinds and questions with several answers kept.

    What a format cannot hold goes into a codebook beside the file, which
    surveytool reads with it. Of a study file its recodes, labels and the
    rows that count go along. Names, phones, places and the like stop it,
    unless they are dropped or wanted.

    surveytool convert transit.sav transit.dta
    """
    from functools import partial

    from surveytool.output_files import check_target, write, write_by
    from surveytool.reading import sidecar
    from surveytool.stream import Stream
    from surveytool.text import words
    from surveytool.writing import check_suffix, save, stream
    from surveytool.writing.sheet import sheets_of

    said = words(lang)
    check_suffix(target)
    beside = sidecar.place(target)
    check_target(target, overwrite=overwrite, source=Path(source))
    for more in (beside, _note(target)):
        check_target(more, overwrite=overwrite)
    survey, said = _opened(source, {**given, "lang": lang if typed("lang") else None}, target, overwrite, said)
    laid = _laid(survey, drop or [])
    if not laid.columns:
        raise UsageError("nothing is left to write.", "--drop", "Drop fewer variables.")
    if not with_identifiers:
        refuse_identifiers(survey, laid)
    if isinstance(survey.frame, Stream):
        saved = write_by(target, partial(stream, sheets_of(survey, drop or []), target), overwrite=overwrite)
    else:
        saved = _with_characteristics(save(laid, target), source, target, survey, laid)
        write(target, saved.content, overwrite=overwrite)
    if saved.codebook is not None:
        write(beside, saved.codebook, overwrite=overwrite)
    elif beside.exists():
        beside.unlink()  # what stood there was about the file that is replaced
    _keep_note(survey, target, overwrite)
    _tell(saved, laid, target, survey, said)


def _with_characteristics(saved: Saved, source: str, target: Path, survey: Survey, laid: Sheet) -> Saved:
    """A Stata file with the svyset, the label languages and the notes of its source, else with the study's design."""
    if target.suffix.lower() != ".dta":
        return saved
    from surveytool.writing.stata_characteristics import kept_from, svyset_of, with_characteristics

    names = {column.name for column in laid.columns}
    origin = Path(survey.provenance.path or source)
    stata = origin.suffix.lower() == ".dta" and origin.exists()
    kept = kept_from(origin, names) if stata else ()
    if not any(each.name.startswith("_svy_") for each in kept):
        kept = (*kept, *svyset_of(survey.design, names))
    return replace(saved, content=with_characteristics(saved.content, kept, origin if stata else None))


def _opened(source: str, given: Mapping[str, Any], target: Path, overwrite: bool, said: Words) -> tuple[Survey, Words]:
    """A data file; of a study what it makes of its data, with all its answers named, and the words of its language."""
    from surveytool.output_files import check_target
    from surveytool.stream import Stream
    from surveytool.text import words
    from surveytool.writing import STREAMS
    from surveytool.writing.made_codes import LABELLED_NUMBERS, declared, numbered

    suffix = target.suffix.lower()
    survey, study = open_whole(source, given, stream=suffix in STREAMS)
    if study is None:
        return survey, said
    check_target(target, overwrite=overwrite, source=study.data_path)
    written = numbered if suffix in LABELLED_NUMBERS and not isinstance(survey.frame, Stream) else declared
    return written(survey, [name for name, _, _ in study.derived()]), words(given["lang"] or study.language)


def _laid(survey: Survey, drop: Sequence[str]) -> Sheet:
    """What is to be written; of a stream its first block, which has the columns, and the number of all rows."""
    from surveytool.stream import Stream
    from surveytool.writing.sheet import sheet_of, sheets_of

    if isinstance(survey.frame, Stream):
        return replace(next(sheets_of(survey, drop)), rows=survey.frame.rows)
    return sheet_of(survey, drop)


def refuse_identifiers(survey: Survey, laid: Sheet, way: str = "with {drops}") -> None:
    """Stop where a column may name, reach or locate respondents; ``way`` is how the command can leave it out."""
    from surveytool.checks.personal_data import personal
    from surveytool.checks.raw_survey import RawSurvey

    raw = RawSurvey(survey)
    kept = [column.name for column in laid.columns]
    found = [name for name in kept if name in raw.names and personal(raw, name)]
    if found:
        shown = ", ".join(found[:8]) + (f" and {len(found) - 8} more" if len(found) > 8 else "")
        drops = " ".join(f"--drop {name}" if name.isidentifier() else f"--drop '{name}'" for name in found[:8])
        raise UsageError(
            f"holds what may name, reach or locate respondents: {shown}. Nothing was written.",
            survey.provenance.path or "",
            f"Leave it out {way.format(drops=drops)}, or write it all the same with --with-identifiers.",
        )


def _note(target: Path) -> Path:
    return target.with_name(f"{target.name}.note")


def _keep_note(survey: Survey, target: Path, overwrite: bool) -> None:
    """What a note beside the data says of them goes on with them."""
    from surveytool.output_files import write

    text = next((str(dict(note.values)["text"]) for note in survey.notes if note.code == "file_note"), None)
    if text is not None:
        write(_note(target), f"{text}\n".encode(), overwrite=overwrite)


def _tell(saved: Saved, laid: Sheet, target: Path, survey: Survey, said: Words) -> None:
    from surveytool.notes import note
    from surveytool.reading import sidecar

    screen.remark(said.fill("convert_wrote", path=target, rows=laid.rows, columns=len(laid.columns)))
    if saved.codebook is not None:
        screen.remark(said.fill("convert_beside", path=sidecar.place(target)))
    for each in saved.notes:
        screen.remark(said.say(each))
    written = {column.name for column in laid.columns}
    texts = tuple(name for name, each in survey.codebook.items() if each.kind == "text" and name in written)
    if texts:
        screen.remark(said.say(note("convert_free_texts", names=texts)))

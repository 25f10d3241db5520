"""``surveytool clean``: a cleaning log applied to a raw export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from surveytool.cli import options as o
from surveytool.cli import screen
from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.cleaning.cleaning_log import LogTable
    from surveytool.cleaning.review import Review
    from surveytool.text import Words
    from surveytool.writing.cleaned_file import Cleaned

Raw = Annotated[
    str, typer.Argument(metavar="EXPORT", help="The raw export (csv, workbook), or a study.", show_default=False)
]
Log = Annotated[
    Path | None, typer.Option("--log", metavar="LOG", show_default=False, help="The cleaning log: csv or a workbook.")
]
Tool = Annotated[
    Path | None,
    typer.Option("--tool", metavar="FORM.xlsx", show_default=False,
                 help="The form (XLSForm): new answers that are in none of its lists are told."),
]  # fmt: skip
Clean = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="CLEAN", rich_help_panel=o.OUTPUT, show_default=False,
                 help="The clean file: csv, or xlsx, which holds rosters too."),
]  # fmt: skip
ReviewOption = Annotated[
    Path | None,
    typer.Option("--review", metavar="OTHER", rich_help_panel=o.OUTPUT, show_default=False,
                 help="Compare with another cleaned file instead of writing."),
]  # fmt: skip
Uuid = Annotated[
    str | None,
    typer.Option("--uuid", metavar="NAME", show_default=False,
                 help="The export's column that names the interviews. Default: _uuid, KEY, instanceID ..."),
]  # fmt: skip


def clean(
    source: Raw,
    log: Log = None,
    output: Clean = None,
    review: ReviewOption = None,
    uuid: Uuid = None,
    tool: Tool = None,
    sheet: o.Sheet = None,
    encoding: o.Encoding = None,
    overwrite: o.Overwrite = False,
    lang: o.Lang = "en",
) -> int:
    """A cleaning log applied to a raw export: cells changed, interviews removed with their rosters.

    The list of a question with several answers and its 0/1 columns are remade from each other. What the log asks
    for and the export does not have is told by the rows of the log; an old value that differs is a warning.

    Exit status 0; 1 where --review finds a difference.

    surveytool clean raw.xlsx --log cleaning_log.xlsx -o clean.xlsx
    """
    from surveytool.output_files import check_target
    from surveytool.text import words
    from surveytool.writing.cleaned_file import CLEANED
    from surveytool.writing.cleaned_file import clean as cleaned

    said = words(lang)
    if (output is None) == (review is None):
        raise UsageError("needs a file to write, or one to compare with.", "clean", "Write -o CLEAN or --review OTHER.")
    source, table = _of_study(source, log)
    if output is not None:
        if output.suffix.lower() not in CLEANED:
            raise UsageError(f"a clean file ends in {', '.join(CLEANED)}.", str(output), "Name it so.")
        check_target(output, overwrite=overwrite, source=Path(source))
    result = cleaned(source, table, uuid=uuid, sheet=sheet, encoding=encoding, tool=tool)
    if output is not None:
        result.save(output, overwrite=overwrite)
    _tell(result, output, said)
    return 0 if review is None else _compare(result.review(review), review, said)


def _of_study(source: str, log: Path | None) -> tuple[str, str | LogTable]:
    """The export and its log; of a study those of its [data]. Raises ``UsageError`` where there is no log."""
    from dataclasses import replace

    from surveytool.study import load_study

    study = load_study(Path(source)) if source.lower().endswith(".toml") else None
    table = study.data.log_table() if study is not None and study.data is not None else None
    if log is None and (table is None or study is None):
        raise UsageError("Missing option '--log'.", "clean", "Name the cleaning log.")
    if study is not None:
        source = str(study.data_path or study.data_source)
    if log is not None or table is None or study is None:
        return source, str(log)
    return source, replace(table, path=str(study.path.parent / table.path))


def _tell(result: Cleaned, output: Path | None, said: Words) -> None:
    """What was done and what could not be, on the screen."""
    if output is not None:
        screen.remark(said.fill("clean_wrote", path=output, rows=len(result.export.main.rows)))
    for note in result.notes:
        screen.remark(said.say(note))


def _compare(review: Review, other: Path, said: Words) -> int:
    """The differences, one line a question; 1 where there are any."""
    lines = [said.fill("review_cells", path=other, same=review.same, cells=review.cells)]
    lines += [said.fill("review_question", name=name, n=n) for name, n in review.differs]
    sides = (("review_only_here", review.only_here), ("review_only_there", review.only_there))
    lines += [said.fill(key, n=n) for key, n in sides if n]
    more = (("review_columns_here", review.columns_here), ("review_columns_there", review.columns_there))
    lines += [said.fill(key, names=names) for key, names in more if names]
    screen.out("".join(f"{line}\n" for line in lines).encode())
    return 0 if review.agrees else 1

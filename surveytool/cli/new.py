"""``surveytool new``: a first study file from a data file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli import screen
from surveytool.cli.option_groups import READING, dialect_of, known_kinds, reading_of, takes
from surveytool.errors import UsageError

Data = Annotated[
    str | None, typer.Argument(metavar="DATA", help="A data file, or a table of a database.", show_default=False)
]
Template = Annotated[
    bool,
    typer.Option("--template", rich_help_panel=o.OUTPUT, help="Print a study file with every setting, without data."),
]
Study = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="STUDY.toml", rich_help_panel=o.OUTPUT, show_default=False,
                 help="The study file to write; without it the study is printed."),
]  # fmt: skip
Accept = Annotated[
    bool,
    typer.Option("--accept", rich_help_panel=o.DESIGN,
                 help="Apply the design columns that are found, instead of proposing them as comments."),
]  # fmt: skip
LogOption = Annotated[
    Path | None,
    typer.Option("--log", metavar="LOG", show_default=False, help="A cleaning log, applied before the data are read."),
]
LoaOption = Annotated[
    Path | None,
    typer.Option("--loa", metavar="LOA", show_default=False,
                 help="A list of analysis, whose lines are the tables instead of drafted ones."),
]  # fmt: skip

FrameOption = Annotated[
    Path | None,
    typer.Option("--frame", metavar="FRAME", rich_help_panel=o.DESIGN, show_default=False,
                 help="A sampling frame (strata and their people), from which weights and strata are made."),
]  # fmt: skip
Tool = Annotated[
    Path | None,
    typer.Option("--tool", metavar="FORM.xlsx", rich_help_panel=o.READING, show_default=False,
                 help="The form (XLSForm) that the data were collected with."),
]  # fmt: skip


@takes(READING)
def new(
    given: Mapping[str, Any],
    data: Data = None,
    output: Study = None,
    tool: Tool = None,
    accept: Accept = False,
    template: Template = False,
    log: LogOption = None,
    loa: LoaOption = None,
    frame: FrameOption = None,
    overwrite: o.Overwrite = False,
    lang: o.Lang = "en",
) -> None:
    """A commented study file from a data file, ready to use and to edit.

    Columns of the design are guessed by their names and contents, and proposed
    as comments with the reason; nothing is applied unless --accept. With the form
    (--tool) labels in all its languages, lists, filters and personal data are known.

    surveytool new transit.sav -o study.toml

    surveytool new export.xlsx --tool form.xlsx --accept -o study.toml
    """
    from surveytool.checks.raw_survey import RawSurvey
    from surveytool.output_files import check_target, write
    from surveytool.reading.address import is_address, shown
    from surveytool.study_draft import guesses
    from surveytool.study_draft.first_study import first_study
    from surveytool.study_draft.study_text import Plan
    from surveytool.text import words

    if template:
        _template(output, overwrite)
        return
    if data is None:
        raise UsageError("needs a data file.", "new", "Write for example: surveytool new DATA -o study.toml")
    if data.lower().endswith(".toml"):
        raise UsageError("is a study file already.", data, "Name a data file.")
    if output is not None:
        if output.suffix.lower() != ".toml":
            raise UsageError("a study file ends in .toml.", str(output), f"Write -o {output.stem or 'study'}.toml")
        check_target(output, overwrite=overwrite, source=Path(data))
    said = words(lang)
    if loa is not None:
        from surveytool.analysis_list import read_list

        read_list(loa)  # what is wrong with it is told before a study stands
    if log is not None:
        from surveytool.cleaning.cleaning_log import LogTable, read_log

        read_log(LogTable(path=str(log)), Path())
    plan = Plan(
        data=Path(data), address=shown(data) if is_address(data) else None, target=output, tool=tool,
        encoding=given["encoding"], sheet=given["sheet"], accept=accept, dialect=dialect_of(given),
        log=log, loa=loa, codebook=None if given["codebook"] is None else Path(given["codebook"]),
    )  # fmt: skip
    drafted = first_study(data, plan, lang=lang, reading=reading_of(given), frame=frame)
    content, survey = drafted.text, drafted.survey
    known_kinds(given, survey)
    if output is None:
        screen.out(content.encode("utf-8"))
        return
    write(output, content.encode("utf-8"), overwrite=overwrite)
    lines = content.splitlines()
    variables = sum(line.startswith("[variables.") for line in lines)
    tables = sum(line == "[[tables]]" for line in lines)
    screen.remark(said.fill("draft_wrote", path=output, variables=variables, tables=tables))
    found = [guess.setting for guess in guesses(RawSurvey(survey))]
    if found:
        key = "draft_wrote_accepted" if accept else "draft_wrote_proposed"
        screen.remark(said.fill(key, names=said.join(found)))
    screen.remark(said.fill("draft_next", path=output))


def _template(output: Path | None, overwrite: bool) -> None:
    """A study file with every setting, to the screen or a file."""
    from surveytool.output_files import write
    from surveytool.shipped import in_one_folder

    content = in_one_folder("template.toml").encode("utf-8")
    if output is None:
        screen.out(content)
    else:
        write(output, content, overwrite=overwrite)

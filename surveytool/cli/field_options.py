"""Options of ``check --field``: the interviews themselves, by enumerator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from surveytool.cli.command_source import CommandSource
    from surveytool.cli.output_target import Target
    from surveytool.field_quality import FieldReport
    from surveytool.study.load import Draft
    from surveytool.survey.field_work import FieldWork

PANEL = "Field work"


def _column(flag: str, text: str) -> Any:
    return Annotated[
        str | None, typer.Option(flag, metavar="NAME", rich_help_panel=PANEL, show_default=False, help=text)
    ]


Flag = Annotated[
    bool,
    typer.Option("--field", rich_help_panel=PANEL,
                 help="Instead: the interviews themselves (durations, straight lines, near copies, hours) by "
                 "enumerator; -o quality.xlsx writes a workbook."),
]  # fmt: skip
Battery = Annotated[
    list[str] | None,
    typer.Option("--battery", metavar="NAMES", rich_help_panel=PANEL, show_default=False,
                 help="Questions with one scale, commas between them or a pattern ('q*'); repeat it."),
]  # fmt: skip
Names = Annotated[bool, typer.Option("--names", rich_help_panel=PANEL, help="Tell enumerators by name, not by number.")]
Similar = Annotated[
    float | None,
    typer.Option("--similar", metavar="SHARE", rich_help_panel=PANEL, show_default=False,
                 help="Equal answers from which two interviews are near copies. Default: 0.85."),
]  # fmt: skip
FIELD: Mapping[str, tuple[Any, Any]] = {
    "field": (Flag, False),
    "enumerator": (_column("--enumerator", "The column that says who asked."), None),
    "start": (_column("--start", "The column of the moment when the interview began."), None),
    "end": (_column("--end", "The column of the moment when it ended."), None),
    "id": (_column("--id", "The column that names the interview."), None),
    "consent": (_column("--consent", "A condition of interviews that took place."), None),
    "battery": (Battery, None),
    "similar": (Similar, None),
    "names": (Names, False),
}


def settings_of(given: Mapping[str, Any], work: FieldWork | None) -> FieldWork:
    """What was typed over what the study says."""
    from surveytool.survey.field_work import FieldWork

    names = ("enumerator", "start", "end", "id", "consent", "similar")
    typed: dict[str, Any] = {name: given[name] for name in names if given[name] is not None}
    if given["battery"]:
        typed["batteries"] = tuple(tuple(part.strip() for part in text.split(",")) for text in given["battery"])
    return replace(work or FieldWork(), **typed)


def field_check(way: CommandSource, draft: Draft | None, target: Target) -> int:
    """The interviews of a study or a file, told or written."""
    from surveytool.checks.finding_table import render_findings
    from surveytool.field_quality import field_quality

    own = way.study.field if way.study is not None else None
    survey = replace(way.survey(None), gate=None)
    report = field_quality(survey, settings_of(way.given, own), names=bool(way.given["names"]))
    if target.format == "xlsx":
        from surveytool.field_quality.quality_book import quality_book

        target.write(quality_book(report))
        return 0
    if target.format == "json":
        target.write(_json(report, target))
        return 0
    dress: dict[str, Any] = {"width": target.width, "colour": target.colour}
    target.write(render_findings(report.check_report(), target.format, target.words, **dress))
    return 0


def _json(report: FieldReport, target: Target) -> bytes:
    from surveytool.checks.finding_table import render_findings

    told = json.loads(render_findings(report.check_report(), "json", target.words))
    return (json.dumps({**told, "field": report.record()}, ensure_ascii=False, indent=2) + "\n").encode()

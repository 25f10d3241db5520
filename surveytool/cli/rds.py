"""``surveytool rds``: what a sample by recruitment is like, before anything is read from it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli import screen
from surveytool.cli.command_source import CommandSource
from surveytool.cli.option_groups import DESIGN, OUTPUT, READING, takes
from surveytool.cli.protection_options import GATE
from surveytool.cli.recruitment_options import PANEL, RECRUITMENT

if TYPE_CHECKING:
    from surveytool.recruitment_report import Diagnosis
    from surveytool.text import Words

ChartsFolder = Annotated[
    Path | None,
    typer.Option("--charts", metavar="FOLDER", rich_help_panel=PANEL, show_default=False,
                 help="Write charts of convergence, bottlenecks and recruitment trees (svg)."),
]  # fmt: skip


@takes(DESIGN, RECRUITMENT, GATE, OUTPUT, READING)
def rds(source: o.Source, given: Mapping[str, Any], variables: o.Variables = None, charts: ChartsFolder = None) -> None:
    """A sample by recruitment: seeds, waves, recruits and degrees; homophily, activity, transitions, convergence.

    surveytool rds data.csv outcome --respondent id --recruiter recruiter --degree degree
    """
    from surveytool.recruitment_report import diagnose
    from surveytool.recruitment_report.recruitment_tables import arrange_diagnosis, diagnosis_record
    from surveytool.render import render
    from surveytool.render.json import dumps

    way = CommandSource(source, given)
    given, target = way.given, way.target()
    survey = way.survey(variables)
    found = diagnose(survey, variables)
    given["ledger"].counted(found.results)
    if charts is not None:
        _draw(found, charts, target.words, overwrite=given["overwrite"])
    if target.format == "json":
        target.write(dumps(diagnosis_record(found, target.words)).encode("utf-8"))
        return
    arranged = arrange_diagnosis(found, target.words)
    target.write(render(arranged, target.format, target.words, width=target.width, colour=target.colour))


def _draw(diagnosis: Diagnosis, folder: Path, words: Words, *, overwrite: bool) -> None:
    """Every chart as a file of the folder."""
    from surveytool.output_files import check_target, write
    from surveytool.recruitment_report.recruitment_charts import CHARTS, draw_diagnosis

    folder.mkdir(parents=True, exist_ok=True)
    pictures = {folder / f"{name}.svg": drawn for kind in CHARTS
                for name, drawn in draw_diagnosis(diagnosis, words, kind, "svg").items()}  # fmt: skip
    for path in pictures:
        check_target(path, overwrite=overwrite)
    for path, drawn in pictures.items():
        write(path, drawn, overwrite=overwrite)
    screen.remark(words.fill("rds_charts_written", n=len(pictures), folder=folder))

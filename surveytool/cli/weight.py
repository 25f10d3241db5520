"""``surveytool weight``: weights that meet what is known of the population, as a new column."""

from __future__ import annotations

import json
import os
from collections.abc import Container, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli import screen
from surveytool.cli.command_source import typed
from surveytool.cli.convert import WithIdentifiers, refuse_identifiers
from surveytool.cli.option_groups import READING, open_whole, study_reading, takes
from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.study.study_file import Study
    from surveytool.survey import Survey
    from surveytool.text import Words
    from surveytool.weighting import Made, Margin

PANEL = "Weights"
In = Annotated[
    str,
    typer.Argument(metavar="SOURCE", help="A data file, a table of a database, or a study file.", show_default=False),
]
Out = Annotated[
    Path,
    typer.Option("-o", "--output", metavar="FILE", show_default=False, rich_help_panel=o.OUTPUT,
                 help="The file to write, with the new column: sav, zsav, dta, csv, tsv, xlsx, parquet."),
]  # fmt: skip
MarginOption = Annotated[
    list[str] | None,
    typer.Option("--margin", metavar="MARGIN", show_default=False, rich_help_panel=PANEL,
                 help="'sex: Male=0.55, Female=0.45' (shares, or numbers of people) or 'age=1250000' (the sum of a "
                 "number); repeat it."),
]  # fmt: skip
MarginsFile = Annotated[
    Path | None,
    typer.Option("--margins", metavar="FILE", show_default=False, rich_help_panel=PANEL,
                 help="Margins from a csv (variable, level, value) or TOML file."),
]  # fmt: skip
Method = Annotated[
    str | None,
    typer.Option("--method", metavar="METHOD", show_default=False, rich_help_panel=PANEL,
                 help="rake, poststratify, linear, raking or logit. Default: rake, or raking with numbers."),
]  # fmt: skip
Bounds = Annotated[
    str | None,
    typer.Option("--bounds", metavar="LOW,HIGH", show_default=False, rich_help_panel=PANEL,
                 help="Least and most factor between new and old weight (linear, raking, logit)."),
]  # fmt: skip
Trim = Annotated[
    str | None,
    typer.Option("--trim", metavar="LOW,HIGH", show_default=False, rich_help_panel=PANEL,
                 help="Cut weights below LOW and above HIGH times their mean; the rest is shared out."),
]  # fmt: skip
Size = Annotated[
    float | None,
    typer.Option("--size", metavar="N", show_default=False, rich_help_panel=PANEL,
                 help="People in the population. Default: the sum of the weights."),
]  # fmt: skip
Name = Annotated[
    str, typer.Option("--name", metavar="COLUMN", rich_help_panel=PANEL, help="The name of the new column.")
]


@takes(READING)
def weight(
    source: In,
    output: Out,
    given: Mapping[str, Any],
    margin: MarginOption = None,
    margins: MarginsFile = None,
    method: Method = None,
    bounds: Bounds = None,
    trim: Trim = None,
    size: Size = None,
    name: Name = "calibrated_weight",
    weights: o.Weights = None,
    with_identifiers: WithIdentifiers = False,
    overwrite: o.Overwrite = False,
    lang: o.Lang = "en",
) -> None:
    """Make weights: rake, post-stratify or calibrate to margins, and trim.

    Of a study file margins may be of its recodes; written is its data file with the new column.

    surveytool weight transit.sav -w weight --margin 'sex: Male=0.55, Female=0.45' -o weighted.sav
    """
    from surveytool.output_files import check_target, write
    from surveytool.reading import sidecar
    from surveytool.text import words
    from surveytool.weighting import Wanted, make, weighted
    from surveytool.writing import check_suffix, save
    from surveytool.writing.sheet import sheet_of

    check_suffix(output)
    beside = sidecar.place(output)
    check_target(output, overwrite=overwrite, source=Path(source))
    check_target(beside, overwrite=overwrite)
    pairs = {"bounds": _pair(bounds, "--bounds"), "trim": _pair(trim, "--trim")}
    _margins(margin, margins, ())  # what cannot be meant is refused before the data are read
    survey, study = open_whole(source, {**given, "lang": lang if typed("lang") else None}, weights)
    asked = _margins(margin, margins, survey.codebook)
    default = "raking" if any(each.number for each in asked) else "rake"
    wanted = Wanted(margins=asked, method=method or default, size=size, **pairs)
    said = words(study.language if study is not None and not typed("lang") else lang)
    if study is not None:
        check_target(output, overwrite=overwrite, source=study.data_path)
    if name in survey.codebook:
        raise UsageError(f"{name} is a column already.", "--name", "Choose another name.")
    made = make(survey, wanted)
    laid = sheet_of(weighted(_home(survey, study, given), made, name))
    if not with_identifiers:
        refuse_identifiers(survey, laid, "first: surveytool convert IN OUT {drops}")
    saved = save(laid, output)
    write(output, saved.content, overwrite=overwrite)
    if saved.codebook is not None:
        write(beside, saved.codebook, overwrite=overwrite)
    _tell(made, name, output, said, study)
    for note in saved.notes:
        screen.remark(said.say(note))


def _home(survey: Survey, study: Study | None, given: Mapping[str, Any]) -> Survey:
    """What is written: of a study its data as the file describes them, so that the study can read them again."""
    if study is None:
        return survey
    from surveytool.study.study_survey import as_the_file_says

    return as_the_file_says(study, survey, study_reading(given, study.design))


def _margins(texts: list[str] | None, file: Path | None, known: Container[str]) -> tuple[Margin, ...]:
    from surveytool.weighting import read_margins, written_margin

    return (*(written_margin(text, known) for text in texts or ()), *(read_margins(file) if file is not None else ()))


def _pair(text: str | None, option: str) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        low, high = (float(each) for each in text.split(","))
    except ValueError:
        raise UsageError(f"{text!r} is not LOW,HIGH.", option, f"Write for example {option} 0.3,3") from None
    return low, high


def _tell(made: Made, name: str, output: Path, said: Words, study: Study | None) -> None:
    """The summary of the weights, and how to use them so that the margins count in the variance."""
    number = said.number
    screen.remark(
        said.fill(
            "weight_made", path=output, name=name, n=made.n, total=number(made.total, 1),
            low=number(made.smallest, 3), high=number(made.largest, 3),
            ratio=number(made.largest / made.smallest, 1) if made.smallest > 0 else "∞", deff=number(made.deff, 3),
            effective=number(made.effective_n, 1), factor_low=number(made.factor_low, 3),
            factor_high=number(made.factor_high, 3),
        )
    )  # fmt: skip
    if made.growth != 1:
        screen.remark(said.fill("weight_scaled", factor=number(made.growth, 3)))
    if made.gap > 1e-6:
        screen.remark(said.fill("weight_gap", gap=number(100 * made.gap, 2)))
    if study is not None:
        screen.remark(said.fill("weight_study", study=study.path, settings=_settings(made, name, output, study)))
        return
    if made.calibrated is None:
        screen.remark(said.word("weight_fixed"))
        return
    margins = " ".join(f"--calibrated-to {margin}" for margin in made.calibrated.margins)
    base = f" --base-weights {made.calibrated.base_weights}" if made.calibrated.base_weights else ""
    screen.remark(said.fill("weight_use", options=f"-w {name}{base} {margins}"))


def _settings(made: Made, name: str, output: Path, study: Study) -> str:
    """What the study says from now on: its data, its weights, and the margins that its variance has to know."""
    path = json.dumps(Path(os.path.relpath(output, study.path.parent)).as_posix(), ensure_ascii=False)
    lines = f"[data] path = {path}, [design] weights = {json.dumps(name, ensure_ascii=False)}"
    if made.calibrated is None:
        return lines
    margins = json.dumps(list(made.calibrated.margins), ensure_ascii=False)
    base = made.calibrated.base_weights
    told = f", base_weights = {json.dumps(base, ensure_ascii=False)}" if base else ""
    return f"{lines}, calibrated = {{margins = {margins}{told}}}"

"""``surveytool weight`` with steps, replicates, margins that are estimates, or a page about the weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveytool.cli import screen
from surveytool.cli.command_source import is_study, typed
from surveytool.cli.convert import refuse_identifiers
from surveytool.cli.option_groups import reading_of
from surveytool.frozen import frozen
from surveytool.survey import Design

if TYPE_CHECKING:
    from surveytool.study.study_file import Study
    from surveytool.text import Words
    from surveytool.weight_making.weights_account import WeightsAccount
    from surveytool.weighting import Margin

STAGED = (
    "margins_from",
    "covariance",
    "replicates",
    "compare",
    "reference_weights",
    "reference_psu",
    "reference_strata",
)
OF_DESIGN = ("strata", "psu", "fpc")


@frozen
class Target:
    """What is written: the data file and the page, each if it is named."""

    output: Path | None
    report: Path | None
    overwrite: bool
    with_identifiers: bool
    lang: str


def check(source: str, target: Target) -> None:
    """Refuse files that cannot be written, before anything is read."""
    from surveytool.output_files import check_target
    from surveytool.reading import sidecar
    from surveytool.writing import check_suffix

    if target.output is not None:
        check_suffix(target.output)
        check_target(target.output, overwrite=target.overwrite, source=Path(source))
        check_target(sidecar.place(target.output), overwrite=target.overwrite)
    if target.report is not None:
        from surveytool.weight_making.weights_page import check_page

        check_page(target.report)
        check_target(target.report, overwrite=target.overwrite)


def staged(source: str, request: Mapping[str, Any], report: Path | None, margins: Sequence[Margin]) -> bool:
    """Whether the weights go through steps: the study has some, or an option asks for what only steps give."""
    if report is not None or any(request[name] for name in STAGED) or any(margin.errors for margin in margins):
        return True
    if not is_study(source):
        return False
    from surveytool.study import load_study

    plan = load_study(Path(source)).weights
    return plan is not None and bool(plan.steps)


def run(source: str, given: Mapping[str, Any], request: Mapping[str, Any], design: Design, target: Target) -> None:
    """Take the steps, write the file and the page, and tell what was done."""
    from surveytool.output_files import check_target, write
    from surveytool.text import words
    from surveytool.weight_making.made_weights import made_weights, open_for_weights
    from surveytool.weight_making.weight_request import WeightRequest
    from surveytool.weight_making.weights_words import has_settings_file, settings_file, settings_path

    asked = WeightRequest(**request, design=None if is_study(source) and not _designed() else design)
    reading = {name: value for name, value in reading_of(given).items() if value is not None}
    if is_study(source) and reading.get("kinds") is None:
        reading.pop("kinds", None)
    survey, plan, folder, study = open_for_weights(source, asked, **reading)
    language = study.language if study is not None and not typed("lang") else target.lang
    if target.output is not None and study is not None:
        check_target(target.output, overwrite=target.overwrite, source=study.data_path)
    made = made_weights(survey, plan, folder, study=study, language=language)
    said = words(language)
    if target.output is not None:
        _write(made.account, study, target, given)
    if target.output is not None and has_settings_file(made.account):
        settings = settings_path(target.output)
        write(settings, settings_file(made.account).encode("utf-8"), overwrite=target.overwrite)
    if target.report is not None:
        made.report(target.report, overwrite=target.overwrite)
    _tell(made.account, target, said)


def _designed() -> bool:
    """Whether the command line names a design of its own."""
    return any(typed(name) for name in OF_DESIGN)


def _write(account: WeightsAccount, study: Study | None, target: Target, given: Mapping[str, Any]) -> None:
    """The data file with the new columns; of a study its data as its file describes them."""
    from surveytool.output_files import write
    from surveytool.reading import sidecar
    from surveytool.writing import save
    from surveytool.writing.sheet import sheet_of

    assert target.output is not None
    survey = account.survey
    if study is not None:
        survey = _home(account, study, given)
    laid = sheet_of(survey)
    if not target.with_identifiers:
        refuse_identifiers(survey, laid, "first: surveytool convert IN OUT {drops}")
    saved = save(laid, target.output)
    write(target.output, saved.content, overwrite=target.overwrite)
    if saved.codebook is not None:
        write(sidecar.place(target.output), saved.codebook, overwrite=target.overwrite)


def _home(account: WeightsAccount, study: Study, given: Mapping[str, Any]) -> Any:
    """The study's data without what the study makes, and with the new columns."""
    from dataclasses import replace

    from surveytool.cli.option_groups import study_reading
    from surveytool.study.study_survey import as_the_file_says
    from surveytool.survey import Codebook

    bare = replace(study, design=Design())
    own = as_the_file_says(bare, account.survey, study_reading(given, Design()))
    columns = {name: each for name, each in account.survey.codebook.items() if name.startswith(account.plan.name)}
    return replace(account.survey, codebook=Codebook({**own.codebook, **columns}))


def _tell(account: WeightsAccount, target: Target, said: Words) -> None:
    from surveytool.weight_making.weights_words import dearest_lines, step_lines, use_lines

    count = account.weighted.replicates.shape[1]
    for line in (
        *step_lines(account, said),
        *dearest_lines(account, said),
        *(said.say(note) for note in account.notes),
    ):
        screen.remark(line)
    if target.output is not None:
        more = said.fill("weights_written_replicates", n=said.number(count)) if count else ""
        screen.remark(
            said.fill(
                "weights_written",
                path=target.output,
                name=account.plan.name,
                replicates=more,
                n=account.weighted.steps[-1].n,
            )
        )
        for line in use_lines(account, said, target.output):
            screen.remark(line)
    if target.report is not None:
        screen.remark(said.fill("weights_report_written", path=target.report))

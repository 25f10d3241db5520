"""One call from a study or a file to weights: read, taken through the steps, written as columns, told on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveytool.errors import UnknownVariable, UsageError
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.survey import Calibrated, Codebook, Design, Survey, Variable
from surveytool.weight_making.weight_request import WeightRequest
from surveytool.weight_making.weights_account import WeightsAccount
from surveytool.weighting.balance import BalanceRow, balance
from surveytool.weighting.first_stage import DrawnReplicates, drawn_replicates, usual_replicates
from surveytool.weighting.margin_sources import MarginSource
from surveytool.weighting.margins import read_margins
from surveytool.weighting.weighting_plan import WeightingStep, WeightsPlan
from surveytool.weighting.workflow import StepSummary, Weighted, Workflow, grouping_of

if TYPE_CHECKING:
    from surveytool.study.study_file import Study

STUDY = ".toml"


@frozen
class MadeWeights:
    """Weights that have gone through their steps.

    ``survey`` has the new columns, the design that reads them and the study's protection, for every other function.
    """

    account: WeightsAccount
    survey: Survey

    @property
    def weighted(self) -> Weighted:
        """The weights, the replicates and what was met, as arrays."""
        return self.account.weighted

    @property
    def steps(self) -> tuple[StepSummary, ...]:
        """The summary of the weights before the first step and after each."""
        return self.account.weighted.steps

    @property
    def balance(self) -> tuple[BalanceRow, ...]:
        """What weighting did to each group; groups that protection withholds are left out."""
        from surveytool.weight_making.weights_page import shown_balance

        return shown_balance(self.account)[0]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reader must know."""
        return self.account.notes

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the data with the new columns; the suffix decides the format."""
        from surveytool.output_files import write
        from surveytool.writing import save
        from surveytool.writing.sheet import sheet_of

        write(Path(path), save(sheet_of(self.account.survey), Path(path)).content, overwrite=overwrite)

    def report(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the page about the weights: html, or json for programs."""
        from surveytool.output_files import write
        from surveytool.weight_making.weights_page import page_bytes

        write(Path(path), page_bytes(self.account, Path(path)), overwrite=overwrite)

    def _repr_html_(self) -> str:
        from surveytool.weight_making.weights_page import fragment

        return fragment(self.account)

    def __repr__(self) -> str:
        """The steps in a line each, and never an answer of anybody."""
        from surveytool.weight_making.weights_words import step_lines

        return "\n".join(step_lines(self.account))


def made_weights(
    survey: Survey, plan: WeightsPlan, folder: Path, *, study: Study | None = None, language: str = "en"
) -> MadeWeights:
    """The weights of a survey whose design holds the base weights; files of the plan stand in ``folder``.

    Raises ``UsageError`` and ``UnusableDesign``.
    """
    if plan.name in survey.codebook:
        raise UsageError(f"{plan.name} is a column already.", "--name", "Choose another name.")
    strangers = [name for name in plan.compare if name not in survey.codebook]
    if strangers:
        raise UsageError(f"there is no variable {strangers[0]!r}.", "compare", "Mend the name.")
    files = [read_margins(folder / step.margins_file) for step in plan.steps if step.margins_file is not None]
    named = [margin.variable for margins in files for margin in margins]
    stranger = next((name for name in named if name not in survey.codebook), None)
    if stranger is not None:
        raise UnknownVariable(stranger, survey.codebook, "margins")
    run = grouping_of(survey, plan, [*plan.compare, *named])
    uncertain = any(step.margins_from is not None or step.covariance is not None for step in plan.steps)
    uncertain = uncertain or any(margin.errors for margins in files for margin in margins)
    chosen = plan.replicates is None and survey.design.replicates is None and uncertain
    if chosen:
        plan = replace(plan, replicates=usual_replicates(run))
    drawn = drawn_replicates(run, plan.replicated(), plan.name)
    source = MarginSource(folder=folder, open_reference=lambda step: reference_survey(step, folder))
    weighted = Workflow(run, plan, drawn.matrix, drawn.scales, source.totals).done()
    explained = [name for step in plan.steps for name in (*step.cells, *step.propensity)]
    rows = balance(weighted, [*plan.compare, *explained])
    told = [note("weighting_chosen_replicates", method=str(plan.replicates))] if chosen else []
    notes = (*weighted.notes, *told, *_told(plan, weighted))
    made = with_columns(survey, plan, weighted, drawn)
    account = WeightsAccount(
        survey=made, plan=plan, weighted=weighted, balance=rows, notes=tuple(dict.fromkeys(notes)),
        language=language, title=study.title(language) if study is not None else str(survey.provenance.shown or ""),
    )  # fmt: skip
    if study is None:
        return MadeWeights(account=account, survey=made)
    from surveytool.study.study_survey import guarded_study

    guarded = guarded_study(made, study, language)
    rules = guarded.gate.protection if guarded.gate is not None and guarded.gate.active else None
    return MadeWeights(account=replace(account, cell=rules.cell if rules is not None else None), survey=guarded)


def _told(plan: WeightsPlan, weighted: Weighted) -> list[Note]:
    """What a reader must know of how the variance sees these weights."""
    if len(weighted.scales):
        return [note("weighting_replicates", n=len(weighted.scales), steps=len(plan.steps))]
    return [] if [step.kind for step in plan.steps] == ["calibrate"] else [note("weighting_fixed")]


def with_columns(survey: Survey, plan: WeightsPlan, weighted: Weighted, drawn: DrawnReplicates) -> Survey:
    """The survey with the weight and its replicates as columns, and the design that uses them."""
    import pyarrow as pa

    from surveytool.aggregate.encoded_columns import arrow_table
    from surveytool.weighting.new_weights import frame_columns

    frame: Any = arrow_table(survey.frame, list(frame_columns(survey)))
    frame = frame.append_column(plan.name, pa.array(weighted.weights))
    variables = {plan.name: Variable(name=plan.name, kind="number", n=len(weighted.weights), columns=(plan.name,))}
    width = len(str(weighted.replicates.shape[1]))
    for number, column in enumerate(weighted.replicates.T, start=1):
        name = f"{plan.name}_rep{number:0{width}d}"
        frame = frame.append_column(name, pa.array(column))
        variables[name] = Variable(name=name, kind="number", n=len(column), columns=(name,))
    uncertain = weighted.met is not None and weighted.met.uncertain
    settings = drawn.settings
    if settings is not None and uncertain:
        settings = replace(settings, mse=True)
    lone = settings is None and [step.kind for step in plan.steps] == ["calibrate"] and weighted.met is not None
    calibrated = None
    if lone and weighted.met is not None:
        calibrated = Calibrated(margins=weighted.met.variables(), base_weights=survey.design.weights)
    design = replace(survey.design, weights=plan.name, replicates=settings, calibrated=calibrated)
    return replace(
        survey, frame=frame, codebook=Codebook({**survey.codebook, **variables}), design=design
    )  # fmt: skip


def reference_survey(step: WeightingStep, folder: Path) -> Survey:
    """The survey that a step takes its margins from: a data file with the step's design, or a study with its own."""
    from surveytool.reading import read

    path = folder / str(step.margins_from)
    if path.suffix.lower() == STUDY:
        from surveytool.study import load_study, open_study

        study = load_study(path)
        return open_study(study, reading=None, gate=False)
    psu = step.reference_psu
    design = Design(weights=step.reference_weights, psu=psu, strata=step.reference_strata)
    return read(str(path), design=design)


def open_for_weights(
    source: Any, request: WeightRequest, **reading: Any
) -> tuple[Survey, WeightsPlan, Path, Study | None]:
    """The survey with its base weights, the plan, the folder of its files, and the study (None of a file or frame)."""
    from surveytool.study.study_file import Study

    if isinstance(source, Study) or (isinstance(source, (str, Path)) and str(source).lower().endswith(STUDY)):
        return _of_study(source, request, **reading)
    plan = request.plan(None)
    design = request.design or Design()
    design = replace(design, weights=plan.base or design.weights)
    if isinstance(source, Survey):
        own = source.design if request.design is None else design
        return replace(source, design=replace(own, weights=plan.base or own.weights)), plan, Path(), None
    from surveytool.reading import read

    return read(source, design=design, **reading), plan, Path(), None


def _of_study(source: Any, request: WeightRequest, **reading: Any) -> tuple[Survey, WeightsPlan, Path, Study]:
    """A study opened under its base weights: the weights that it names may be those that are made now."""
    from surveytool.study import load_study, open_study
    from surveytool.study.study_file import Study
    from surveytool.study.study_survey import Reading

    study = source if isinstance(source, Study) else load_study(source)
    plan = request.plan(study.weights)
    design = request.design or study.design
    base = plan.base or (design.weights if design.weights != plan.name else None)
    replicates = None if plan.replicates is not None or design.weights == plan.name else design.replicates
    design = replace(design, weights=base, replicates=replicates, calibrated=None)
    bare = replace(study, design=design, tables=(), charts=(), claims=(), numbers={})
    survey = open_study(bare, reading=Reading(design=design, **reading), gate=False)
    folder = study.path.parent if not request.calibrates else Path()
    return survey, plan, folder, study


def weight(
    source: Any,
    margin: str | Sequence[str] = (),
    *,
    margins: str | Path | None = None,
    margins_from: str | Path | None = None,
    covariance: str | Path | None = None,
    reference_weights: str | None = None,
    reference_psu: str | Sequence[str] = (),
    reference_strata: str | None = None,
    reference_method: str | None = None,
    method: str | None = None,
    bounds: tuple[float, float] | None = None,
    trim: tuple[float, float] | None = None,
    size: float | None = None,
    name: str | None = None,
    weights: str | None = None,
    replicates: str | None = None,
    seed: int | None = None,
    fay_rho: float | None = None,
    compare: str | Sequence[str] = (),
    design: Design | None = None,
    language: str | None = None,
) -> MadeWeights:
    """Weights of a study by its ``[[weights.steps]]``, or of a data file or frame to ``margin`` and the like.

    The arguments are the options of ``surveytool weight``; ``weights`` are the base weights. The result has
    ``survey`` (with the new columns, to be used by every other function), ``steps``, ``balance``, ``save`` and
    ``report``. Raises ``UsageError`` for margins that cannot be met, ``UnusableDesign`` for replicates that
    cannot be made.
    """
    from surveytool.survey.setting import column_names
    from surveytool.weighting import written_margin

    texts = [margin] if isinstance(margin, str) else list(margin)
    written = tuple(written_margin(text) for text in texts if "=" in text)
    request = WeightRequest(
        margins=written, margin_names=tuple(text for text in texts if "=" not in text),
        margins_file=None if margins is None else Path(margins),
        covariance=None if covariance is None else str(covariance),
        margins_from=None if margins_from is None else str(margins_from), reference_weights=reference_weights,
        reference_psu=column_names(reference_psu, "reference_psu"), reference_strata=reference_strata,
        reference_method=reference_method, method=method, bounds=bounds, trim=trim, size=size, name=name,
        base=weights, replicates=replicates, seed=seed, fay_rho=fay_rho,
        compare=column_names(compare, "compare"), design=design,
    )  # fmt: skip
    survey, plan, folder, study = open_for_weights(source, request)
    spoken = language or (study.language if study is not None else "en")
    return made_weights(survey, plan, folder, study=study, language=spoken)

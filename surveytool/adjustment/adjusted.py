"""One call from a sample that chose itself, and a reference, to adjusted figures: what is read, asked and withheld."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.adjustment.adjusted_figures import AdjustedFigures, AdjustedRow, Coverage, CoveredColumn
from surveytool.adjustment.adjusted_methods import Asked, Fitted, figures, fitted
from surveytool.adjustment.adjustment_result import Adjustment
from surveytool.adjustment.estimators import Domain
from surveytool.adjustment.two_samples import TwoSamples, labelled, side_by_side, with_totals
from surveytool.errors import UnknownVariable, UsageError
from surveytool.notes import Note, note
from surveytool.survey import Design, Survey
from surveytool.weighting.adjust_plan import AdjustPlan

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats
    from surveytool.study.study_file import Study

STUDY = ".toml"
BEYOND, UNEVEN, LEFT = 0.05, 0.01, 0.1  # shares, and a standardised difference, from which a doubt is said


def adjust(
    source: Any,
    reference: Any = None,
    *,
    totals: str | Path | None = None,
    reference_weights: str | None = None,
    reference_psu: str | Sequence[str] = (),
    reference_strata: str | None = None,
    by: str | Sequence[str] = (),
    outcome: str | Sequence[str] = (),
    group: str | Sequence[str] = (),
    method: str | None = None,
    participation: str | None = None,
    link: str | None = None,
    family: str | None = None,
    own_size: bool | None = None,
    variance: str | None = None,
    level: float | None = None,
    language: str | None = None,
) -> Adjustment:
    """Means and shares of a sample that chose itself, adjusted to a population by variables ``by`` that both know.

    ``source`` is a study, a data file, a frame or a Survey; ``reference`` a survey of the population (the same kinds),
    or ``totals`` a file of its totals. The other arguments are the settings of ``[adjust]``, and win over a study's.
    Raises ``UsageError`` where one lacks a variable or a group, or where no model has a solution.
    """
    given = {
        "totals": None if totals is None else str(totals), "reference_weights": reference_weights,
        "reference_psu": reference_psu, "reference_strata": reference_strata, "by": by, "outcome": outcome,
        "group": group, "method": method, "participation": participation, "link": link, "family": family,
        "own_size": own_size, "variance": variance, "level": level,
    }  # fmt: skip
    if reference is not None:
        given["reference"] = str(reference) if isinstance(reference, (str, Path)) else "(frame)"
    survey, plan, study = plan_of(source, given, language)
    folder = study.path.parent if study is not None and reference is None and totals is None else Path()
    other = reference if reference is not None and not isinstance(reference, (str, Path)) else None
    spoken = language or (study.language if study is not None else "en")
    return Adjustment(figures=adjusted(survey, plan, folder, study=study, other=other, language=spoken))


def plan_of(
    source: Any, given: Mapping[str, Any], language: str | None, **reading: Any
) -> tuple[Survey, AdjustPlan, Study | None]:
    """The sample, what is asked of it (settings that are given win over the study's), and the study."""
    said: dict[str, Any] = {name: value for name, value in given.items() if value not in (None, (), [], "")}
    survey, study = opened_source(source, language, **reading)
    own = study.adjust if study is not None else None
    if own is not None and "reference" in said:
        own = replace(own, totals=None)
    if own is not None and "totals" in said:
        own = replace(own, reference=None)
    return survey, replace(own, **said) if own is not None else AdjustPlan(**said), study


def opened_source(source: Any, language: str | None = None, **reading: Any) -> tuple[Survey, Study | None]:
    """The sample, and the study it is of; None of a file or frame. Its own design does not count: nobody drew it."""
    from surveytool.study.study_file import Study

    if isinstance(source, Study) or (isinstance(source, (str, Path)) and str(source).lower().endswith(STUDY)):
        from surveytool.study import load_study, open_study

        study = source if isinstance(source, Study) else load_study(source)
        return open_study(study, language=language, gate=False), study
    if isinstance(source, Survey):
        return source, None
    from surveytool.reading import read

    return read(source, design=Design(), **reading), None


def reference_of(plan: AdjustPlan, folder: Path, other: Any) -> Survey:
    """The reference survey with its design: what was handed over, a study with its own, or a data file.

    Raises ``UsageError`` for a data file without weights.
    """
    from surveytool.reading import read

    design = Design(weights=plan.reference_weights, psu=plan.reference_psu, strata=plan.reference_strata)
    if isinstance(other, Survey):
        return other if plan.reference_weights is None else replace(other, design=design)
    if other is not None:
        return read(other, design=design)
    path = folder / str(plan.reference)
    if path.suffix.lower() == STUDY:
        from surveytool.study import load_study, open_study

        return open_study(load_study(path), gate=False)
    if plan.reference_weights is None:
        raise UsageError(
            "the reference survey needs weights that sum to the population.",
            "--reference-weights",
            "Name their column.",
        )
    return read(str(path), design=design)


def adjusted(
    survey: Survey, plan: AdjustPlan, folder: Path, *, study: Study | None = None, other: Any = None,
    language: str = "en",
) -> AdjustedFigures:  # fmt: skip
    """The figures of a plan. Raises ``UsageError``."""
    plan.check()
    for name in (*plan.by, *plan.outcome, *plan.group):
        if name not in survey.codebook:
            raise UnknownVariable(name, survey.codebook)
    more = [*plan.outcome, *plan.group]
    if plan.totals is not None:
        samples = with_totals(survey, folder / plan.totals, plan.by, more)
    else:
        samples = side_by_side(survey, reference_of(plan, folder, other), plan.by, more)
    rows: list[AdjustedRow] = []
    notes: list[Note] = [note("adjust_assumption", names=plan.by), note("adjust_never")]
    coverage = None
    for name in plan.outcome:
        answered, levels = answers_of(samples, name)
        lacking = int((~answered).sum())
        notes += [note("adjust_missing", variable=name, n=lacking)] if lacking else []
        part = samples if not lacking else samples.among(answered)
        model = fitted(part, plan)
        coverage = coverage or _coverage(part, model)
        for label, values in levels:
            asked = Asked(outcome=values[answered], share=label is not None)
            rows += _rows(part, model, plan, (name, label), asked)
    notes += _doubts(coverage, plan, rows)
    made = AdjustedFigures(
        rows=tuple(rows), coverage=coverage, notes=tuple(dict.fromkeys(notes)), level=plan.level, language=language,
        source=survey.provenance, settings={"by": list(plan.by), "variance": plan.variance},
    )  # fmt: skip
    return made if study is None else _withheld(made, survey, study)


def answers_of(samples: TwoSamples, name: str) -> tuple[Flags, list[tuple[str | None, Floats]]]:
    """Who of the sample [A] answered, and for each level (a number: None) who has it, or the number."""
    run = samples.sample
    if run.columns.survey.codebook[name].kind == "number":
        values = run.columns.numbers(name)
        return ~np.isnan(values), [(None, np.nan_to_num(values))]
    keys, labels = labelled(run, name)
    present = [place for place in range(len(labels)) if (keys == place).any()]
    return keys >= 0, [(labels[place], (keys == place).astype(np.float64)) for place in present]


def _rows(
    samples: TwoSamples, model: Fitted, plan: AdjustPlan, told: tuple[str, str | None], asked: Asked
) -> Iterator[AdjustedRow]:  # fmt: skip
    """Every method's figure, of all and of each group."""
    for by, domain in _domains(samples, plan):
        inside = domain.sample > 0
        n = int(inside.sum())
        if not n:
            continue
        own = asked.outcome[inside]
        for method in plan.methods():
            found = figures(samples, model, plan, method, asked, domain)
            low, high = found.interval(plan.level, share=asked.share)
            yield AdjustedRow(
                outcome=told[0], level=told[1], by=by, method=method, estimate=found.estimate, se=found.se,
                se_sample=found.se_sample, se_reference=found.se_reference, se_linearised=found.se_linearised,
                ci_low=low, ci_high=high, unadjusted=float(own.mean()), n=n,
                count=int((own != 0).sum()) if asked.share else n,
            )  # fmt: skip


def _domains(samples: TwoSamples, plan: AdjustPlan) -> Iterator[tuple[dict[str, str], Domain]]:
    """Everybody, then each group of every variable that figures are asked in."""
    whole = np.ones(len(samples.matrix)), np.ones(samples.reference.rows)
    yield {}, Domain(sample=whole[0], reference=whole[1], own_size=plan.own_size)
    for name in plan.group:
        assert samples.there is not None
        if name not in samples.there.columns.survey.codebook:
            raise UsageError(f"the reference survey lacks the group {name}.", "--group", "Both surveys need it.")
        keys, labels = labelled(samples.sample, name)
        other, known = labelled(samples.there, name)
        keys = keys if samples.rows is None else keys[samples.rows]
        for place, label in enumerate(labels):
            if not (keys == place).any():
                continue
            there = other == known.index(label) if label in known else np.zeros(len(other), dtype=bool)
            if not there.any():
                raise UsageError(
                    f"nobody of the reference is {name} = {label}.", "--group", "Merge it with another group."
                )
            yield (
                {name: label},
                Domain(sample=(keys == place).astype(np.float64), reference=there.astype(np.float64), whole=False),
            )


def _coverage(samples: TwoSamples, model: Fitted) -> Coverage | None:
    """How well the sample covers the population by the chances to take part."""
    chances = model.chances
    if chances is None:
        return None
    weights, reference = chances.weights, samples.reference
    beyond = None
    if reference.rows:
        beyond = float(reference.weights[chances.reference < chances.sample.min()].sum() / reference.size)
    columns = []
    for place in range(1, len(samples.names)):
        own, target = samples.matrix[:, place], float(reference.totals[place] / reference.size)
        before, after = float(own.mean()), float(weights @ own / weights.sum())
        spread = float(own.std()) or 1.0
        columns.append(CoveredColumn(
            name=samples.names[place], population=target, before=before, after=after,
            difference_before=(before - target) / spread, difference_after=(after - target) / spread,
        ))  # fmt: skip
    return Coverage(
        n=len(weights), size=reference.size, least=float(chances.sample.min()), most=float(chances.sample.max()),
        effective_n=float(weights.sum() ** 2 / (weights**2).sum()), weight_sum=float(weights.sum()), beyond=beyond,
        columns=tuple(columns),
    )  # fmt: skip


def _doubts(coverage: Coverage | None, plan: AdjustPlan, rows: Sequence[AdjustedRow]) -> Iterator[Note]:
    """What the numbers say against themselves."""
    if coverage is not None:
        yield note("adjust_effective", n=coverage.n, effective=round(coverage.effective_n))
        if coverage.beyond is not None and coverage.beyond > BEYOND:
            yield note("adjust_beyond", share=round(100 * coverage.beyond, 1))
        uneven = abs(coverage.weight_sum / coverage.size - 1) > UNEVEN
        if uneven and not plan.own_size and plan.method in (None, "ipw"):
            yield note("adjust_size", weights=round(coverage.weight_sum), population=round(coverage.size))
        left = tuple(each.name for each in coverage.columns if abs(each.difference_after) > LEFT)
        if left:
            yield note("adjust_unbalanced", names=left)
    if any(row.se_linearised is not None for row in rows):
        yield note("adjust_variance")


def _withheld(made: AdjustedFigures, survey: Survey, study: Study) -> AdjustedFigures:
    """Figures of few respondents are withheld where the study protects them."""
    from surveytool.study.study_survey import guarded_study

    gate = guarded_study(survey, study, made.language).gate
    if gate is None or not gate.active:
        return made
    rules = gate.protection
    empty = (
        "estimate",
        "se",
        "se_sample",
        "se_reference",
        "se_linearised",
        "ci_low",
        "ci_high",
        "unadjusted",
        "n",
        "count",
    )
    rows = []
    blank: dict[str, Any] = {**dict.fromkeys(empty), "flag": "suppressed"}
    for row in made.rows:
        n, count = row.n or 0, row.count or 0
        small = n < rules.base or (row.level is not None and (0 < count < rules.cell or 0 < n - count < rules.cell))
        rows.append(replace(row, **blank) if small else row)
    told = (note("adjust_withheld", n=rules.cell),) if any(row.flag for row in rows) else ()
    return replace(made, rows=tuple(rows), notes=(*made.notes, *told))

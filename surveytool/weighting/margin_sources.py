"""Where the margins of a step come from: the study file, a file of margins, or another survey."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.grouping import Grouping, start
from surveytool.errors import UnreadableData, UsageError
from surveytool.frozen import frozen
from surveytool.survey import Request, Survey
from surveytool.weighting.first_stage import first_stage
from surveytool.weighting.margin_totals import MarginTotals, covariance_of, linear_covariance
from surveytool.weighting.margins import Margin, read_margins
from surveytool.weighting.new_weights import Wanted, check_wanted, margin_columns, population_size
from surveytool.weighting.replicate_factors import ReplicatePlan, made_factors
from surveytool.weighting.weighting_plan import WeightingStep

if TYPE_CHECKING:
    from surveytool.arrays import Floats, Keys

Opener = Callable[[WeightingStep], Survey]


@frozen
class MarginSource:
    """Margins of steps: files stand in ``folder``; ``open_reference`` reads the survey that a step names."""

    folder: Path
    open_reference: Opener

    def totals(self, run: Grouping, number: int, step: WeightingStep, weights: Floats, used: Keys) -> MarginTotals:
        """What a step has to meet on the rows ``used`` [n] under weights [rows].

        Raises ``UsageError`` for margins that do not fit the data or each other.
        """
        if step.margins_from is not None:
            return self._of_survey(run, step, used)
        margins = step.written() or read_margins(self.folder / str(step.margins_file))
        wanted = Wanted(
            margins=margins, method=step.method or ("raking" if any(margin.number for margin in margins) else "rake"),
            bounds=None if step.bounds is None else (step.bounds[0], step.bounds[1]), size=step.size,
        )  # fmt: skip
        check_wanted(wanted)
        size = population_size(wanted, weights[used])
        columns = [margin_columns(run, run.columns.survey, margin, size, used) for margin in margins]
        names = tuple(name for margin in margins for name in _names(run, margin, used))
        covariance = self._covariance(step, margins, columns, names, size)
        return MarginTotals(
            matrix=np.hstack([part for part, _, _ in columns]),
            totals=np.concatenate([part for _, part, _ in columns]), names=names, covariance=covariance,
            floating=step.size is None and all(margin.shares for margin in margins),
        )  # fmt: skip

    def _covariance(
        self, step: WeightingStep, margins: tuple[Margin, ...], columns: list[tuple[Floats, Floats, Any]],
        names: tuple[tuple[str, str | None], ...], size: float,
    ) -> Floats | None:  # fmt: skip
        """The covariance of the totals in the order of their columns, from standard errors or from a file."""
        if step.covariance is not None:
            return read_covariance(self.folder / step.covariance, names)
        scales = []
        for margin, (_, totals, _) in zip(margins, columns, strict=True):
            values = sum(value for _, value in margin.targets)
            scales.append(float(totals.sum()) / values if not margin.number and values else 1.0)
        ordered = tuple(_in_order(margin, [n[1] for n in names if n[0] == margin.variable]) for margin in margins)
        return covariance_of(ordered, scales)

    def _of_survey(self, run: Grouping, step: WeightingStep, used: Keys) -> MarginTotals:
        """Totals of a reference survey's respondents, with the covariance or the replicates of its design."""
        reference = self.open_reference(step)
        names = step.margin_names()
        missing = [name for name in names if name not in reference.codebook]
        if missing:
            raise UsageError(
                f"the reference survey lacks {len(missing)} of {len(names)} margins ({', '.join(missing)}).",
                "margins_from", f"It has: {', '.join(list(reference.codebook)[:12])}",
            )  # fmt: skip
        there = start(reference, [Request(variable=name) for name in names])
        weights = there.sample.weights
        everybody = np.flatnonzero(weights > 0)
        parts, values, labels = [], [], []
        for name in names:
            own, theirs, groups = _pair(run, there, name, used, everybody)
            parts.append(own)
            values.append(theirs)
            labels += [(name, group) for group in groups]
        matrix, whole = np.hstack(parts), np.zeros((len(weights), len(labels)))
        whole[everybody] = np.hstack(values)
        totals = whole.T @ weights
        if step.reference_method == "opsomer":
            replicated, spread = _replicated(there, whole)
            return MarginTotals(matrix=matrix, totals=totals, names=tuple(labels), replicated=replicated, spread=spread)
        units, place = first_stage(there)
        if there.sample.replicates is not None:
            replicated, spread = _replicated(there, whole)
            apart = (replicated - totals) * np.sqrt(spread)[:, None]
            covariance = apart.T @ apart
        else:
            covariance = linear_covariance(whole, weights, units.stratum[place], place)
        return MarginTotals(matrix=matrix, totals=totals, names=tuple(labels), covariance=covariance)


def _replicated(there: Grouping, values: Floats) -> tuple[Floats, Floats]:
    """A reference survey's totals under its replicates [Q, P], its own or a jackknife's, and their scales [Q]."""
    sample = there.sample
    if sample.replicates is not None:
        count = sample.replicates.shape[1]
        rscales = np.ones(count) if sample.rscales is None else sample.rscales
        return sample.replicates.T @ values, sample.scale * rscales
    units, place = first_stage(there)
    count = int(place.max(initial=0)) + 1
    totals = np.stack([np.bincount(place, sample.weights * column, minlength=count) for column in values.T], axis=1)
    factors = made_factors(ReplicatePlan(method="jkn"), units, there.columns.survey.design.lonely_psu)
    return factors.matrix.T @ totals, factors.scale * factors.rscales


def _names(run: Grouping, margin: Margin, used: Keys) -> list[tuple[str, str | None]]:
    """The variable and group of each column of a margin, in the columns' order."""
    if margin.number:
        return [(margin.variable, None)]
    keys, levels = run.single(margin.variable, "margins")
    present = np.unique(keys[used])
    labels = [str(label) for label, _ in levels]
    return [(margin.variable, labels[key]) for key in present if key >= 0]


def _in_order(margin: Margin, labels: list[str | None]) -> Margin:
    """A margin with its targets in the order of the columns; groups without a column left out."""
    errors = dict(zip([label for label, _ in margin.targets], margin.errors, strict=False))
    values = dict(margin.targets)
    return Margin(
        variable=margin.variable, targets=tuple((label, values[label]) for label in labels),
        errors=tuple(errors[label] for label in labels) if margin.errors else (),
    )  # fmt: skip


def _pair(
    run: Grouping, there: Grouping, name: str, used: Keys, everybody: Keys
) -> tuple[Floats, Floats, list[str | None]]:
    """One variable's columns here [used, P] and in the reference survey [everybody, P], and its groups."""
    if run.columns.survey.codebook[name].kind == "number":
        own, theirs = run.columns.numbers(name)[used], there.columns.numbers(name)[everybody]
        _refuse_blanks(name, int(np.isnan(own).sum()), int(np.isnan(theirs).sum()))
        return own[:, None], theirs[:, None], [None]
    keys, levels = run.single(name, "margins")
    other, others = there.single(name, "margins")
    _refuse_blanks(name, int((keys[used] < 0).sum()), int((other[everybody] < 0).sum()))
    labels, known = [str(label) for label, _ in levels], [str(label) for label, _ in others]
    here = [labels[key] for key in np.unique(keys[used])]
    over_there = [known[key] for key in np.unique(other[everybody])]
    apart = [label for label in over_there if label not in here] + [label for label in here if label not in over_there]
    if apart:
        raise UsageError(
            f"{len(apart)} groups of {name} are in one survey only ({', '.join(apart[:5])}).", "margins",
            "Give both the same labels, or merge the groups in both.",
        )  # fmt: skip
    places = np.array([labels.index(label) for label in here])
    beyond = np.array([known.index(label) for label in here])
    return (
        (keys[used][:, None] == places).astype(np.float64),
        (other[everybody][:, None] == beyond).astype(np.float64), list(here),
    )  # fmt: skip


def _refuse_blanks(name: str, here: int, there: int) -> None:
    if here or there:
        raise UsageError(
            f"{here} respondents, and {there} of the reference survey, have no answer to {name}.", "margins",
            "Everybody needs a value on a margin: impute it or leave the margin out.",
        )  # fmt: skip


def read_covariance(path: Path, names: tuple[tuple[str, str | None], ...]) -> Floats:
    """A csv of covariances [P, P] in the order of ``names``: a column ``margin``, and one a margin as ``sex=Male``.

    Raises ``UsageError`` or ``UnreadableData``.
    """
    import csv
    from io import StringIO

    try:
        rows = list(csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig"))))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableData("cannot be read as text.", str(path), "Give a csv file in UTF-8.") from error
    written = [name if label is None else f"{name}={label}" for name, label in names]
    told = {str(row.get("margin", "")).strip(): row for row in rows}
    absent = [name for name in written if name not in told or name not in told[name]]
    if absent:
        raise UsageError(
            f"lacks {len(absent)} of {len(written)} margins ({', '.join(absent[:5])}).", str(path),
            f"Its columns are margin, {', '.join(written[:3])}, ...",
        )  # fmt: skip
    try:
        return np.array([[float(told[row][column]) for column in written] for row in written])
    except (TypeError, ValueError):
        raise UsageError("holds a value that is no number.", str(path), "Mend the file.") from None

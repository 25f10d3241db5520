"""The steps of weighting, one after another, on the main weight and every replicate alike.

Column 0 of the weights [rows, 1 + R] is the main weight, the others are the replicates: each goes through all steps
by its own weights, so that every step is in every standard error (Valliant, Dever and Kreuter 2018, ch. 15).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.grouping import Grouping, start
from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.survey import Request, Survey
from surveytool.weighting.calibrate_replicates import NEAR, Distance, calibrated
from surveytool.weighting.margin_totals import MarginTotals, redistributed, replicate_totals
from surveytool.weighting.new_weights import growth_to
from surveytool.weighting.response import by_cells, by_propensity
from surveytool.weighting.trimming import shared_out
from surveytool.weighting.weighting_plan import WeightingStep, WeightsPlan

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys

MarginsOf = Callable[[Grouping, int, WeightingStep, "Floats", "Keys"], MarginTotals]
SLACK = 1e-7
CURE = "Widen the limits, merge small groups, or take margins out."


@frozen
class StepSummary:
    """The weights after a step: respondents, sum, least, most, Kish's design effect and effective n."""

    kind: str
    n: int
    total: float
    smallest: float
    largest: float
    deff: float
    effective_n: float


@frozen
class Weighted:
    """Weights [rows], replicates [rows, R], their scales [R] (of ``scale`` times ``rscales``), and what was met.

    ``after`` holds the main weights [rows] before the first step and after each; ``met`` the last margins and the
    rows [used] that met them.
    """

    weights: Floats
    replicates: Floats
    scales: Floats
    steps: tuple[StepSummary, ...]
    after: tuple[Floats, ...]
    notes: tuple[Note, ...] = ()
    met: MarginTotals | None = None
    used: Keys | None = field(default=None, repr=False)
    grouping: Grouping | None = field(default=None, repr=False)
    costs: tuple[tuple[str, float], ...] = ()


def grouping_of(survey: Survey, plan: WeightsPlan, extra: Sequence[str] = ()) -> Grouping:
    """The columns that the steps read, and the design. Raises as ``start``."""
    names: list[str] = [*extra]
    for step in plan.steps:
        names += [*step.cells, *step.propensity, *step.margin_names()]
    conditions = [text for _, _, text in plan.conditions()]
    requests = [Request(variable=name) for name in dict.fromkeys(names)]
    anchor = next(iter(dict.fromkeys(names)), next(iter(survey.codebook)))
    requests += [Request(variable=anchor, where=text) for text in conditions]
    return start(replace(survey, design=replace(survey.design, calibrated=None)), requests)


def summary(kind: str, weights: Floats) -> StepSummary:
    """What is told of weights [rows]."""
    used = weights[weights > 0]
    effective = float(used.sum() ** 2 / (used**2).sum())
    return StepSummary(
        kind=kind, n=len(used), total=float(used.sum()), smallest=float(used.min()), largest=float(used.max()),
        deff=len(used) / effective, effective_n=effective,
    )  # fmt: skip


class Workflow:
    """Weights on their way through the steps."""

    def __init__(
        self, run: Grouping, plan: WeightsPlan, replicates: Floats, scales: Floats, margins: MarginsOf
    ) -> None:
        self.run, self.plan, self.scales, self.margins = run, plan, scales, margins
        self.weights = np.column_stack([run.sample.weights, replicates])
        self.notes: list[Note] = []
        self.summaries = [summary("base", self.weights[:, 0])]
        self.after = [self.weights[:, 0].copy()]
        self.met: MarginTotals | None = None
        self.totals: Floats | None = None
        self.used: Keys = np.flatnonzero(self.weights[:, 0] > 0)
        self.costs: tuple[tuple[str, float], ...] = ()

    def done(self) -> Weighted:
        """All steps taken. Raises ``UsageError`` where one cannot be."""
        takes = {
            "eligibility": self._eligibility, "nonresponse": self._nonresponse, "calibrate": self._calibrate,
            "trim": self._trim,
        }  # fmt: skip
        for number, step in enumerate(self.plan.steps):
            try:
                takes[step.kind](number, step)
            except UsageError as error:
                raise _at(number, step, error) from error
            self.summaries.append(summary(step.kind, self.weights[:, 0]))
            self.after.append(self.weights[:, 0].copy())
        return Weighted(
            weights=self.weights[:, 0], replicates=self.weights[:, 1:], scales=self.scales,
            steps=tuple(self.summaries), after=tuple(self.after), notes=tuple(self.notes), met=self.met,
            used=self.used if self.met is not None else None, grouping=self.run, costs=self.costs,
        )  # fmt: skip

    def _inside(self, text: str | None) -> Flags:
        inside, notes = self.run.domain(text)
        self.notes += notes
        return inside

    def _told(self, code: str, number: int, flags: Flags) -> None:
        """A note of how many replicates (column 0 is the main weight) something befell."""
        count = int(flags[1:].sum())
        if count:
            self.notes.append(note(code, step=number + 1, n=count, replicates=len(self.scales)))

    def _eligibility(self, number: int, step: WeightingStep) -> None:
        self.weights = np.where(self._inside(step.where)[:, None], self.weights, 0.0)
        if not (self.weights[:, 0] > 0).any():
            raise UsageError("nobody is of the population.", "where", "Check the condition.")

    def _nonresponse(self, number: int, step: WeightingStep) -> None:
        answered = self._inside(step.respondent)
        used = np.flatnonzero(self.weights[:, 0] > 0)
        respondent = answered[used]
        if not respondent.any():
            raise UsageError("nobody responded.", "respondent", "Check the condition.")
        if step.cells:
            keys, names = self._cells(step.cells, used)
            made, failed = by_cells(self.weights[used], keys, respondent, names)
            self._told("weighting_bare_cells", number, failed)
        else:
            made, failed = by_propensity(
                self.weights[used], self._explained(step.propensity, used), respondent, step.classes
            )
            self._told("weighting_no_propensity", number, failed)
        self.weights = np.zeros_like(self.weights)
        self.weights[used] = made

    def _keys(self, name: str, used: Keys, place: str) -> tuple[Keys, list[str]]:
        """Group keys [used] of a category, blanks a group of their own, and the groups' labels."""
        keys, levels = self.run.single(name, place)
        own, labels = keys[used], [str(label) for label, _ in levels]
        blank = own < 0
        return np.where(blank, len(labels), own), [*labels, "-"]

    def _cells(self, names: Sequence[str], used: Keys) -> tuple[Keys, list[str]]:
        """Cell keys [used] of several categories crossed, and the names of the cells that occur."""
        keys, labels = np.zeros(len(used), dtype=np.intp), [""]
        for name in names:
            own, groups = self._keys(name, used, "cells")
            keys = keys * len(groups) + own
            labels = [f"{before} × {group}".removeprefix(" × ") for before in labels for group in groups]
        present, place = np.unique(keys, return_inverse=True)
        return place.reshape(-1), [labels[key] for key in present]

    def _explained(self, names: Sequence[str], used: Keys) -> Floats:
        """Columns [used, P] that explain who answers: 1, numbers as they are, a category's groups but the first."""
        parts = [np.ones((len(used), 1))]
        for name in names:
            if self.run.columns.survey.codebook[name].kind == "number":
                values = self.run.columns.numbers(name)[used]
                if np.isnan(values).any():
                    raise UsageError(
                        f"{int(np.isnan(values).sum())} rows have no {name}.", "propensity",
                        "Who did not answer needs it too: take it out, or use its groups.",
                    )  # fmt: skip
                spread = values.std() or 1.0
                parts.append(((values - values.mean()) / spread)[:, None])
                continue
            keys, _ = self._keys(name, used, "propensity")
            present = np.unique(keys)[1:]
            parts.append((keys[:, None] == present).astype(np.float64))
        return np.hstack(parts)

    def _calibrate(self, number: int, step: WeightingStep) -> None:
        used = np.flatnonzero(self.weights[:, 0] > 0)
        margins = self.margins(self.run, number, step, self.weights[:, 0], used)
        if margins.uncertain and not len(self.scales):
            raise UsageError(
                "margins that are estimates count in replicates only.", "--replicates", "Write bootstrap:200 or jkn."
            )
        weights = self.weights[used]
        here = (margins.matrix != 0).T.astype(float) @ (weights > 0) > 0
        totals = redistributed(margins, here.T, replicate_totals(margins, self.scales, self.plan.seed))
        if margins.floating:
            totals = totals * (weights.sum(axis=0) / weights[:, 0].sum())[:, None]
        self._told("weighting_empty_groups", number, np.asarray(~here.all(axis=0)))
        distance = self._distance(step)
        growth = self._growth(step, margins, weights)
        made, missed = calibrated(weights * growth, margins.matrix, totals, distance)
        if missed[0] > NEAR:
            raise UsageError(
                "no weights meet the margins" + (" within the bounds." if step.bounds else "."), "margins", CURE
            )
        self._refuse_negative(made[:, 0], distance)
        failed = missed > NEAR
        self._told("weighting_unmet_replicates", number, failed)
        self.weights = np.zeros_like(self.weights)
        self.weights[used] = made
        self.met, self.totals, self.used = margins, totals, used
        self.costs = costs_of(margins, weights[:, :1] * growth, distance, made[:, 0])

    def _distance(self, step: WeightingStep) -> Distance:
        method = step.method or "raking"
        name = "raking" if method in ("rake", "poststratify") else method
        bounds = (step.bounds[0], step.bounds[1]) if step.bounds is not None else None
        return Distance(name=name, bounds=bounds)

    def _growth(self, step: WeightingStep, margins: MarginTotals, weights: Floats) -> float:
        """What brings the weights to the population of the margins first, where they stand for another number."""
        from surveytool.weighting.new_weights import Wanted

        variable = next((name for name, label in margins.names if label is not None), None)
        if variable is None:
            return 1.0
        size = sum(total for total, (name, _) in zip(margins.totals, margins.names, strict=True) if name == variable)
        bounds = (step.bounds[0], step.bounds[1]) if step.bounds is not None else None
        return growth_to(Wanted(margins=(), bounds=bounds), float(size / weights[:, 0].sum()))

    def _refuse_negative(self, weights: Floats, distance: Distance) -> None:
        if (weights < 0).any():
            raise UsageError(
                f"the method {distance.name} makes {int((weights < 0).sum())} weights negative.", "method",
                "Use raking or logit, or give bounds = [0.2, 5].",
            )  # fmt: skip

    def _trim(self, number: int, step: WeightingStep) -> None:
        used = np.flatnonzero(self.weights[:, 0] > 0)
        weights = self.weights[used]
        low, high = step.rule().limits(weights)
        if self.met is None or self.totals is None:
            made = shared_out(weights, low, high)
            if (made[:, 0] > high[0] * (1 + SLACK)).any() or (made[:, 0] < low[0] * (1 - SLACK)).any():
                raise UsageError("the limits leave no room for the sum of the weights.", "high", "Widen them.")
            self.weights[used] = made
            return
        made, missed = calibrated(weights, self.met.matrix, self.totals, Distance(name="raking"), (low, high))
        if missed[0] > NEAR:
            raise UsageError(
                self._missed(shared_out(weights[:, :1], low[:1], high[:1])[:, 0], low[0], high[0]), "trim", CURE
            )
        failed = missed > NEAR
        self._told("weighting_untrimmed_replicates", number, failed)
        self.weights[used] = np.where(failed, weights, made)

    def _missed(self, weights: Floats, low: float, high: float) -> str:
        """How far trimmed weights are from the margins: how many groups, and the one that is farthest."""
        assert self.met is not None
        gaps = np.abs(self.met.matrix.T @ weights - self.met.totals) / np.maximum(np.abs(self.met.totals), 1e-300)
        farthest = int(gaps.argmax())
        name = " = ".join(part for part in self.met.names[farthest] if part)
        return (
            f"no weights from {low:.4g} to {high:.4g} meet the margins: trimmed alone they miss "
            f"{int((gaps > 1e-6).sum())} groups, {name} by {100 * gaps[farthest]:.1f}%."
        )


def costs_of(margins: MarginTotals, weights: Floats, distance: Distance, made: Floats) -> tuple[tuple[str, float], ...]:
    """What each margin costs in design effect: how much larger it is than without that margin, the dearest first.

    ``weights`` [rows, 1] are those before, ``made`` [rows] those after the calibration.
    """
    whole = summary("", made).deff
    costs = []
    variables = margins.variables()
    for variable in variables if len(variables) > 1 else ():
        rest = margins.without(variable)
        other, missed = calibrated(weights, rest.matrix, rest.totals[None], distance)
        if missed[0] <= NEAR and (other >= 0).all():
            costs.append((variable, whole - summary("", other[:, 0]).deff))
    return tuple(sorted(costs, key=lambda cost: -cost[1]))


def _at(number: int, step: WeightingStep, error: UsageError) -> UsageError:
    """An error of a step, told with the step's number."""
    where = f"[[weights.steps]] {number + 1} ({step.kind})" + (f", {error.where}" if error.where else "")
    return UsageError(error.message, where, error.cure)

"""The sample and its reference side by side: the same columns of both, weights and design of the reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.grouping import Grouping, start
from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.survey import Request, Survey
from surveytool.weighting.first_stage import first_stage
from surveytool.weighting.margin_totals import linear_covariance
from surveytool.weighting.margins import Margin, read_margins
from surveytool.weighting.new_weights import Wanted, margin_columns, population_size

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys


@frozen
class Reference:
    """What is known of the population: rows [B, P] with weights and design, or totals [P] alone (then no rows)."""

    matrix: Floats
    weights: Floats
    stratum: Keys
    unit: Keys
    totals: Floats

    @property
    def rows(self) -> int:
        """Respondents of the reference survey; 0 where only totals are known."""
        return len(self.weights)

    @property
    def size(self) -> float:
        """People in the population: the total of the first column, which is 1."""
        return float(self.totals[0])

    def covariance(self, values: Floats) -> Floats:
        """The covariance [K, K] of weighted totals of values [B, K] under the reference's design."""
        return linear_covariance(values, self.weights, self.stratum, self.unit)

    def mean(self, values: Floats) -> tuple[float, float]:
        """The weighted mean of values [B], and its variance."""
        whole = float(self.weights.sum())
        mean = float(self.weights @ values) / whole
        return mean, float(self.covariance(((values - mean) / whole)[:, None])[0, 0])


@frozen
class TwoSamples:
    """Columns of the sample [A, P] and their names, and the reference. The first column is 1.

    ``rows`` are the places in the sample's file of those who count; None where all do.
    """

    matrix: Floats
    names: tuple[str, ...]
    reference: Reference
    sample: Grouping
    there: Grouping | None
    rows: Keys | None = None

    def among(self, inside: Flags) -> TwoSamples:
        """The same with some of the sample's respondents [A] only."""
        return replace(self, matrix=self.matrix[inside], rows=np.flatnonzero(inside))


def side_by_side(survey: Survey, reference: Survey, by: Sequence[str], more: Sequence[str]) -> TwoSamples:
    """Both surveys' columns of the variables ``by``; ``more`` are read where there.

    Raises ``UsageError`` where one lacks a variable or a group that the other has.
    """
    missing = [name for name in by if name not in reference.codebook]
    if missing:
        raise UsageError(
            f"the reference survey lacks {len(missing)} of {len(by)} variables ({', '.join(missing[:5])}).",
            "--reference", f"It has: {', '.join(list(reference.codebook)[:12])}",
        )  # fmt: skip
    here = opened(survey, [*by, *more])
    there = start(reference, [Request(variable=name) for name in [*by, *(n for n in more if n in reference.codebook)]])
    own, theirs, names = [np.ones((here.columns.rows, 1))], [np.ones((there.columns.rows, 1))], ["(1)"]
    for name in by:
        left, right, labels = pair(here, there, name)
        own.append(left)
        theirs.append(right)
        names += [name if label is None else f"{name}={label}" for label in labels]
    matrix, weights = np.hstack(theirs), there.sample.weights
    units, place = first_stage(there)
    known = Reference(
        matrix=matrix, weights=weights, stratum=units.stratum[place], unit=place, totals=matrix.T @ weights
    )
    return TwoSamples(matrix=np.hstack(own), names=tuple(names), reference=known, sample=here, there=there)


def with_totals(survey: Survey, path: Path, by: Sequence[str], more: Sequence[str]) -> TwoSamples:
    """The sample beside totals of a margins file, in people; the variables ``by`` are all of them.

    Raises ``UsageError`` where the file lacks a variable, or its margins are shares or of different populations.
    """
    margins = {margin.variable: margin for margin in read_margins(path)}
    lacking = [name for name in by if name not in margins]
    if lacking:
        raise UsageError(
            f"lacks {len(lacking)} of {len(by)} variables ({', '.join(lacking[:5])}).", str(path), "Add their totals."
        )
    wanted = Wanted(margins=tuple(margins[name] for name in by), method="raking")
    if all(margins[name].number or margins[name].shares for name in by):
        raise UsageError(
            "has no numbers of people.", str(path), "Give at least one variable's groups in people, not shares."
        )
    size = population_size(wanted, np.zeros(1))
    here = opened(survey, [*by, *more])
    used = np.arange(here.columns.rows)
    parts, totals, names = [np.ones((len(used), 1))], [np.array([size])], ["(1)"]
    for name in by:
        matrix, own, keys = margin_columns(here, survey, margins[name], size, used)
        first = 0 if keys is None else 1
        parts.append(matrix[:, first:])
        totals.append(own[first:])
        names += margin_labels(here, margins[name], used)[first:]
    whole, none = np.hstack(parts), np.empty(0, dtype=np.intp)
    known = Reference(
        matrix=np.empty((0, whole.shape[1])),
        weights=np.empty(0),
        stratum=none,
        unit=none,
        totals=np.concatenate(totals),
    )
    return TwoSamples(matrix=whole, names=tuple(names), reference=known, sample=here, there=None)


def margin_labels(run: Grouping, margin: Margin, used: Keys) -> list[str]:
    """A margin's columns among the rows ``used`` [n], by name, in order."""
    if margin.number:
        return [margin.variable]
    keys, labels = labelled(run, margin.variable)
    return [f"{margin.variable}={labels[key]}" for key in np.unique(keys[used])]


def opened(survey: Survey, names: Sequence[str]) -> Grouping:
    """The sample's columns; its own weights do not count, since nobody drew it."""
    bare = replace(survey.design, weights=None, replicates=None, calibrated=None, strata=None, psu=(), fpc=())
    return start(replace(survey, design=bare), [Request(variable=name) for name in dict.fromkeys(names)])


def pair(here: Grouping, there: Grouping, name: str) -> tuple[Floats, Floats, list[str | None]]:
    """One variable's columns here [A, K] and there [B, K]: a number, or the groups but the first, with their labels."""
    if here.columns.survey.codebook[name].kind == "number":
        own, theirs = here.columns.numbers(name), there.columns.numbers(name)
        refuse_blanks(name, np.isnan(own), np.isnan(theirs))
        return own[:, None], theirs[:, None], [None]
    keys, labels = labelled(here, name)
    other, known = labelled(there, name)
    refuse_blanks(name, keys < 0, other < 0)
    present, beyond = {labels[key] for key in np.unique(keys)}, {known[key] for key in np.unique(other)}
    refuse_strangers(name, present, beyond)
    kept = [label for label in labels if label in present][1:]
    own = np.stack([keys == labels.index(label) for label in kept], axis=1) if kept else np.empty((len(keys), 0))
    far = np.stack([other == known.index(label) for label in kept], axis=1) if kept else np.empty((len(other), 0))
    return own.astype(np.float64), far.astype(np.float64), list(kept)


def labelled(run: Grouping, name: str) -> tuple[Keys, list[str]]:
    """Group keys [rows] and the groups' labels."""
    keys, levels = run.single(name, "--by")
    return keys, [str(label) for label, _ in levels]


def refuse_blanks(name: str, here: Flags, there: Flags) -> None:
    """Raises ``UsageError`` where a row of the sample [A] or the reference [B] has no value of a variable."""
    if here.any() or there.any():
        raise UsageError(
            f"{int(here.sum())} rows of the sample and {int(there.sum())} of the reference have no {name}.", "--by",
            "Everybody needs a value: impute it, leave those rows out, or take the variable out.",
        )  # fmt: skip


def refuse_strangers(name: str, here: set[str], there: set[str]) -> None:
    """Raises ``UsageError`` where a group is in one survey only: no weight can bring in who never took part."""
    for only, where, why in (
        (there - here, "reference", "nobody of the sample is"),
        (here - there, "sample", "nobody of the reference is"),
    ):
        if only:
            raise UsageError(
                f"{len(only)} groups of {name} are in the {where} only: {why} {', '.join(sorted(only)[:5])}.", "--by",
                "Merge groups until both surveys have all of them, or take the variable out.",
            )  # fmt: skip

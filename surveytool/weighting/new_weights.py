"""From a survey and margins to weights, with what a reader must know of them.

Margins of shares are shares of ``size`` (the sum of the base weights where it is
not given). Everybody needs a value on every margin, and every group of a margin
respondents: what lacks is an error that names it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.encoded_columns import arrow_table
from surveytool.aggregate.grouping import Grouping, start
from surveytool.errors import UsageError, no_answer, unknown
from surveytool.frozen import frozen
from surveytool.survey import Calibrated, Codebook, Request, Survey, Variable
from surveytool.weighting.calibrate import calibrate, rake, trimmed
from surveytool.weighting.margins import Margin

if TYPE_CHECKING:
    from surveytool.arrays import Floats, Keys


ROUNDS = 500
SLACK = 1e-9  # of a bound, within which it holds
METHODS = ("rake", "poststratify", "linear", "raking", "logit")


@frozen
class Wanted:
    """How to make weights: ``bounds`` on new over old, ``trim`` in means of the weights, ``size`` of the population."""

    margins: tuple[Margin, ...]
    method: str = "rake"
    bounds: tuple[float, float] | None = None
    trim: tuple[float, float] | None = None
    size: float | None = None


@frozen
class Made:
    """Weights [rows] and their summary; ``gap`` is the largest relative distance to a target (trimming may leave one).

    ``growth`` is what the old weights were multiplied with first, where they stand for far fewer or more people than
    the margins; factors are over the weights so multiplied. ``calibrated`` is None for weights that were trimmed:
    what they were made of explains them no more, so their variance takes them as fixed.
    """

    weights: Floats
    base: Floats
    n: int
    total: float
    smallest: float
    largest: float
    deff: float
    effective_n: float
    factor_low: float
    factor_high: float
    gap: float
    growth: float
    calibrated: Calibrated | None


def make(survey: Survey, wanted: Wanted) -> Made:
    """Weights that meet the margins, from the weights of the survey's design.

    Raises ``UsageError`` for margins that do not fit the data or each other.
    """
    check_wanted(wanted)
    names = [margin.variable for margin in wanted.margins]
    run = start(survey, [Request(variable=name) for name in names])
    base = run.sample.weights
    used = np.flatnonzero(base > 0)
    size = population_size(wanted, base)
    columns = [margin_columns(run, survey, margin, size, used) for margin in wanted.margins]
    found = np.zeros(len(base))
    growth = growth_to(wanted, size / float(base.sum()))
    found[used] = _weights(wanted, base[used] * growth, columns)
    cut = wanted.trim is not None and not np.allclose(trimmed(found, *wanted.trim), found, rtol=SLACK, atol=0.0)
    if cut:
        found[used] = _trimmed(wanted, found[used], columns)
    if (found < 0).any():
        raise UsageError(
            f"the method {wanted.method} makes {int((found < 0).sum())} weights negative.", "--method",
            "Use raking or logit, or give --bounds 0.2,5",
        )  # fmt: skip
    return _made(survey, wanted, (found, base, growth), used, columns, fixed=cut)


def growth_to(wanted: Wanted, growth: float) -> float:
    """What the old weights are multiplied with first: 1, or what brings them to the population that they stand for.

    Bounds between new and old weights cannot hold where the old ones sum to another number.
    """
    low, high = wanted.bounds or (0.5, 2.0)
    if not math.isfinite(growth) or not growth > 0 or low < growth < high:
        return 1.0
    return growth


def _trimmed(wanted: Wanted, found: Floats, columns: list[tuple[Floats, Floats, Any]]) -> Floats:
    """Weights [used] trimmed, and calibrated again, until bounds and margins hold; trimmed only where they never do."""
    assert wanted.trim is not None
    low, high = wanted.trim
    free = replace(wanted, bounds=None, method="raking" if wanted.method == "logit" else wanted.method)
    first = trimmed(found, low, high)
    cut = first
    for _ in range(ROUNDS):
        try:
            again = _weights(free, cut, columns)
        except UsageError:
            return first
        floor, ceiling = low * again.mean(), high * again.mean()
        if (again >= floor * (1 - SLACK)).all() and (again <= ceiling * (1 + SLACK)).all():
            return again
        cut = trimmed(np.maximum(again, SLACK * again.mean()), low, high)  # a weight of 0 would stay 0
    return first


def weighted(survey: Survey, made: Made, name: str) -> Survey:
    """The survey with the new weights as the column ``name``, which its design uses; the margins are in the design.

    made = make(survey, Wanted(margins=(written_margin("sex: Male=0.55, Female=0.45"),)))
    surveytool.summarize(weighted(survey, made, "new"), "smartphone")
    """
    import pyarrow as pa

    frame: Any = arrow_table(survey.frame, list(frame_columns(survey)))
    margins = made.calibrated.margins if made.calibrated is not None else ()
    column = Variable(name=name, kind="number", label=", ".join(margins), n=made.n, columns=(name,))
    return replace(
        survey, frame=frame.append_column(name, pa.array(made.weights)),
        codebook=Codebook({**survey.codebook, name: column}),
        design=replace(survey.design, weights=name, calibrated=made.calibrated),
    )  # fmt: skip


def frame_columns(survey: Survey) -> dict[str, None]:
    """Every column of the frame, in order."""
    names: dict[str, None] = {}
    for each in survey.codebook.values():
        own = each.columns or (each.name,)
        names |= dict.fromkeys([*own, *(extra for extra in (each.tags, each.parent) if extra)])
    return names


def check_wanted(wanted: Wanted) -> None:
    """Whether margins, method, bounds and limits go together. Raises ``UsageError`` where they do not."""
    if wanted.method not in METHODS:
        raise unknown("method", wanted.method, METHODS, "--method")
    if not wanted.margins:
        raise UsageError("weights need a margin.", "--margin", "Write for example 'sex: Male=0.55, Female=0.45'")
    names = [margin.variable for margin in wanted.margins]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"{twice} has two margins.", "--margin")
    if wanted.method == "poststratify" and len(names) > 1:
        raise UsageError("post-stratification has one margin.", "--method", "Use rake for several margins.")
    if wanted.method in ("rake", "poststratify") and any(margin.number for margin in wanted.margins):
        raise UsageError(f"{wanted.method} takes categories only.", "--method", "Use linear, raking or logit.")
    if wanted.method == "logit" and wanted.bounds is None:
        raise UsageError("logit needs bounds.", "--bounds", "Write for example --bounds 0.3,3")
    if wanted.bounds is not None and wanted.method in ("rake", "poststratify"):
        raise UsageError(f"{wanted.method} has no bounds.", "--bounds", "Use linear, raking or logit, or --trim.")
    for pair, option in ((wanted.bounds, "--bounds"), (wanted.trim, "--trim")):
        if pair is not None and not 0 <= pair[0] < 1 < pair[1] < float("inf"):
            raise UsageError("needs two numbers, below and above 1.", option, f"Write for example {option} 0.3,3")


def population_size(wanted: Wanted, base: Floats) -> float:
    """How many people the weights [rows] stand for.

    Raises ``UsageError`` where margins in numbers of people do not agree on it.
    """
    sums = {margin.variable: sum(value for _, value in margin.targets) for margin in wanted.margins
            if not margin.number and not margin.shares}  # fmt: skip
    if wanted.size is not None:
        sums["--size"] = wanted.size
    if not sums:
        return float(base.sum())
    if max(sums.values()) - min(sums.values()) > 1e-6 * max(sums.values()):
        told = ", ".join(f"{name} {value:g}" for name, value in sums.items())
        raise UsageError(f"the margins add up to different populations: {told}.", "--margin", "Give shares, or mend.")
    return next(iter(sums.values()))


def margin_columns(
    run: Grouping, survey: Survey, margin: Margin, size: float, used: Keys
) -> tuple[Floats, Floats, Any]:
    """One margin's columns [used, P], targets [P], and for a category the groups' keys [used].

    Raises ``UsageError`` for blanks, groups without a target and targets without anybody.
    """
    name = margin.variable
    if margin.number:
        if survey.codebook[name].kind != "number":
            raise UsageError(f"{name} is no number.", "--margin", f"Give its groups: '{name}: GROUP=SHARE, ...'")
        values = run.columns.numbers(name)[used]
        refuse_missing(name, np.isnan(values))
        return values[:, None], np.array([margin.targets[0][1]]), None
    keys, levels = run.single(name, "--margin")
    keys, labels = keys[used], [label for label, _ in levels]
    refuse_missing(name, keys < 0)
    given = dict(margin.targets)
    for label in given:
        if label not in labels:
            raise no_answer(name, str(label), labels, "--margin", "group")
    present = np.bincount(keys, minlength=len(labels)) > 0
    for label, here in zip(labels, present, strict=True):
        if here and not given.get(label, 0) > 0:
            raise UsageError(f"no share is given for {name} = {label}, which respondents have.", "--margin")
        if not here and given.get(label, 0) > 0:
            raise UsageError(f"nobody is {name} = {label}.", "--margin", "Merge it with another group first.")
    kept = np.flatnonzero(present)
    targets = np.array([given[labels[place]] for place in kept])
    targets = targets / targets.sum() * size if margin.shares or targets.sum() != size else targets
    place_of = np.zeros(len(labels), dtype=np.intp)
    place_of[kept] = np.arange(len(kept))
    own = place_of[keys]
    return (own[:, None] == np.arange(len(kept))).astype(np.float64), targets, own


def refuse_missing(name: str, missing: Any) -> None:
    """Raises ``UsageError`` where a respondent has no value on a margin."""
    if missing.any():
        raise UsageError(
            f"{int(missing.sum())} respondents have no answer to {name}.", "--margin",
            "Weights can only meet a margin on which everybody has a value: impute it or leave the margin out.",
        )  # fmt: skip


def _weights(wanted: Wanted, base: Floats, columns: list[tuple[Floats, Floats, Any]]) -> Floats:
    if wanted.method in ("rake", "poststratify"):
        return rake(base, [(keys, targets) for _, targets, keys in columns])
    matrix = np.hstack([each for each, _, _ in columns])
    totals = np.concatenate([targets for _, targets, _ in columns])
    if all(keys is None for _, _, keys in columns) and wanted.size is not None:
        matrix, totals = np.column_stack([matrix, np.ones(len(base))]), np.append(totals, wanted.size)
    return calibrate(base, matrix, totals, wanted.method, wanted.bounds)


def _made(
    survey: Survey, wanted: Wanted, weights: tuple[Floats, Floats, float], used: Keys,
    columns: list[tuple[Floats, Floats, Any]], *, fixed: bool,
) -> Made:  # fmt: skip
    found, base, growth = weights
    kept = found[used]
    gaps = [np.abs(x.T @ kept - targets) / np.maximum(np.abs(targets), 1e-300) for x, targets, _ in columns]
    effective = float(kept.sum() ** 2 / (kept**2).sum())
    factor = kept / (base[used] * growth)
    names = tuple(margin.variable for margin in wanted.margins)
    return Made(
        weights=found, base=base, n=len(used), total=float(kept.sum()), smallest=float(kept.min()),
        largest=float(kept.max()), deff=len(used) / effective, effective_n=effective,
        factor_low=float(factor.min()), factor_high=float(factor.max()),
        gap=float(max(gap.max() for gap in gaps)), growth=growth,
        calibrated=Calibrated(margins=names, base_weights=survey.design.weights) if not fixed else None,
    )  # fmt: skip

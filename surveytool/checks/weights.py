"""Weights: missing, negative, constant, extreme; codes or strata in their place; a column that was not named.

Kish (1965, 1992): with weights w the variance of a mean grows by 1 + cv(w)^2, so n
respondents are worth n / (1 + cv^2) = (sum w)^2 / sum w^2. A weight above five
times the mean is where trimming is usually thought of (Potter 1990).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from surveytool.checks.design_columns import look, weights_columns
from surveytool.checks.finding import Finding, Word, finding
from surveytool.checks.raw_survey import RawSurvey
from surveytool.reading import looks_like_design
from surveytool.stream.design_combinations import LARGEST, weight_faults

if TYPE_CHECKING:
    from surveytool.arrays import Floats


EXTREME = 5.0
COSTLY = 2.0
TOLD = 1.2


def weights(raw: RawSurvey) -> Iterator[Finding]:
    """The named weights."""
    name = raw.design.weights
    if name is None or name not in raw.names:
        return
    if not raw.is_number(name):
        yield finding("error", "weights_no_numbers", name, part="design", cure="weights_no_numbers")
        return
    values = raw.floats(name)
    faults = {kind: int(flags.sum()) for kind, flags in weight_faults(values).items()}
    for kind in filter(faults.get, faults):
        yield finding("error", f"weights_{kind}", name, part="design", cure="weights_bad", n=faults[kind])
    used = values[np.isfinite(values) & (values > 0) & (values <= LARGEST)]
    if len(used) == 0:
        yield finding("error", "weights_all_zero", name, part="design", cure="weights_bad")
        return
    zeros = int((values == 0).sum())
    if zeros:
        yield finding("warning", "weights_zero", name, part="design", cure="weights_zero", n=zeros)
    yield from _codes(raw, name, used)
    yield from _spread(name, used, whole=not faults)


def _codes(raw: RawSurvey, name: str, used: Floats) -> Iterator[Finding]:
    """Values that look like something else than weights."""
    kind = look(used)
    if kind == "identifier":
        yield finding("warning", "weights_like_ids", name, part="design", cure="weights_like_codes")
    elif kind == "strata":
        import numpy as np

        count = len(np.unique(used))
        yield finding("warning", "weights_like_strata", name, part="design", cure="weights_like_codes", n=count)
    elif kind == "constant":
        yield finding("note", "weights_constant", name, part="design")


def _spread(name: str, used: Floats, *, whole: bool) -> Iterator[Finding]:
    mean = float(used.mean())
    if whole and abs(mean - 1) < 1e-3 and used.min() < used.max():
        yield finding("note", "weights_sum_to_n", name, part="design", cure="weights_sum_to_n")
    decimals = round(math.log10(mean))
    if whole and 1 <= decimals <= 8 and abs(mean / 10**decimals - 1) < 1e-3:
        yield finding("note", "weights_implied", name, part="design", cure="weights_implied",
                      decimals=decimals, factor=10**decimals)  # fmt: skip
    ratio = float(used.max()) / mean
    worth = float(used.sum()) ** 2 / float((used**2).sum())
    loss = len(used) / worth
    if ratio > EXTREME:
        above = int((used > EXTREME * mean).sum())
        yield finding("warning", "weights_extreme", name, part="design", cure="weights_extreme",
                      ratio=round(ratio, 1), above=above)  # fmt: skip
    if loss > TOLD:
        severity = "warning" if loss > COSTLY else "note"
        yield finding(severity, "weights_kish", name, part="design",  # type: ignore[arg-type]
                      worth=round(worth), of=len(used), loss=round(loss, 2))  # fmt: skip


def unnamed(raw: RawSurvey) -> Iterator[Finding]:
    """No weights were named, and a column looks like some: proposed, never applied."""
    if raw.design.weighted:
        return
    candidates = weights_columns(raw, raw.names)
    if candidates:
        yield finding(
            "warning", "weights_unnamed", *candidates[:5], part="design", cure="weights_unnamed", column=candidates[0]
        )


def swapped(raw: RawSurvey) -> Iterator[Finding]:
    """Strata and weights in each other's place, by name, label and content (a real Stata file has them so)."""
    yield from _labels(raw)
    weights, strata = raw.design.weights, raw.design.strata
    if strata in raw.names and strata is not None and raw.is_number(strata) and strata != weights:
        import numpy as np

        values = raw.floats(strata)
        finite = values[np.isfinite(values)]
        if len(finite) and (finite != np.floor(finite)).any():
            yield finding("warning", "strata_like_weights", strata, part="design", cure="swapped",
                          n=len(np.unique(finite)))  # fmt: skip


def _labels(raw: RawSurvey) -> Iterator[Finding]:
    """A name says one part of the design and the label another."""
    for name in raw.names:
        by_name, title = looks_like_design(name), raw.title(name)
        by_label = looks_like_design(title) if len(title.split()) <= 6 else None
        named = {raw.design.weights: "weights", raw.design.strata: "strata"}.get(name)
        by_name = by_name or named  # type: ignore[assignment]
        if by_name and by_label and by_name != by_label and {by_name, by_label} <= {"weights", "strata", "psu"}:
            yield finding("warning", "swapped", name, part="design", cure="swapped",
                          name=name, by_name=Word(f"part_{by_name}"), by_label=Word(f"part_{by_label}"))  # fmt: skip

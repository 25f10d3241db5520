"""Strata and PSUs: missing, lonely, reused, unusable; columns that look like them and were not named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from surveytool.checks.design_columns import units_columns
from surveytool.checks.finding import Finding, Word, finding
from surveytool.checks.raw_survey import RawSurvey
from surveytool.errors import SurveytoolError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from surveytool.arrays import Codes


FEW_UNITS = 12


def units(raw: RawSurvey) -> Iterator[Finding]:
    """The named strata and PSUs of the first stage."""
    design = raw.design
    named = [name for name in (design.strata, *design.psu) if name is not None and name in raw.names]
    for name in named:
        lost = int((~raw.answered(name)).sum())
        if lost:
            yield finding("error", "unit_missing", name, part="design", cure="unit_missing", n=lost)
    strata = _keys(raw, design.strata)
    psu = _keys(raw, design.psu[0] if design.psu else None)
    if psu is None:
        if strata is not None:
            yield from _lonely(raw, strata, np.arange(raw.rows, dtype=np.int32), elements=True)
        return
    name = design.psu[0]
    if len(np.unique(psu)) == raw.rows:
        yield finding("note", "psu_each_row", name, part="design")
    if strata is None:
        count = len(np.unique(psu[psu >= 0]))
        if count < FEW_UNITS:
            yield finding("warning", "few_psu", name, part="design", cure="few_psu", n=count)
        return
    yield from _reused(raw, strata, psu)
    yield from _lonely(raw, strata, psu)


def _keys(raw: RawSurvey, name: str | None) -> Codes | None:
    return raw.keys(name)[0] if name is not None and name in raw.names else None


def _pairs(strata: Codes, psu: Codes) -> NDArray[np.int64]:
    """The distinct pairs of stratum and PSU [2, pairs]; rows without either are left out."""
    placed = (strata >= 0) & (psu >= 0)
    many = int(psu.max(initial=0)) + 1
    pairs = np.unique(strata[placed].astype(np.int64) * many + psu[placed])
    return np.stack(np.divmod(pairs, many))


def _reused(raw: RawSurvey, strata: Codes, psu: Codes) -> Iterator[Finding]:
    pairs = _pairs(strata, psu)
    reused = int((np.bincount(pairs[1]) > 1).sum()) if pairs.size else 0
    if reused:
        severity = "note" if raw.design.nest else "error"
        yield finding(severity, "psu_reused", raw.design.psu[0], part="design",  # type: ignore[arg-type]
                      cure="psu_reused" if raw.design.nest else "psu_reused_no_nest", n=reused)  # fmt: skip


def _lonely(raw: RawSurvey, strata: Codes, psu: Codes, *, elements: bool = False) -> Iterator[Finding]:
    """One finding a stratum with one PSU only; an error where the policy is to fail."""
    pairs = _pairs(strata, psu)
    counts = np.bincount(pairs[0]) if pairs.size else np.zeros(0, dtype=np.intp)
    members = np.bincount(strata[strata >= 0])
    labels = _labels(raw)
    name = raw.design.strata
    assert name is not None
    severity = "error" if raw.design.lonely_psu == "fail" else "note"
    for index in np.flatnonzero(counts == 1):
        kind = "lonely_respondent" if elements else "lonely_psu"
        yield finding(severity, kind, name, part="design", cure="lonely_psu",  # type: ignore[arg-type]
                      stratum=labels[index], n=int(members[index]), policy=raw.design.lonely_psu)  # fmt: skip


def _labels(raw: RawSurvey) -> list[str]:
    """A stratum's name by its key: the label of its level, else its code."""
    from surveytool.survey import code_text

    name = raw.design.strata
    assert name is not None
    variable = raw.variable(name)
    labels = {code_text(level.code): level.label for level in variable.levels} if variable is not None else {}
    return [labels.get(code_text(value), code_text(value)) for value in raw.keys(name)[1]]


def unusable(raw: RawSurvey) -> Iterator[Finding]:
    """What the reader of designs itself refuses: the last word on whether anything can be computed."""
    from dataclasses import replace

    from surveytool.aggregate.encoded_columns import Columns
    from surveytool.aggregate.sample import read_sample, replicate_columns

    policy = "remove" if raw.design.lonely_psu == "fail" else raw.design.lonely_psu
    survey = replace(raw.survey, design=replace(raw.design, lonely_psu=policy))
    try:
        names = replicate_columns(raw.design, raw.names)
        read_sample(Columns(survey, raw.only([*raw.design.columns(), *names])), names)
    except SurveytoolError as error:
        said = " ".join(f"{error.message} {error.cure}".split())
        yield finding("error", "design_refused", *([error.where] if error.where else []), part="design", text=said)


def unnamed(raw: RawSurvey) -> Iterator[Finding]:
    """Columns that look like strata or PSUs while none was named: proposed, never applied."""
    if raw.design.replicates is not None:
        return
    taken = set(raw.design.columns())
    for part, option, given in (
        ("strata", "--strata", raw.design.strata),
        ("psu", "--psu", raw.design.psu or None),
    ):
        free = [name for name in raw.names if name not in taken]
        candidates = units_columns(raw, free, part, raw.design.strata)
        if given is None and candidates:
            yield finding("note", "unit_unnamed", *candidates[:5], part="design", cure="unit_unnamed",
                          column=candidates[0], role=Word(f"part_{part}"), option=option)  # fmt: skip

"""One question made ready to be summed: codes or moments per row, and which rows are in its base.

Seven measures cover every statistic: ``levels`` (which answer), ``values`` (1, y),
``squares`` (1, y^2, y), ``pair`` (1, x, y), ``options`` (1 and an indicator an option, for questions
with several answers), ``quantile`` (at or below a value, or above) and ``rank``
(1 and the estimated population rank).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from surveytool.aggregate.encoded_columns import LARGEST, Columns, keys_of
from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.survey import Base, Level, Request, Variable, code_text, printed_names

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys


Measure = Literal["levels", "values", "squares", "pair", "options", "quantile", "rank"]
Turn = Callable[[Any], Any]
BLANK = "(blank)"
NOT_TURNED = "(unfit)"


@frozen
class Question:
    """A request with its statistic resolved: what to sum for it; ``of`` turns numbers [rows] before they are summed."""

    request: Request
    id: str
    statistic: str
    measure: Measure
    denominator: str | None = None
    share: float = 0.5
    of: Turn | None = None


@frozen
class Answers:
    """A question's rows: ``key`` [rows] is the cell level or -1 outside of the base.

    ``moments`` are the values beside the constant 1 ([rows] each, already
    shifted by ``shift``); ``indicators`` [rows, options] stand for them where
    answers may overlap. ``excluded`` and ``included`` count reasons, as flags.
    """

    key: Keys
    depth: int
    levels: tuple[tuple[str, str], ...] = ()
    moments: tuple[Floats, ...] = ()
    indicators: Flags | None = None
    shift: float = 0.0
    excluded: tuple[tuple[str, Flags], ...] = ()
    included: tuple[tuple[str, Flags], ...] = ()
    notes: tuple[Note, ...] = ()


@frozen
class Asked:
    """One question as it was asked: which rows have which answers, in which domain [rows]."""

    question: Question
    ready: Answers
    domain: Flags


def answers(
    columns: Columns, variable: Variable, measure: Measure, base: Base, denominator: str | None, domain: Flags,
    of: Turn | None = None,
) -> Answers:  # fmt: skip
    """The rows of one question for one measure and one base; ``domain`` [rows] tells where numbers lie.

    Raises ``UsageError``.
    """
    if measure == "options":
        return _options(columns, variable, base)
    if measure == "levels":
        return _levels(columns, variable, base)
    if measure in ("values", "quantile", "rank"):
        return _values(columns, variable, domain, exact=measure == "quantile", of=of)
    if measure == "squares":
        return _squares(_values(columns, variable, domain, exact=False, of=of))
    if denominator is None:
        raise UsageError("a ratio needs a denominator.", "--stat", "Write --stat ratio:DENOMINATOR")
    return _pair(columns, variable, columns.survey.codebook[denominator])


def _reason(level: Level) -> str:
    return level.label or code_text(level.code)


def _counts_in(level: Level, base: Base) -> bool:
    """Whether a level is in the base: answers always; missing kinds as ``base`` says."""
    if level.missing is None or base == "all":
        return True
    return base == "asked" and level.missing != "not_asked"


def _levels(columns: Columns, variable: Variable, base: Base) -> Answers:
    if variable.kind == "number":
        columns.listable(variable)
    codes, levels = columns.codes(variable.name)
    kept = [index for index, level in enumerate(levels) if _counts_in(level, base)]
    table = np.full(len(levels) + 1, -1, dtype=np.intp)
    table[kept] = np.arange(len(kept))
    labels = _named([levels[index] for index in kept])
    reasons = [(_reason(level), codes == index) for index, level in enumerate(levels) if level.missing is not None]
    blank = codes < 0
    if base == "all" and blank.any():
        table[-1] = len(kept)
        labels = [*labels, (BLANK, "")]
    in_base = {_reason(level) for level in levels if level.missing is not None and _counts_in(level, base)}
    if base == "all":
        in_base.add(BLANK)
    reasons.append((BLANK, blank))
    chosen = np.bincount(codes[codes >= 0], minlength=len(levels))
    never = {
        labels[kept_index][1]: _reason(levels[index]) for kept_index, index in enumerate(kept) if chosen[index] == 0
    }
    return Answers(
        key=table[codes],
        depth=max(len(labels), 1),
        levels=tuple(labels),
        excluded=tuple(reason for reason in reasons if reason[0] not in in_base),
        included=tuple(reason for reason in reasons if reason[0] in in_base),
        notes=(note("empty_level", levels=tuple(never.values()), codes=tuple(never)),) if never else (),
    )


def _named(levels: Sequence[Level]) -> list[tuple[str, str]]:
    """Names and codes of levels, as tables print them; a code that several levels have is told apart by the name."""
    codes = [code_text(level.code) for level in levels]
    seen, names = Counter(codes), printed_names(levels)
    return [(name, f"{code} [{name}]" if seen[code] > 1 else code) for name, code in zip(names, codes, strict=True)]


def option_labels(variable: Variable) -> list[tuple[str, str]]:
    """Labels and codes of the options of a question with several answers."""
    return _named(variable.valid_levels())


def _missing_reasons(
    columns: Columns, variable: Variable, values: Floats
) -> tuple[tuple[tuple[str, Flags], ...], Flags]:
    """Why a number is missing: its declared kinds, then blanks; and the flags of all missing."""
    missing = np.isnan(values)
    reasons: list[tuple[str, Flags]] = []
    rest = missing
    declared = {level.code for _, level in variable.no_numbers()}
    if declared:
        codes, levels = columns.codes(variable.name)
        for index, level in enumerate(levels):
            if level.code in declared:
                reasons.append((_reason(level), missing & (codes == index)))
                rest = rest & (codes != index)
    return (*reasons, (BLANK, rest)), missing


def _finite(columns: Columns, variable: Variable, values: Floats) -> tuple[Floats, list[Note]]:
    """Values that can be squared, weighted and summed; the others are NaN, and a note counts them."""
    infinite, huge = np.isinf(values), np.abs(values) > LARGEST
    if not huge.any():
        return values, []
    counted = (("infinite_values", columns.count(infinite)), ("huge_values", columns.count(huge & ~infinite)))
    return np.where(huge, np.nan, values), [note(code, variable=variable.name, n=n) for code, n in counted if n]


def _numbers(columns: Columns, variable: Variable) -> tuple[Floats, list[Note]]:
    values, notes = _finite(columns, variable, columns.numbers(variable.name))
    if variable.kind == "single":
        notes.append(note("coded_mean", variable=variable.name))
    return values, notes


def _centre(values: Floats) -> float:
    """A value amid the others, whatever the outliers: squares of what is left of it keep their digits."""
    valid = values[~np.isnan(values)]
    return float(np.median(valid)) if len(valid) else 0.0


def _values(columns: Columns, variable: Variable, domain: Flags, *, exact: bool, of: Turn | None = None) -> Answers:
    """Numbers, shifted for the sake of their squares unless they have to stay ``exact``."""
    values, notes = _numbers(columns, variable)
    excluded, missing = _missing_reasons(columns, variable, values)
    if of is not None:
        values = _turned(values, of)
        lost = np.isnan(values) & ~missing
        excluded, missing = (*excluded, (NOT_TURNED, lost)), missing | lost
    shift = 0.0 if exact else _centre(values[domain])
    return Answers(
        key=np.where(missing, -1, 0).astype(np.intp),
        depth=1,
        moments=(np.where(missing, 0.0, values - shift),),
        shift=shift,
        excluded=excluded,
        notes=tuple(notes),
    )


def _squares(ready: Answers) -> Answers:
    """Numbers with their squares before them: what comes last is the number itself."""
    (values,) = ready.moments
    return replace(ready, moments=(values**2, values))


def _turned(values: Floats, of: Turn) -> Floats:
    """The numbers [rows] as a statistic takes them; NaN where it cannot."""
    with np.errstate(all="ignore"):
        turned: Floats = of(values)
    return np.where(np.isfinite(turned), turned, np.nan)


def _pair(columns: Columns, variable: Variable, denominator: Variable) -> Answers:
    above, notes = _numbers(columns, variable)
    below, more = _numbers(columns, denominator)
    excluded, missing = _missing_reasons(columns, variable, above)
    other = np.isnan(below) & ~missing
    missing = missing | other
    return Answers(
        key=np.where(missing, -1, 0).astype(np.intp),
        depth=1,
        moments=(np.where(missing, 0.0, below), np.where(missing, 0.0, above)),
        excluded=(*excluded, (denominator.title(), other)),
        notes=(*notes, *more),
    )


def _options(columns: Columns, variable: Variable, base: Base) -> Answers:
    chosen, answered = columns.chosen(variable)
    notes = [note("multiple_response")]
    nothing = columns.count(answered & ~chosen.any(axis=1))
    if nothing:
        notes.append(note("none_found" if variable.ranked else "none_chosen", n=nothing))
    if variable.counted is not None and variable.parent is None:
        notes.append(note("no_parent"))
    reasons = _option_reasons(columns, variable, answered)
    inside = answered.copy()
    for level, rows in reasons:
        inside |= rows & _counts_in(level, base)
    blank = ~answered & ~np.any([rows for _, rows in reasons], axis=0) if reasons else ~answered
    if base == "all":
        inside |= blank
    told = [(level, _reason(level), rows) for level, rows in reasons]
    left = [(said, rows) for level, said, rows in told if not _counts_in(level, base)]
    kept = [(said, rows) for level, said, rows in told if _counts_in(level, base)]
    (kept if base == "all" else left).append((BLANK, blank))
    return Answers(
        key=np.where(inside, 0, -1).astype(np.intp),
        depth=1,
        levels=tuple(option_labels(variable)),
        indicators=chosen & answered[:, None],
        excluded=tuple(left),
        included=tuple(kept),
        notes=tuple(notes),
    )


def _option_reasons(columns: Columns, variable: Variable, answered: Flags) -> list[tuple[Level, Flags]]:
    """Why a question with several answers has none, where its column of reasons tells."""
    missing = [level for level in variable.levels if level.missing is not None]
    if variable.tags is None or not missing:
        return []
    keys, values = keys_of(columns.raw(variable.tags))
    places = {str(value): index for index, value in enumerate(values)}
    return [(level, (keys == places.get(str(level.code), -2)) & ~answered) for level in missing]

"""From cells to rows: a breakdown's figures with groups, levels, counts and flags, and what a reader should know."""

from __future__ import annotations

import math

from surveytool.aggregate.cells import Breakdown, Cells, Tally
from surveytool.estimate import standardise
from surveytool.estimate.figures import Figures, counts, figures_of
from surveytool.estimate.result import NONE, Estimates, Row
from surveytool.estimate.statistic import Statistic
from surveytool.notes import Note, note, unique

MOST_IMPLIED = 8  # decimals that weights may leave out
NO_RESPONDENTS = "no_respondents"
NO_DF = "no_df"
NO_ANSWER = "undefined"
LOPSIDED = "lopsided-t"
CLUSTERED = ("clustered-beta", "clustered-jeffreys", "clustered-logit")


def estimate(tally: Tally, statistic: Statistic, ci: str) -> Estimates:
    """Estimates of one question: rows of the total first, then breakdown by breakdown."""
    rows: list[Row] = []
    notes = [note for note in tally.notes if note.code != "multiple_response" or tally.statistic == "proportion"]
    method = ci if statistic.share or statistic.measure == "quantile" else "t"
    method = "log" if statistic.positive or (counts(statistic) and ci != "wald") else method
    for cells in tally.cells:
        counted, figures = figures_of(tally, cells, statistic, ci)
        rows += _rows(tally, counted, figures, NONE if statistic.ends else method)
        notes += figures.notes
    notes += _row_notes(rows, tally)
    if statistic.additive and tally.cells:
        notes += _total_notes(tally.cells[0])
    return Estimates(
        id=tally.id,
        request=tally.request,
        label=tally.label,
        statistic=tally.statistic,
        ci_method=NONE if statistic.ends else method,
        rows=tuple(rows),
        base=tally.base,
        breakdowns=_breakdowns(tally),
        levels=tuple(label for label, _ in tally.levels),
        codes=tuple(code for _, code in tally.levels),
        multiple=tally.multiple,
        unit=tally.unit,
        stages=tally.stages,
        notes=unique(notes),
    )


def _breakdowns(tally: Tally) -> tuple[Breakdown, ...]:
    """The breakdowns that a reader asked for; a standard's variable is no part of them."""
    breakdowns = [cell.breakdown for cell in tally.cells]
    if tally.request.standard is not None:
        breakdowns = [standardise.outer(breakdown) for breakdown in breakdowns]
    return tuple(breakdown for breakdown in breakdowns if breakdown.names)


def _rows(tally: Tally, cells: Cells, figures: Figures, ci: str) -> list[Row]:
    """The rows of one breakdown, group by group, level by level."""
    levels: tuple[tuple[str | None, str | None], ...] = tally.levels or ((None, None),)
    out = []
    for g, (group, labels) in enumerate(cells.breakdown.members()):
        by = dict(zip(cells.breakdown.names, labels, strict=True)), dict(group)
        for r, level in enumerate(levels):
            out.append(_row(tally, cells, figures, (g, r), by, level, ci))
    return out


def _row(
    tally: Tally, cells: Cells, figures: Figures, at: tuple[int, int], by: tuple[dict[str, str], dict[str, str]],
    level: tuple[str | None, str | None], ci: str,
) -> Row:  # fmt: skip
    g, _ = at
    value, se = _number(figures.estimate[at]), _number(figures.se[at])
    n, df = int(cells.n[g]), _number(figures.df[at])
    low = _number(figures.low[at])
    return Row(
        table=tally.id,
        variable=tally.request.variable,
        level=level[0],
        level_code=level[1],
        by=by[0],
        by_code=by[1],
        estimate=value if n else None,
        se=se if n else None,
        ci_low=low if n else None,
        ci_high=_number(figures.high[at]) if n else None,
        df=df if n else None,
        deff=_number(figures.deff[at]) if n else None,
        cv=se / abs(value) if n and se is not None and value and df and df > 0 else None,
        count=int(cells.count[at]) if tally.levels and cells.count is not None else n,
        n=n,
        n_weighted=float(cells.n_weighted[g]),
        flag=_flag(n, value, low, 1.0 if ci == NONE else df),
        ci_method=None if ci == NONE else _method(figures, at, ci),
        trips=tally.trips[at[1]] if tally.trips and not by[0] else None,
    )


def _method(figures: Figures, at: tuple[int, int], ci: str) -> str:
    """The interval that one row has."""
    at_bounds, exact, clustered = (
        bool(flags is not None and flags[at]) for flags in (figures.at_bounds, figures.exact, figures.clustered)
    )
    if figures.lopsided is not None and figures.lopsided[at]:
        return LOPSIDED
    if clustered:
        return CLUSTERED[0 if at_bounds else 1 if exact else 2]
    if at_bounds:
        return "beta"
    return ci if ci != "auto" else "nchs" if exact else "logit"


def _flag(n: int, value: float | None, low: float | None, df: float | None) -> str | None:
    """Why a row has no value or no interval."""
    if n == 0:
        return NO_RESPONDENTS
    if value is None:
        return NO_ANSWER
    return NO_DF if low is None and not (df and df > 0) else None


def _number(value: float) -> float | None:
    """A finite float, or None for what is undefined."""
    number = float(value)
    return number if number - number == 0 else None


def _row_notes(rows: list[Row], tally: Tally) -> list[Note]:
    """What a reader must know of some rows."""
    notes = []
    at_bounds = [
        row
        for row in rows
        if row.ci_method in ("beta", CLUSTERED[0]) and row.estimate in (0.0, 1.0) and row.ci_low is not None
    ]
    if at_bounds and tally.levels and tally.statistic == "proportion":
        notes.append(note("ci_at_bounds", n=len(at_bounds)))
    few = sum(row.ci_method == "nchs" and row.ci_low is not None for row in rows)
    if few and tally.request.interval in (None, "auto"):
        notes.append(note("ci_few", n=few))
    alike = sum(row.ci_method in CLUSTERED[:2] and row.ci_low is not None for row in rows)
    if alike:
        notes.append(note("ci_clustered", n=alike))
    unsure = sum(row.ci_method == LOPSIDED and row.ci_low is not None for row in rows)
    if unsure:
        notes.append(note("ci_lopsided", n=unsure))
    if any(row.trips is not None for row in rows):
        notes.append(note("route_trips"))
    undefined = [row for row in rows if row.flag == NO_DF]
    if undefined:
        notes.append(note("no_df", n=len(undefined)))
    empty = {row.group: ", ".join(row.by.values()) for row in rows if row.flag == NO_RESPONDENTS and row.by}
    if empty:
        notes.append(note("empty_group", groups=tuple(empty.values())[:20], codes=tuple(empty)[:20]))
    return notes


def _total_notes(cells: Cells) -> list[Note]:
    """Weights that sum to the number of respondents, or to it times 10, 100 ..., make totals that count no people."""
    if not cells.units.rows or not cells.units.weight > 0:
        return []
    mean = cells.units.weight / cells.units.rows
    if abs(mean - 1) <= 0.005:
        return [note("weights_sum_to_n")]
    decimals = round(math.log10(mean))
    if 1 <= decimals <= MOST_IMPLIED and abs(mean / 10**decimals - 1) <= 0.001:
        return [note("weights_implied_decimals", decimals=decimals, factor=10**decimals)]
    return []

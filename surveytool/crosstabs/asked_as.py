"""How a request is asked of the corridor, and how what comes back becomes what was requested.

A count is asked as the share (or the mean) whose count it is. The row percentages of a question by groups are the
groups' shares among those who gave each answer: the two change places. Table percentages are the shares of the
combinations of both among all who answered both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from surveytool.crosstabs.crossed_variable import Crossed, crossed
from surveytool.crosstabs.excluded_answers import among_others, quoted, without_excluded
from surveytool.errors import UsageError
from surveytool.estimate.result import Breakdown, Estimates, Results, Row
from surveytool.frozen import frozen
from surveytool.notes import unique
from surveytool.survey import SEVERAL, Request, Survey

COUNT = "count"
SUPPRESSED = "suppressed"
NO_RESPONDENTS = "no_respondents"


@frozen
class Plan:
    """One request with the requests that the corridor gets for it, and the questions that were made for them."""

    request: Request
    asked: tuple[Request, ...]
    crossings: Mapping[str, Crossed] = field(default_factory=dict)
    whole: Request | None = None


def asked_of_corridor(survey: Survey, requests: Sequence[Request], ids: Sequence[str]) -> tuple[Survey, list[Plan]]:
    """The survey with the questions that are needed, and a plan a request. Raises ``UsageError``."""
    plans = []
    for request, name in zip(requests, ids, strict=True):
        survey, plan = _plan(survey, among_others(survey, request), name)
        plans.append(replace(plan, whole=request))
    return survey, plans


def _plan(survey: Survey, request: Request, name: str) -> tuple[Survey, Plan]:
    plain = replace(request, id=name, statistic=None if request.statistic == COUNT else request.statistic)
    share = survey.codebook[request.variable].kind != "number" and plain.statistic in (None, "proportion")
    if request.percent == "column" or not share:
        return survey, Plan(request=request, asked=(plain,))
    if survey.gate is not None and survey.gate.active and survey.gate.protection.audit:
        raise UsageError(
            f"an audit reads no {request.percent} percentages.", "--percent", "Leave it out, or leave --audit out."
        )
    if not request.by:
        raise UsageError(f"{request.percent} percentages need a breakdown.", "--percent", "Add for example --by sex")
    if request.base != "answered" or request.standard is not None:
        raise UsageError(
            f"{request.percent} percentages are of those who answered, as they are.", "--percent",
            "Leave --base and --standardize out.",
        )  # fmt: skip
    return (_row_plan if request.percent == "row" else _table_plan)(survey, request, plain)


def _row_plan(survey: Survey, request: Request, plain: Request) -> tuple[Survey, Plan]:
    """Each breakdown as a question, by the answers."""
    asked: list[Request] = []
    crossings: dict[str, Crossed] = {}
    where = request.where
    if survey.codebook[request.variable].kind not in SEVERAL:
        where = _answered(where, (request.variable,))
    for index, names in enumerate(request.by):
        variable = names[0]
        if len(names) > 1:
            survey, crossing = crossed(survey, names)
            variable = crossings.setdefault(crossing.name, crossing).name
        asked.append(
            replace(
                plain, variable=variable, by=((request.variable,),), total=False, id=_part(plain, index), where=where
            )
        )
    return survey, Plan(request=request, asked=tuple(asked), crossings=crossings)


def _table_plan(survey: Survey, request: Request, plain: Request) -> tuple[Survey, Plan]:
    """The combinations of each breakdown with the question; the total is of those who answered the first breakdown."""
    if survey.gate is not None and survey.gate.ledger is not None:
        raise UsageError(
            "table percentages are not kept in a ledger.", "--percent", "Ask for row or column percentages."
        )
    asked, crossings = [replace(plain, by=(), where=_answered(request.where, request.by[0]))], {}
    for index, names in enumerate(request.by):
        survey, crossing = crossed(survey, (request.variable, *names))
        crossings[crossing.name] = crossing
        asked.append(replace(plain, variable=crossing.name, by=(), total=True, id=_part(plain, index)))
    return survey, Plan(request=request, asked=tuple(asked), crossings=crossings)


def _answered(where: str | None, names: Sequence[str]) -> str:
    """A condition that asks for answers to some questions too."""
    answered = " and ".join(f"not ({quoted(name)} is missing)" for name in names)
    return f"({where}) and {answered}" if where else answered


def _part(plain: Request, index: int) -> str:
    return f"{plain.id}\x1f{index}"


def as_requested(results: Results, plans: Sequence[Plan]) -> Results:
    """The results with an entry a plan, in the plans' order."""
    waiting = list(results.estimates)
    arranged = []
    for plan in plans:
        estimates, waiting = waiting[: len(plan.asked)], waiting[len(plan.asked) :]
        table = _arranged(plan, estimates)
        excludes = plan.whole is not None and plan.whole.exclude
        arranged.append(without_excluded(table, plan.whole) if excludes and plan.whole is not None else table)
    return replace(results, estimates=tuple(arranged))


def _arranged(plan: Plan, estimates: Sequence[Estimates]) -> Estimates:
    """What was requested, of what the corridor gave."""
    request = plan.request
    if request.percent == "column" or (len(estimates) == 1 and estimates[0].request.variable == request.variable):
        replaced = replace(estimates[0], request=request)
    elif request.percent == "row":
        replaced = _row_percentages(plan, estimates)
    else:
        replaced = _table_percentages(plan, estimates)
    return _counted(replaced) if request.statistic == COUNT else replaced


def _counted(estimates: Estimates) -> Estimates:
    """A count in the place of each share: what the gate lets be seen of it, without an error."""
    rows = tuple(
        replace(
            row, estimate=None if row.flag == SUPPRESSED or row.count is None else row.count, se=None, ci_low=None,
            ci_high=None, df=None, deff=None, cv=None, ci_method=None,
            flag=row.flag if row.flag in (SUPPRESSED, NO_RESPONDENTS) else None,
        )
        for row in estimates.rows
    )  # fmt: skip
    told = ("ci_at_bounds", "ci_few", "ci_clustered", "no_df", "calibrated")
    notes = tuple(note for note in estimates.notes if note.code not in told)
    return replace(estimates, statistic=COUNT, rows=rows, ci_method="none", notes=notes, decimals=0)


def _row_percentages(plan: Plan, estimates: Sequence[Estimates]) -> Estimates:
    request, first = plan.request, estimates[0]
    ((answers, label),) = [(breakdown, breakdown.labels[0]) for breakdown in first.breakdowns]
    levels = [(labels[0], codes[0]) for labels, codes in zip(answers.groups, answers.codes, strict=True)]
    rows_found: dict[tuple[tuple[str, ...], tuple[str, ...], str], Row] = {}
    breakdowns = []
    for names, estimated in zip(request.by, estimates, strict=True):
        breakdown = _breakdown(names, estimated, plan.crossings)
        breakdowns.append(breakdown)
        members = dict(zip(estimated.codes, breakdown.codes, strict=True))
        for row in estimated.rows:
            rows_found[names, members[row.level_code or ""], row.by_code[request.variable]] = row
    rows = [_whole(request, first, level, list(rows_found.values())) for level in levels] if request.total else []
    for breakdown in breakdowns:
        for labels, codes in zip(breakdown.groups, breakdown.codes, strict=True):
            group = dict(zip(breakdown.names, labels, strict=True)), dict(zip(breakdown.names, codes, strict=True))
            rows += [_placed(rows_found[breakdown.names, codes, code], plan, first.id, (text, code), group)
                     for text, code in levels]  # fmt: skip
    return _joined(plan, estimates, label, tuple(rows), tuple(breakdowns), levels)


def _breakdown(names: tuple[str, ...], asked: Estimates, crossings: Mapping[str, Crossed]) -> Breakdown:
    """A question's answers as the groups of a breakdown."""
    variable = asked.request.variable
    if variable not in crossings:
        groups = tuple((text,) for text in asked.levels)
        return Breakdown(
            names=names, labels=(asked.label,), groups=groups, codes=tuple((code,) for code in asked.codes)
        )
    parts = [crossings[variable].parts[code] for code in asked.codes]
    return Breakdown(
        names=names, labels=crossings[variable].labels, groups=tuple(tuple(text for text, _ in part) for part in parts),
        codes=tuple(tuple(code for _, code in part) for part in parts),
    )  # fmt: skip


def _whole(request: Request, first: Estimates, level: tuple[str, str], rows: Sequence[Row]) -> Row:
    """All who gave an answer are a hundred percent of them."""
    mine = [row for row in rows if row.by_code.get(request.variable) == level[1]]
    shown = next((row for row in mine if row.flag != SUPPRESSED), mine[0])
    gone = shown.flag == SUPPRESSED
    return Row(
        table=_id(first), variable=request.variable, level=level[0], level_code=level[1],
        estimate=1.0 if shown.n and not gone else None, count=None if gone else shown.n, n=shown.n,
        n_weighted=shown.n_weighted, flag=SUPPRESSED if gone else shown.flag if not shown.n else None,
    )  # fmt: skip


def _placed(
    row: Row, plan: Plan, table: str, level: tuple[str, str], group: tuple[dict[str, str], dict[str, str]]
) -> Row:
    """A row of another table in its place of this one."""
    return replace(
        row, table=table.partition("\x1f")[0], variable=plan.request.variable, level=level[0], level_code=level[1],
        by=group[0], by_code=group[1],
    )  # fmt: skip


def _table_percentages(plan: Plan, estimates: Sequence[Estimates]) -> Estimates:
    request, total = plan.request, estimates[0]
    levels = list(total.answers())
    rows = [replace(row, by={}, by_code={}) for row in total.rows] if request.total else []
    breakdowns = []
    for names, estimated in zip(request.by, estimates[1:], strict=True):
        crossing = plan.crossings[estimated.request.variable]
        parts = crossing.parts
        row_of_codes = {parts[row.level_code or ""]: row for row in estimated.rows}
        groups = list(dict.fromkeys(part[1:] for part in row_of_codes))
        breakdown = Breakdown(
            names=names, labels=crossing.labels[1:], groups=tuple(tuple(text for text, _ in group) for group in groups),
            codes=tuple(tuple(code for _, code in group) for group in groups),
        )  # fmt: skip
        breakdowns.append(breakdown)
        for group in groups:
            by = dict(zip(names, (text for text, _ in group), strict=True))
            codes = dict(zip(names, (code for _, code in group), strict=True))
            rows += [_placed(row_of_codes[(level, *group)], plan, total.id, level, (by, codes)) for level in levels]
    return _joined(plan, estimates, total.label, tuple(rows), tuple(breakdowns), levels)


def _joined(
    plan: Plan, estimates: Sequence[Estimates], label: str, rows: tuple[Row, ...], breakdowns: tuple[Breakdown, ...],
    levels: Sequence[tuple[str, str]],
) -> Estimates:  # fmt: skip
    """One entry of several, with the notes of all."""
    first = estimates[0]
    decimals = [estimated.decimals for estimated in estimates if estimated.decimals is not None]
    return replace(
        first, id=_id(first), request=plan.request, label=label, rows=rows,
        breakdowns=breakdowns, levels=tuple(text for text, _ in levels), codes=tuple(code for _, code in levels),
        notes=unique(
            note for part in estimates for note in part.notes if note.code not in ("missing_by", "empty_level")
        ),
        decimals=min(decimals) if decimals else None,
    )  # fmt: skip


def _id(estimates: Estimates) -> str:
    return estimates.id.partition("\x1f")[0]

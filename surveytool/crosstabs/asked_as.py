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
    made: dict[str, Crossed] = {}
    where = request.where
    if survey.codebook[request.variable].kind not in SEVERAL:
        where = _answered(where, (request.variable,))
    for place, names in enumerate(request.by):
        variable = names[0]
        if len(names) > 1:
            survey, found = crossed(survey, names)
            variable = made.setdefault(found.name, found).name
        asked.append(
            replace(
                plain, variable=variable, by=((request.variable,),), total=False, id=_part(plain, place), where=where
            )
        )
    return survey, Plan(request=request, asked=tuple(asked), crossings=made)


def _table_plan(survey: Survey, request: Request, plain: Request) -> tuple[Survey, Plan]:
    """The combinations of each breakdown with the question; the total is of those who answered the first breakdown."""
    if survey.gate is not None and survey.gate.ledger is not None:
        raise UsageError(
            "table percentages are not kept in a ledger.", "--percent", "Ask for row or column percentages."
        )
    asked, made = [replace(plain, by=(), where=_answered(request.where, request.by[0]))], {}
    for place, names in enumerate(request.by):
        survey, found = crossed(survey, (request.variable, *names))
        made[found.name] = found
        asked.append(replace(plain, variable=found.name, by=(), total=True, id=_part(plain, place)))
    return survey, Plan(request=request, asked=tuple(asked), crossings=made)


def _answered(where: str | None, names: Sequence[str]) -> str:
    """A condition that asks for answers to some questions too."""
    known = " and ".join(f"not ({quoted(name)} is missing)" for name in names)
    return f"({where}) and {known}" if where else known


def _part(plain: Request, place: int) -> str:
    return f"{plain.id}\x1f{place}"


def as_requested(results: Results, plans: Sequence[Plan]) -> Results:
    """The results with an entry a plan, in the plans' order."""
    waiting = list(results.estimates)
    made = []
    for plan in plans:
        own, waiting = waiting[: len(plan.asked)], waiting[len(plan.asked) :]
        arranged = _arranged(plan, own)
        excludes = plan.whole is not None and plan.whole.exclude
        made.append(without_excluded(arranged, plan.whole) if excludes and plan.whole is not None else arranged)
    return replace(results, estimates=tuple(made))


def _arranged(plan: Plan, own: Sequence[Estimates]) -> Estimates:
    """What was requested, of what the corridor gave."""
    request = plan.request
    if request.percent == "column" or (len(own) == 1 and own[0].request.variable == request.variable):
        made = replace(own[0], request=request)
    elif request.percent == "row":
        made = _row_percentages(plan, own)
    else:
        made = _table_percentages(plan, own)
    return _counted(made) if request.statistic == COUNT else made


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
    notes = tuple(each for each in estimates.notes if each.code not in told)
    return replace(estimates, statistic=COUNT, rows=rows, ci_method="none", notes=notes, decimals=0)


def _row_percentages(plan: Plan, own: Sequence[Estimates]) -> Estimates:
    request, first = plan.request, own[0]
    ((answers, label),) = [(each, each.labels[0]) for each in first.breakdowns]
    levels = [(labels[0], codes[0]) for labels, codes in zip(answers.groups, answers.codes, strict=True)]
    found: dict[tuple[tuple[str, ...], tuple[str, ...], str], Row] = {}
    breakdowns = []
    for names, each in zip(request.by, own, strict=True):
        breakdown = _breakdown(names, each, plan.crossings)
        breakdowns.append(breakdown)
        members = dict(zip(each.codes, breakdown.codes, strict=True))
        for row in each.rows:
            found[names, members[row.level_code or ""], row.by_code[request.variable]] = row
    rows = [_whole(request, first, level, list(found.values())) for level in levels] if request.total else []
    for breakdown in breakdowns:
        for labels, codes in zip(breakdown.groups, breakdown.codes, strict=True):
            group = dict(zip(breakdown.names, labels, strict=True)), dict(zip(breakdown.names, codes, strict=True))
            rows += [_placed(found[breakdown.names, codes, code], plan, first.id, (text, code), group)
                     for text, code in levels]  # fmt: skip
    return _joined(plan, own, label, tuple(rows), tuple(breakdowns), levels)


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


def _table_percentages(plan: Plan, own: Sequence[Estimates]) -> Estimates:
    request, total = plan.request, own[0]
    levels = list(total.answers())
    rows = [replace(row, by={}, by_code={}) for row in total.rows] if request.total else []
    breakdowns = []
    for names, each in zip(request.by, own[1:], strict=True):
        crossing = plan.crossings[each.request.variable]
        parts = crossing.parts
        found = {parts[row.level_code or ""]: row for row in each.rows}
        groups = list(dict.fromkeys(part[1:] for part in found))
        breakdown = Breakdown(
            names=names, labels=crossing.labels[1:], groups=tuple(tuple(text for text, _ in group) for group in groups),
            codes=tuple(tuple(code for _, code in group) for group in groups),
        )  # fmt: skip
        breakdowns.append(breakdown)
        for group in groups:
            by = dict(zip(names, (text for text, _ in group), strict=True))
            codes = dict(zip(names, (code for _, code in group), strict=True))
            rows += [_placed(found[(level, *group)], plan, total.id, level, (by, codes)) for level in levels]
    return _joined(plan, own, total.label, tuple(rows), tuple(breakdowns), levels)


def _joined(
    plan: Plan, own: Sequence[Estimates], label: str, rows: tuple[Row, ...], breakdowns: tuple[Breakdown, ...],
    levels: Sequence[tuple[str, str]],
) -> Estimates:  # fmt: skip
    """One entry of several, with the notes of all."""
    first = own[0]
    decimals = [each.decimals for each in own if each.decimals is not None]
    return replace(
        first, id=_id(first), request=plan.request, label=label, rows=rows,
        breakdowns=breakdowns, levels=tuple(text for text, _ in levels), codes=tuple(code for _, code in levels),
        notes=unique([each for entry in own for each in entry.notes if each.code not in ("missing_by", "empty_level")]),
        decimals=min(decimals) if decimals else None,
    )  # fmt: skip


def _id(estimates: Estimates) -> str:
    return estimates.id.partition("\x1f")[0]

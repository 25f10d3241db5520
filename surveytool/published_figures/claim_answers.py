"""The row that a claim means: its group and its level, by label or code, case and punctuation forgiven."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from surveytool.errors import SurveytoolError, UnknownVariable, near_names
from surveytool.estimate.result import Estimates, Row
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.published_figures.claim_requests import Answers, request_of
from surveytool.published_figures.claims import Claim

NOT = "not "
SUPPRESSED = "suppressed"
MEANS = ("proportion", "mean")


@frozen
class Found:
    """What the data say of one group and level; ``unweighted`` is the plain share of respondents.

    ``group`` is the group by its labels, ``overlapping`` where a respondent may be in several
    such groups, ``multiple`` where one may give several answers; ``size`` is the sum of the
    weights, None where the estimate is no mean of the group.
    """

    estimate: float
    ci_low: float | None = None
    ci_high: float | None = None
    n: int = 0
    unweighted: float | None = None
    se: float | None = None
    df: float | None = None
    group: tuple[tuple[str, str], ...] = ()
    overlapping: bool = False
    multiple: bool = False
    size: float | None = None


class Cannot(Exception):
    """A claim that cannot be asked of these data; the note says why."""

    def __init__(self, why: Note) -> None:
        super().__init__(why.code)
        self.why = why


def plain(text: str) -> str:
    """Letters and digits only, in lower case: how labels are compared where they differ in dress.

    >>> plain("Don't  know") == plain("don’t know")
    True
    """
    return "".join(character for character in text.casefold() if character.isalnum())


def match(text: str, labels: Iterable[str]) -> str | None:
    """The label that a text names: the same one, else the only one that differs in dress."""
    names = list(dict.fromkeys(labels))
    if text in names:
        return text
    alike = [name for name in names if plain(name) == plain(text)] if plain(text) else []
    return alike[0] if len(alike) == 1 else None


def find(claim: Claim, answers: Answers) -> Found:
    """The claim's own number. Raises ``Cannot``."""
    return found_in(claim, estimates_of(claim, answers, tuple(claim.by)))


def estimates_of(claim: Claim, answers: Answers, names: tuple[str, ...]) -> Estimates:
    """The estimates of a claim that hold a breakdown. Raises ``Cannot``."""
    answer = answers.of(request_of(claim), names)
    if isinstance(answer, SurveytoolError):
        raise Cannot(_why(answer))
    if answer.statistic == "mean" and claim.stat is None and claim.unit == "percent":
        raise Cannot(note("claim_no_share", variable=claim.variable))
    return answer


def _why(error: SurveytoolError) -> Note:
    if not isinstance(error, UnknownVariable):
        return note("claim_cannot_ask", reason=str(error))
    if not error.near:
        return note("claim_no_variable", name=error.name)
    return note("claim_no_variable_near", name=error.name, near=tuple(error.near))


def found_in(claim: Claim, estimates: Estimates, by: Mapping[str, str] | None = None) -> Found:
    """The number of a claim's level in a group (its own where none is given). Raises ``Cannot``."""
    rows = group_rows(estimates, claim.by if by is None else by)
    if claim.stat == "n":
        return _count(claim, estimates, rows)
    row, turned = level_row(claim, estimates, rows)
    if row.estimate is None:
        raise Cannot(note("claim_protected" if withheld(row) else "claim_no_respondents"))
    share = estimates.statistic == "proportion"
    unweighted = row.count / row.n if share and row.count is not None and row.n else None
    answer = Found(
        estimate=row.estimate,
        ci_low=row.ci_low,
        ci_high=row.ci_high,
        n=row.n,
        unweighted=unweighted,
        se=row.se,
        df=row.df,
        group=tuple(row.by.items()),
        multiple=estimates.multiple,
        overlapping=any(
            breakdown.overlapping for breakdown in estimates.breakdowns if breakdown.names == tuple(row.by)
        ),
        size=row.n_weighted if estimates.statistic in MEANS else None,
    )
    return _complement(answer) if turned else answer


def _complement(answer: Found) -> Found:
    return replace(
        answer,
        estimate=1 - answer.estimate,
        ci_low=None if answer.ci_high is None else 1 - answer.ci_high,
        ci_high=None if answer.ci_low is None else 1 - answer.ci_low,
        unweighted=None if answer.unweighted is None else 1 - answer.unweighted,
    )


def _count(claim: Claim, estimates: Estimates, rows: Sequence[Row]) -> Found:
    """Respondents, unweighted: with the claim's level, or in the base."""
    if claim.level is None:
        if all(map(withheld, rows)):
            raise Cannot(note("claim_protected"))
        rows = [row for row in rows if not withheld(row)]
        return Found(estimate=float(rows[0].n), n=rows[0].n)
    row, turned = level_row(claim, estimates, rows)
    if withheld(row):
        raise Cannot(note("claim_protected"))
    count = row.count or 0
    return Found(estimate=float(row.n - count if turned else count), n=row.n)


def withheld(row: Row) -> bool:
    """Whether a figure may not be shown, nor used for one that is."""
    judged = row.estimate is None and row.n > 0 and row.flag not in (None, "undefined", "no_df")
    return row.flag == SUPPRESSED or judged


def group_rows(estimates: Estimates, by: Mapping[str, str]) -> list[Row]:
    """The rows of one group, a row a level. Raises ``Cannot`` where there is no such group."""
    names = set(by)
    rows = [row for row in estimates.rows if set(row.by) == names]
    for name, text in by.items():
        labels = [row.by[name] for row in rows]
        label = match(text, labels)
        if label is None:
            raise Cannot(_unknown("group", text, name, labels))
        rows = [row for row in rows if row.by[name] == label]
    if not rows:
        raise Cannot(note("claim_no_respondents"))
    return rows


def level_row(claim: Claim, estimates: Estimates, rows: Sequence[Row]) -> tuple[Row, bool]:
    """The row of the claim's level, and whether the claim is of every other level. Raises ``Cannot``."""
    if not estimates.levels:
        return rows[0], False
    labels = [row.level or "" for row in rows]
    if claim.level is None:
        raise Cannot(note("claim_level_missing", variable=estimates.request.variable, levels=tuple(labels[:12])))
    row = _by_level(claim.level, rows, labels)
    if row is None and claim.level.lower().startswith(NOT):
        row = _by_level(claim.level[len(NOT) :], rows, labels)
        if row is not None:
            return row, True
    if row is None:
        raise Cannot(_unknown("level", claim.level, estimates.request.variable, labels))
    return row, False


def _by_level(text: str, rows: Sequence[Row], labels: list[str]) -> Row | None:
    label = match(text, labels)
    if label is not None:
        return rows[labels.index(label)]
    return next((row for row in rows if row.level_code == text), None)


def _unknown(what: str, text: str, name: str, labels: Sequence[str]) -> Note:
    names = list(dict.fromkeys(labels))
    near = near_names(text, names)
    if near:
        return note(f"claim_no_{what}_near", variable=name, text=text, near=tuple(near))
    return note(f"claim_no_{what}", variable=name, text=text, known=tuple(names[:12]))

"""Claims in words: more than, the highest of, most, about two thirds.

A comparison holds where the estimates hold it. Where they do not, it is
consistent as long as the difference is within sampling error: groups that share
nobody are taken as independent, which clusters make rather too wide than too
narrow; a group and the whole that it belongs to vary together; answers of one
question have the covariance of a multinomial. Where the same respondents may be
on both sides in another way, the explanation says that this was not reckoned in.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from surveytool.estimate.student import quantile
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.published_figures.claim_answers import (
    Cannot,
    Found,
    estimates_of,
    found_in,
    group_rows,
    match,
    withheld,
)
from surveytool.published_figures.claim_requests import Answers
from surveytool.published_figures.claim_words import Figure, Phrase
from surveytool.published_figures.claims import Claim, Outcome
from surveytool.published_figures.readings import all_groups

ORDER: tuple[Outcome, ...] = ("reproduced", "consistent", "not reproduced")
HALF = 0.5
NOISE = 1e-12  # of sums such as 0.3 + 0.03
LEVEL = 0.95


@frozen
class Side:
    """One side of a comparison: its name for a reader, its number, and whether it is another answer."""

    name: object
    found: Found
    answer: bool = False


def compare(claim: Claim, answer: Found, answers: Answers) -> tuple[Outcome, tuple[Note, ...]]:
    """The outcome of a claim's comparison, and what to say of it. Raises ``Cannot``."""
    results = list(_results(claim, answer, answers))
    if not results:
        raise Cannot(note("claim_says_nothing"))
    worst = max((outcome for outcome, _ in results), key=ORDER.index)
    return worst, tuple(note for _, notes in results for note in notes)


def _results(claim: Claim, answer: Found, answers: Answers) -> Iterator[tuple[Outcome, tuple[Note, ...]]]:
    told = claim.comparison
    assert told is not None
    mine = Side(name=_name(claim, claim.by, claim.level), found=answer)
    if told.more_than is not None:
        yield _ordered(claim, mine, _other(claim, told.more_than, answers), 1)
    if told.less_than is not None:
        yield _ordered(claim, mine, _other(claim, told.less_than, answers), -1)
    if told.highest_of is not None:
        yield _extreme(claim, mine, list(_rivals(claim, told.highest_of, answers)), 1)
    if told.lowest_of is not None:
        yield _extreme(claim, mine, list(_rivals(claim, told.lowest_of, answers)), -1)
    if told.most:
        yield _most(claim, answer)
    if told.about is not None:
        yield _about(claim, answer, told.about, told.tolerance)


def _name(claim: Claim, by: Mapping[str, str], level: str | None) -> object:
    """What a side is called: its group, its answer where the group is everybody."""
    if by:
        return ", ".join(by.values())
    return level if level is not None else Phrase("total")


def _other(claim: Claim, other: Mapping[str, str], answers: Answers) -> Side:
    """Another group, or another answer of the claim's own group."""
    level = other.get(claim.variable or "", claim.level)
    groups = {name: text for name, text in other.items() if name != claim.variable}
    by = groups if groups or claim.variable not in other else dict(claim.by)
    return _side(claim, by, level, answers, by_level=claim.variable in other)


def _side(claim: Claim, by: Mapping[str, str], level: str | None, answers: Answers, *, by_level: bool) -> Side:
    changed = replace(claim, level=level, by=dict(by))
    answer = found_in(changed, estimates_of(claim, answers, tuple(by)), by)
    name = level if by_level else _name(claim, by, None)
    return Side(name=name, found=answer, answer=by_level)


def _rivals(claim: Claim, name: str, answers: Answers) -> Iterator[Side]:
    """The other groups of a variable, or the other answers."""
    if name == claim.variable:
        estimates = estimates_of(claim, answers, tuple(claim.by))
        rows = group_rows(estimates, claim.by)
        labels = [row.level or "" for row in rows]
        own_label = match(claim.level or "", labels) or claim.level
        for label in labels:
            if label != own_label:
                yield _side(claim, claim.by, label, answers, by_level=True)
        return
    if name not in claim.by:
        raise Cannot(note("claim_names_no_group", variable=name))
    estimates = estimates_of(claim, answers, tuple(claim.by))
    own_group = group_rows(estimates, claim.by)[0].by
    for rows in all_groups(estimates, tuple(claim.by)):
        by = rows[0].by
        same = all(by[name_of_by] == own_group[name_of_by] for name_of_by in claim.by if name_of_by != name)
        if same and by[name] != own_group[name] and (rows[0].n or withheld(rows[0])):
            yield Side(name=by[name], found=found_in(claim, estimates, by))


def _ordered(claim: Claim, mine: Side, other: Side, sign: int) -> tuple[Outcome, tuple[Note, ...]]:
    holds = sign * (mine.found.estimate - other.found.estimate) > 1e-12
    together = covariance(mine.found, other.found, answers=other.answer)
    apart = _apart(mine.found, other.found, together or 0.0)
    values = _values(claim, mine, other)
    error = () if apart else (note("claim_within_error"),)
    guessed = together is None and mine.found.se is not None and other.found.se is not None
    notes = (*error, *((note("claim_shared"),) if guessed else ()))
    if holds:
        return "reproduced", (note("claim_more" if sign > 0 else "claim_less", **values), *notes)
    said = note("claim_not_more" if sign > 0 else "claim_not_less", **values)
    return "not reproduced" if apart else "consistent", (said, *notes)


def _extreme(claim: Claim, mine: Side, rivals: list[Side], sign: int) -> tuple[Outcome, tuple[Note, ...]]:
    if not rivals:
        raise Cannot(note("claim_no_rivals"))
    nearest = max(rivals, key=lambda rival: sign * rival.found.estimate)
    outcome, notes = _ordered(claim, mine, nearest, sign)
    code = f"claim_{'' if outcome == 'reproduced' else 'not_'}{'highest' if sign > 0 else 'lowest'}"
    return outcome, (note(code, **_values(claim, mine, nearest)), *notes[1:])


def _values(claim: Claim, mine: Side, other: Side) -> dict[str, object]:
    return {
        "own": mine.name, "value": figure(mine.found.estimate, claim),
        "other": other.name, "against": figure(other.found.estimate, claim),
    }  # fmt: skip


def figure(value: float, claim: Claim) -> Figure:
    """A number of a comparison: one decimal, two for numbers."""
    return Figure(value, claim.unit, 1 if claim.unit == "percent" else 2)


def _most(claim: Claim, answer: Found) -> tuple[Outcome, tuple[Note, ...]]:
    value = figure(answer.estimate, claim)
    if answer.estimate > HALF:
        return "reproduced", (note("claim_most", value=value),)
    holds = answer.ci_high is not None and answer.ci_high > HALF
    return "consistent" if holds else "not reproduced", (note("claim_not_most", value=value),)


def _about(claim: Claim, answer: Found, about: float, tolerance: float) -> tuple[Outcome, tuple[Note, ...]]:
    values = {"value": figure(answer.estimate, claim), "about": figure(about, claim)}
    values["tolerance"] = figure(tolerance, claim)
    reach = tolerance + NOISE
    if abs(answer.estimate - about) <= reach:
        return "reproduced", (note("claim_about", **values),)
    low, high = answer.ci_low, answer.ci_high
    near = low is not None and high is not None and low <= about + reach and high >= about - reach
    return "consistent" if near else "not reproduced", (note("claim_not_about", **values),)


def _apart(one: Found, other: Found, together: float) -> bool:
    """Whether two numbers differ by more than sampling error at 95%; without standard errors every difference does.

    ``together`` is their covariance.
    """
    if one.se is None or other.se is None or not one.df or not other.df:
        return True
    variance = one.se**2 + other.se**2 - 2 * together
    return abs(one.estimate - other.estimate) > quantile(min(one.df, other.df), LEVEL) * math.sqrt(max(variance, 0.0))


def covariance(one: Found, other: Found, *, answers: bool) -> float | None:
    """The covariance of two estimates; None where the same respondents are on both sides and it cannot be told.

    A group's mean and that of the whole it belongs to: the group's variance times its part of the whole.
    """
    mine, its = dict(one.group), dict(other.group)
    if mine == its:
        return None if one.multiple or not answers else _multinomial(one, other)
    overlapping = one.overlapping or other.overlapping
    if not overlapping and any(name in its and its[name] != text for name, text in mine.items()):
        return 0.0
    if answers:
        return None
    if its.items() <= mine.items():
        return _inside(one, other)
    return _inside(other, one) if mine.items() <= its.items() else None


def _inside(part: Found, whole: Found) -> float | None:
    if part.size is None or not whole.size or part.se is None:
        return None
    return part.se**2 * part.size / whole.size


def _multinomial(one: Found, other: Found) -> float:
    """The covariance of two shares of one question, 0 where they are no such shares."""
    p, q = one.estimate, other.estimate
    odds = p * q, (1 - p) * (1 - q)
    if one.se is None or other.se is None or not 0 < p + q <= 1 or min(odds) <= 0:
        return 0.0
    return -math.sqrt(odds[0] / odds[1]) * one.se * other.se

"""Figures that are made of the figures before them: a difference in points, a change in percent, a sum."""

from __future__ import annotations

import re
from collections.abc import Sequence

from surveytool.proofreading.binding import Binder
from surveytool.proofreading.facts import Fact
from surveytool.proofreading.figures import Figure
from surveytool.proofreading.judging import Outcome
from surveytool.proofreading.language import Language
from surveytool.proofreading.scopes import Sentence

Bound = Sequence[tuple[Figure, Fact | None]]
Verdict = tuple[Outcome, str, Fact | None]
BESIDE = 25  # letters between a sum and the word that says it is one


def of_points(figure: Figure, last: Bound, sentence: Sentence, binder: Binder) -> Verdict:
    """A difference in points, of the two shares before it, and its direction where "than" names a group."""
    pair = _pair(last)
    if pair is None:
        return ("unknown", "proofread_unbound", None)
    (shown, first), (other, second) = pair
    difference = abs((first.row.estimate or 0.0) - (second.row.estimate or 0.0))
    printed = abs(shown.value - other.value)
    if min(abs(difference - figure.value), abs(printed - figure.value)) > 1.01 * 10.0 ** -(2 + figure.decimals):
        return ("differs", "proofread_points", first)
    if _turned(figure, (first, second), sentence, binder):
        return ("differs", "proofread_sign", first)
    return ("agrees", "proofread_agrees", first)


def _turned(figure: Figure, facts: tuple[Fact, Fact], sentence: Sentence, binder: Binder) -> bool:
    """Whether "12 points more than women" says that the smaller of two shares is the larger."""
    words, rest = binder.words, sentence.text[figure.end :]
    pattern = (
        rf"\W{{0,3}}(?:de\s+)?(?:(?P<below>{words.pattern('below')})|(?P<above>{words.pattern('above')}))(?!\w)[^.;:]{{0,20}}?"
        rf"(?<!\w)(?:{words.pattern('compared')})(?!\w)"
    )
    match = re.match(pattern, rest, re.IGNORECASE)
    if match is None:
        return False
    start = figure.end + match.end()
    named = [mention for mention in sentence.mentions if 0 <= mention.start - start <= BESIDE]
    for mention in named:
        of = [fact for fact in facts if fact.row.by_code.get(mention.variable) == mention.code]
        if len(of) == 1:
            other = facts[1] if of[0] is facts[0] else facts[0]
            gap = (other.row.estimate or 0.0) - (of[0].row.estimate or 0.0)
            return gap < 0 if match["above"] else gap > 0
    return False


def of_change(figure: Figure, last: Bound) -> Verdict:
    """A change in percent after two shares; their difference in points under that name is called."""
    pair = _pair(last)
    if pair is None:
        return ("unknown", "proofread_change", None)
    (_, first), (_, second) = pair
    one, two = first.row.estimate or 0.0, second.row.estimate or 0.0
    unit = 0.51 * 10.0 ** -(2 + figure.decimals)
    changes = [abs(one / two - 1) if two else 0.0, abs(two / one - 1) if one else 0.0]
    if any(abs(change - figure.value) <= unit for change in changes):
        return ("agrees", "proofread_agrees", first)
    if abs(abs(one - two) - figure.value) <= unit:
        return ("differs", "proofread_percent_points", first)
    return ("unknown", "proofread_change", None)


def _pair(last: Bound) -> tuple[tuple[Figure, Fact], tuple[Figure, Fact]] | None:
    """The last two shares, where they are of one answer to one question."""
    bound = [(figure, fact) for figure, fact in last if fact is not None and fact.told]
    if len(bound) < 2:
        return None
    first, second = bound[-2], bound[-1]
    same = first[1].row.variable == second[1].row.variable and first[1].row.level_code == second[1].row.level_code
    return (first, second) if same else None


def is_sum(figure: Figure, sentence: Sentence, words: Language) -> bool:
    """Whether a share is said to be the sum of those before it."""
    before = sentence.text[max(0, figure.start - BESIDE) : figure.start]
    after = sentence.text[figure.end : figure.end + BESIDE]
    said = rf"(?<!\w)(?:{words.pattern('sums')})(?!\w)"
    return (
        re.search(rf"{said}\W*(?:\w+\W+){{0,2}}$", before, re.IGNORECASE) is not None
        or re.match(rf"\W{{0,2}}{said}", after, re.IGNORECASE) is not None
    )


def of_sum(figure: Figure, last: Bound, binder: Binder) -> Verdict | None:
    """The verdict on a sum of different answers to one question in one group; None where it is none."""
    bound = [(one, fact) for one, fact in last if fact is not None and fact.told]
    names = {(fact.row.variable, fact.group, fact.where) for _, fact in bound}
    codes = [fact.row.level_code for _, fact in bound]
    if len(bound) < 2 or len(bound) != len(last) or len(names) != 1 or len(set(codes)) != len(codes):
        return None
    name = bound[0][1].row.variable
    if name in binder.facts.book and binder.facts.book[name].kind == "multiple":
        return ("unknown", "proofread_overlap", bound[0][1])
    unit = 10.0 ** -(2 + figure.decimals)
    true, printed = sum(fact.row.estimate or 0.0 for _, fact in bound), sum(one.value for one, _ in bound)
    if abs(true - figure.value) <= 0.51 * unit or abs(printed - figure.value) <= 0.01 * unit:
        return ("agrees", "proofread_agrees", bound[0][1])
    return ("differs", "proofread_sum", bound[0][1])

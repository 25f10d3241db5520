"""What a sentence says of two numbers together: times as many, higher than, followed by.

The two groups or answers are the ones named on both sides of the word; the question has to be
sure, else nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from surveytool.proofreading.binding import SURE, Binder, Context
from surveytool.proofreading.facts import Fact
from surveytool.proofreading.figures import Figure, number_of
from surveytool.proofreading.judging import Outcome
from surveytool.proofreading.language import Language
from surveytool.proofreading.scopes import Sentence
from surveytool.proofreading.vocabulary import Mention

Related = tuple[Figure, Outcome, str, Fact]
NEAR = 30  # letters between "than" and the group it compares with
LOOSE = 0.15  # "twice" may be 15 percent off


@cache
def _patterns(words: Language) -> dict[str, re.Pattern[str]]:
    """The words of relations in a language."""
    numeral = "|".join(sorted(words.given["numbers"], key=len, reverse=True))
    named = "|".join(map(re.escape, sorted(words.given["times"], key=len, reverse=True)))
    several = rf"(?P<digits>\d+(?:[.,]\d+)?|{numeral})[\s-]+(?:{words.pattern('times_words')})"
    times = rf"(?<![\w.,])(?:(?P<word>{named})|{several})(?!\w)"
    compared = (
        rf"(?<!\w)(?:(?P<below>{words.pattern('below')})|(?P<above>{words.pattern('above')}))(?!\w)"
        rf"(?P<middle>[^;:.]{{0,60}}?)(?<!\w)(?:{words.pattern('compared')})(?!\w)"
    )
    followed = rf"(?<!\w)(?:{words.pattern('followed')})(?!\w)"
    whole = {"times": times, "compared": compared, "followed": followed}
    return {key: re.compile(pattern, re.IGNORECASE) for key, pattern in whole.items()}


def relations(
    sentence: Sentence, context: Context, binder: Binder, shares: Sequence[tuple[Figure, Fact | None]]
) -> Iterator[Related]:
    """The relations of a sentence with their verdicts; ``shares`` are its figures with what they were bound to."""
    patterns = _patterns(binder.words)
    for match in patterns["times"].finditer(sentence.text):
        yield from _times(match, sentence, context, binder, shares)
    times = [match.end() for match in patterns["times"].finditer(sentence.text)]
    made = [figure.end for figure in sentence.figures if figure.kind in ("points", "change")]
    for match in patterns["compared"].finditer(sentence.text):
        if any(0 <= match.start() - end <= 4 for end in (*times, *made)):
            continue
        yield from _compared(match, sentence, context, binder)
    for match in patterns["followed"].finditer(sentence.text):
        yield from _followed(match, sentence, context, binder)


def _word(match: re.Match[str]) -> Figure:
    return Figure(kind="percent", value=0.0, decimals=0, start=match.start(), end=match.end(), text=match.group())


def _pairs(match: re.Match[str], sentence: Sentence, binder: Binder) -> Iterator[tuple[Mention, Mention]]:
    """Two groups of one breakdown beside a word: the one before and the one after it, else the two after it."""
    for name in binder.breakdowns:
        mentions = [mention for mention in sentence.mentions if mention.variable == name]
        before = [mention for mention in mentions if mention.end <= match.start()]
        after = [mention for mention in mentions if mention.start >= match.end()]
        if before and after and before[-1].code != after[0].code and len(after) == 1:
            yield before[-1], after[0]
        elif not before and len(after) == 2 and after[0].code != after[1].code:
            yield after[0], after[1]


def _times(
    match: re.Match[str],
    sentence: Sentence,
    context: Context,
    binder: Binder,
    shares: Sequence[tuple[Figure, Fact | None]],
) -> Iterator[Related]:
    """ "Twice as many": the ratio of two groups' shares, or of their counts; else of the two shares printed there."""
    words = binder.words
    if match["word"]:
        value, decimals = float(words.given["times"][" ".join(match["word"].casefold().split())]), None
    elif match["digits"][0].isdigit():
        value, decimals = number_of(match["digits"], words.given["decimal"])
    else:
        value, decimals = float(words.given["numbers"][match["digits"].casefold()]), None
    if value <= 0:
        return
    for subject, other in _pairs(match, sentence, binder):
        facts = group_facts(_word(match), sentence, context, binder, subject)
        one, two = (_of(facts, mention) for mention in (subject, other))
        if one is None or two is None or not one.row.estimate or not two.row.estimate:
            continue
        ratios = [one.row.estimate / two.row.estimate]
        if one.row.count and two.row.count:
            ratios.append(one.row.count / two.row.count)
        if one.row.n_weighted and two.row.n_weighted:
            ratios.append(ratios[0] * one.row.n_weighted / two.row.n_weighted)
        right = any(_is_times(value, decimals, ratio) for ratio in ratios)
        yield _word(match), "agrees" if right else "differs", "proofread_agrees" if right else "proofread_times", one
        return
    bound = [(figure, fact) for figure, fact in shares if fact is not None and figure.kind == "percent"]
    if (
        len(bound) == 2
        and bound[1][0].value
        and not any(mention.variable in binder.breakdowns for mention in sentence.mentions)
    ):
        (first, fact), (second, _) = bound
        ratios = [first.value / second.value, second.value / first.value if first.value else 0.0]
        if any(_is_times(value, decimals, ratio) for ratio in ratios):
            yield _word(match), "agrees", "proofread_agrees", fact


def _is_times(value: float, decimals: int | None, ratio: float) -> bool:
    """Whether a ratio is what is said: in digits with decimals by rounding, in words or whole numbers loosely."""
    if decimals:
        return abs(ratio - value) <= 0.55 * 10.0**-decimals
    return abs(ratio / value - 1) <= LOOSE


def _compared(match: re.Match[str], sentence: Sentence, context: Context, binder: Binder) -> Iterator[Related]:
    """ "Higher among women than among men", "men more often than women"."""
    for name in binder.breakdowns:
        mentions = [mention for mention in sentence.mentions if mention.variable == name]
        inside = [mention for mention in mentions if match.start("middle") <= mention.start < match.end("middle")]
        before = [mention for mention in mentions if 0 <= match.start() - mention.end <= 2 * NEAR]
        after = [mention for mention in mentions if 0 <= mention.start - match.end() <= NEAR]
        subject = inside[0] if inside else before[-1] if before else None
        if subject is None or not after or subject.code == after[0].code:
            continue
        if not inside and re.search(r"\d", match["middle"]):
            continue
        facts = group_facts(_word(match), sentence, context, binder, subject)
        one, two = _of(facts, subject), _of(facts, after[0])
        if one is None or two is None or one.row.estimate is None or two.row.estimate is None:
            continue
        right = one.row.estimate >= two.row.estimate if match["above"] else one.row.estimate <= two.row.estimate
        yield _word(match), "agrees" if right else "differs", "proofread_agrees" if right else "proofread_compared", one
        return


def _followed(match: re.Match[str], sentence: Sentence, context: Context, binder: Binder) -> Iterator[Related]:
    """ "WhatsApp, followed by Facebook": the first answer is not below the second."""
    for name in dict.fromkeys(
        mention.variable for mention in sentence.mentions if mention.variable not in binder.breakdowns
    ):
        mentions = [mention for mention in sentence.mentions if mention.variable == name]
        before = [mention for mention in mentions if mention.end <= match.start()]
        after = [mention for mention in mentions if mention.start >= match.end()]
        if not before or not after or before[-1].code == after[0].code:
            continue
        groups = tuple(mention for mention in sentence.mentions if mention.variable in binder.breakdowns)
        alone = Sentence(
            text=sentence.text, figures=(_word(match),), mentions=(before[-1], *groups), tokens=sentence.tokens
        )  # fmt: skip
        readings = [one for one in binder.readings(_word(match), alone, context) if one.fact.told and one.named]
        if not readings or readings[0].score < SURE or readings[0].fact.row.variable != name:
            continue
        fact = readings[0].fact
        second = next(
            (
                one
                for one in binder.by_table[fact.table]
                if one.row.level_code == after[0].code and one.group == fact.group
            ),
            None,
        )
        if second is None or not second.told:
            continue
        right = (fact.row.estimate or 0.0) >= (second.row.estimate or 0.0)
        yield (
            _word(match),
            "agrees" if right else "differs",
            "proofread_agrees" if right else "proofread_order",
            fact if right else second,
        )
        return


def _of(facts: Sequence[Fact], mention: Mention) -> Fact | None:
    return next((fact for fact in facts if fact.row.by_code.get(mention.variable) == mention.code), None)


def group_facts(figure: Figure, sentence: Sentence, context: Context, binder: Binder, group: Mention) -> Sequence[Fact]:
    """The same answer in every group of a breakdown, of the table that is surely meant; empty where it is not sure."""
    answers = (mention for mention in sentence.mentions if mention.variable not in binder.breakdowns)
    alone = Sentence(text=sentence.text, figures=(figure,), mentions=(group, *answers), tokens=sentence.tokens)
    readings = [reading for reading in binder.readings(figure, alone, context) if reading.fact.told]
    names = {(reading.fact.row.variable, reading.fact.row.level_code) for reading in readings}
    if len(names) != 1 or readings[0].score < SURE or not readings[0].named or readings[0].denied:
        return ()
    fact = readings[0].fact
    return [
        other for other in binder.by_table[fact.table]
        if other.row.level_code == fact.row.level_code and set(other.row.by_code) == {group.variable} and other.told
    ]  # fmt: skip

"""Orders in words: "highest among those aged 26-35" held against the groups of the breakdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from surveytool.proofreading.binding import Binder, Context
from surveytool.proofreading.facts import Fact
from surveytool.proofreading.figures import Figure
from surveytool.proofreading.judging import Outcome
from surveytool.proofreading.relations import group_facts
from surveytool.proofreading.scopes import Sentence
from surveytool.proofreading.vocabulary import Mention

Ordered = tuple[Figure, Outcome, str, Fact]


def orders(sentence: Sentence, context: Context, binder: Binder) -> Iterator[Ordered]:
    """Each superlative of a sentence that names one group, with its verdict; none where the question is not sure."""
    for key in ("highest", "lowest"):
        pattern = rf"(?<!\w)(?:{binder.words.pattern(key)})(?!\w)"
        for match in re.finditer(pattern, sentence.text, re.IGNORECASE):
            group = _group(match, sentence, binder)
            if group is None or _of_a_title(match, sentence, binder):
                continue
            figure = Figure(
                kind="percent", value=0.0, decimals=0, start=match.start(), end=match.end(), text=match.group()
            )
            facts = group_facts(figure, sentence, context, binder, group)
            if facts:
                yield _judged(figure, facts, group, highest=key == "highest")


def _of_a_title(match: re.Match[str], sentence: Sentence, binder: Binder) -> bool:
    """Whether the word is one of a question's own: "Highest level of education"."""
    following = sentence.text[match.start() : match.end() + 6].casefold()
    return any(following in title.casefold() for facts in binder.by_table.values() for title in facts[0].titles)


def _group(match: re.Match[str], sentence: Sentence, binder: Binder) -> Mention | None:
    """The one group beside a superlative: the nearest after it in its clause, else the only one of the sentence."""
    groups = [mention for mention in sentence.mentions if mention.variable in binder.breakdowns]
    after = [mention for mention in groups if 0 <= mention.start - match.end() <= 40]
    between = sentence.text[match.end() : after[0].start] if after else ""
    if after and not re.search(r"[;,:.]", between):
        return after[0]
    return groups[0] if len({(mention.variable, mention.code) for mention in groups}) == 1 else None


def _judged(figure: Figure, facts: Sequence[Fact], group: Mention, *, highest: bool) -> Ordered:
    chosen = next((fact for fact in facts if fact.row.by_code.get(group.variable) == group.code), facts[0])
    values = [fact.row.estimate or 0.0 for fact in facts]
    most = max(values) if highest else min(values)
    right = abs((chosen.row.estimate or 0.0) - most) < 1e-12
    best = facts[values.index(most)]
    return (figure, "agrees" if right else "differs", "proofread_agrees" if right else "proofread_order", best)

"""Which of the answers and groups that a sentence names a figure has, and whether that is sure.

A figure has what stands in its own clause: in the brackets after it, beside it, before it where it
is in brackets itself. What stands before the first figure is said of all; a clause without words of
its own ("47% of men and ...") shares those of the next.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property

from surveytool.frozen import frozen
from surveytool.proofreading.clauses import Clause, clauses_of
from surveytool.proofreading.figures import Figure
from surveytool.proofreading.language import Language
from surveytool.proofreading.vocabulary import Mention, Token

BESIDE = 14  # letters between a figure and the group that is surely its own
SHARES = ("percent", "fraction", "most", "range", "counted", "mean", "median")


@frozen
class Sentence:
    """A sentence with its figures, and the words that stand over and before it."""

    text: str
    figures: tuple[Figure, ...]
    mentions: tuple[Mention, ...]
    tokens: tuple[Token, ...]
    start: int = 0


@frozen
class Chosen:
    """The mention of one variable that a figure has. ``doubt`` says that another reading is as good: ``instead``.

    ``beside`` are answers said with it in one breath: "very or somewhat important".
    """

    mention: Mention | None
    doubt: bool = False
    instead: Mention | None = None
    beside: tuple[Mention, ...] = ()


class Scopes:
    """The clauses of one sentence. ``groups`` names the variables that are breakdowns of the study."""

    def __init__(self, sentence: Sentence, groups: Collection[str], words: Language) -> None:
        self.sentence, self.groups, self.words = sentence, groups, words
        self.shares = [figure for figure in sentence.figures if figure.kind in SHARES]
        self.clauses = clauses_of(sentence.text, self.shares, words)

    def number(self, figure: Figure) -> int:
        """The number of a figure's clause."""
        place = next((index for index, one in enumerate(self.shares) if one == figure), 0)
        return next((number for number, one in enumerate(self.clauses) if one.first <= place <= one.last), 0)

    def chosen(self, figure: Figure) -> list[Chosen]:
        """Of each variable that the sentence names the mention that the figure has."""
        names = dict.fromkeys(mention.variable for mention in self.sentence.mentions)
        return [self._with_beside(self._one(name, self.number(figure))) for name in names]

    def _with_beside(self, chosen: Chosen) -> Chosen:
        """A choice with the other answers, or groups, that "or" and "and" join to it."""
        mention = chosen.mention
        if mention is None:
            return chosen
        same = [one for one in self.sentence.mentions if one.variable == mention.variable and one.code != mention.code]
        beside = tuple(
            one for one in same if self._either(*sorted((mention, one), key=lambda one: (one.start, one.end)))
        )
        return replace(chosen, beside=beside, doubt=chosen.doubt or bool(beside))

    def _either(self, first: Mention, second: Mention) -> bool:
        """Whether two names stand beside each other with "or" between them, or share their last word."""
        text, joint = self.sentence.text, rf"(?:{self.words.pattern('either')})"
        if second.start >= first.end:
            return (
                re.fullmatch(rf"[\s“”«»\",]*{joint}[\s“”«»\"]*", text[first.end : second.start], re.IGNORECASE)
                is not None
            )
        between = text[first.start : second.start]
        return re.search(rf"(?<!\w){joint}(?!\w)", between, re.IGNORECASE) is not None

    def predicate(self, number: int) -> list[tuple[int, int]]:
        """The spans that say what a clause says: its own, else those of the clause that it shares with."""
        clause = self.clauses[number]
        if clause.bracketed and self.content(clause.before):
            return [clause.before]
        for span in (clause.after, clause.inner, clause.before):
            if self.content(span):
                return [span]
        if number + 1 < len(self.clauses) and self._joined(number):
            return self.predicate(number + 1)
        for earlier in range(number - 1, -1, -1):
            spans = [self.clauses[earlier].after, self.clauses[earlier].before]
            with_content = [span for span in spans if self.content(span)]
            if with_content:
                return with_content[:1]
        return []

    def leading(self) -> tuple[int, int]:
        """The span before the first figure."""
        return (0, self.clauses[0].before[1]) if self.clauses else (0, 0)

    def everybody(self, number: int) -> bool:
        """Whether a clause says that it speaks of all respondents."""
        clause = self.clauses[number]
        after = self.sentence.text[clause.after[0] : clause.after[1]]
        match = self._everybody.match(after)
        if match is None:
            return False
        end = clause.after[0] + match.end()
        return not any(
            mention.variable in self.groups and -2 <= mention.start - end <= BESIDE
            for mention in self.sentence.mentions
        )

    @cached_property
    def _everybody(self) -> re.Pattern[str]:
        of, words = self.words.pattern("of"), self.words.pattern("everybody")
        return re.compile(rf"\s*(?:{of})?\s*(?:[^\W\d]+\s+){{0,2}}?(?:\d+\s+)?(?:{words})(?!\w)", re.IGNORECASE)

    def content(self, span: tuple[int, int]) -> list[Token]:
        """The words of a span that say something beside naming groups or everybody."""
        return [
            token
            for token in self.sentence.tokens
            if span[0] <= token.start < span[1]
            and not token.stem.replace(".", "").replace(",", "").isdigit()
            and token.stem not in self._people
            and not any(
                mention.variable in self.groups and mention.start <= token.start < mention.end
                for mention in self.sentence.mentions
            )
        ]

    @cached_property
    def _people(self) -> frozenset[str]:
        return frozenset(
            stem for key in ("everybody", "people") for text in self.words.words(key) for stem in self.words.stems(text)
        )

    def _joined(self, number: int) -> bool:
        """Whether a clause goes on into the next one: no mark stands between them."""
        gap = self.sentence.text[
            self.shares[self.clauses[number].last].end : self.shares[self.clauses[number + 1].first].start
        ]
        return re.search(r"[;:]|\.\s", gap) is None

    def _one(self, name: str, number: int) -> Chosen:
        mentions = [mention for mention in self.sentence.mentions if mention.variable == name]
        clause = self.clauses[number]
        inside = [mention for mention in mentions if clause.in_bracket(mention.start, mention.end)]
        if inside:
            return Chosen(mention=inside[0])
        ordered = self._in_order(mentions, number)
        if ordered is not None:
            return Chosen(mention=ordered)
        free = [
            mention for mention in mentions
            if not any(other.in_bracket(mention.start, mention.end) for other in self.clauses)
        ]  # fmt: skip
        return self._own(free, number) or self._shared(name, free, number)

    def _in_order(self, mentions: Sequence[Mention], number: int) -> Mention | None:
        """Names before all figures, or after all, one for each: "men and women (47% and 35%)"."""
        if len(self.clauses) < 2 or len(mentions) != len(self.clauses):
            return None
        first, last = self.shares[0].start, self.shares[-1].end
        if all(mention.end <= first for mention in mentions) or all(mention.start >= last for mention in mentions):
            return mentions[number]
        return None

    def _own(self, mentions: Sequence[Mention], number: int) -> Chosen | None:
        """The mention in a figure's own clause."""
        clause = self.clauses[number]
        inner = [mention for mention in mentions if clause.inner[0] <= mention.start and mention.end <= clause.inner[1]]
        if inner:
            return Chosen(mention=inner[0])
        before = [
            mention for mention in mentions if clause.before[0] <= mention.start and mention.end <= clause.before[1]
        ]
        after = [mention for mention in mentions if clause.after[0] <= mention.start and mention.end <= clause.after[1]]
        if clause.bracketed and before:
            return self._nearest(before, -1, clause.before[1] - before[-1].end)
        if before and after:
            near = clause.before[1] - before[-1].end, after[0].start - clause.after[0]
            closed = re.search(r"[:;]", self.sentence.text[before[-1].end : clause.before[1]]) is not None
            return Chosen(mention=before[-1] if near[0] < near[1] and not closed else after[0])
        if after:
            return self._nearest(after, 0, after[0].start - clause.after[0])
        return self._nearest(before, -1, clause.before[1] - before[-1].end) if before else None

    def _nearest(self, mentions: Sequence[Mention], index: int, apart: int) -> Chosen:
        several = len({mention.code for mention in mentions}) > 1
        doubt = several and apart > BESIDE and mentions[0].variable in self.groups
        return Chosen(mention=mentions[index], doubt=doubt)

    def _shared(self, name: str, mentions: Sequence[Mention], number: int) -> Chosen:
        """What a clause that names nothing itself has from the others."""
        start, end = self.leading()
        lead = [mention for mention in mentions if start <= mention.start and mention.end <= end]
        others = [mention for mention in mentions if mention not in lead]
        between = [mention for mention in others if mention.end <= self.clauses[number].before[1]]
        if number and len({mention.code for mention in lead}) == 1 and not between:
            return Chosen(mention=lead[0], doubt=bool(others) and name in self.groups)
        before = self.clauses[number].before
        titled = re.search(r":\s", self.sentence.text[before[0] : before[1]]) is not None
        alone = name not in self.groups or titled or not self.content(before)
        if alone and not self.content(self.clauses[number].after) and not self.clauses[number].bracketed:
            following = self._following(mentions, number)
            if following is not None:
                return Chosen(mention=following)
        if name not in self.groups and number and not self.content(self.clauses[number].after):
            return self._one(name, number - 1)
        doubt = name in self.groups and bool(between or (number and lead)) and number > 0 and self._joined(number - 1)
        doubt = doubt and not self.everybody(number)
        return Chosen(mention=None, doubt=doubt, instead=(between or lead)[-1] if doubt else None)

    def _following(self, mentions: Sequence[Mention], number: int) -> Mention | None:
        """The mention of the next clause that has words, where this one goes on into it."""
        while number + 1 < len(self.clauses) and self._joined(number):
            number += 1
            clause = self.clauses[number]
            own = [
                mention for mention in mentions if clause.after[0] <= mention.start and mention.end <= clause.after[1]
            ]
            if own:
                return own[0]
            if self.content(clause.after):
                return None
        return None


def clause_text(sentence: Sentence, clause: Clause) -> str:
    """A clause's own words with its figures."""
    return sentence.text[clause.before[0] : clause.after[1]]

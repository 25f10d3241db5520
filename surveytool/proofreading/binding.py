"""Which number of the study a figure of a text means.

A sentence names a question by the words of its label, or stands under a heading
that does; it names answers and groups by theirs. Of several groups a figure has
the one that is said with it: "47% of men", "Male 60.9%". Readings are scored by
the share of the label's words that the text holds; close ones are all kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product

from surveytool.frozen import frozen
from surveytool.proofreading.facts import Fact, Facts
from surveytool.proofreading.figures import Figure, ages_marked, figures_in
from surveytool.proofreading.language import Language, plain
from surveytool.proofreading.vocabulary import NO, YES, Mention, Token, Vocabulary, tokens_of

LEAST, SURE, CLOSE = 0.3, 0.6, 0.08
HEADING, BEFORE = 0.85, 0.7  # what words of the heading and of the sentence before count
GROUP = 0.5  # a breakdown is more often who was asked than what was asked


@frozen
class Reading:
    """A fact that a figure may mean, with its score and whether its answer was named."""

    fact: Fact
    score: float
    named: bool


@frozen
class Sentence:
    """A sentence with its figures, and the words that stand over and before it."""

    text: str
    figures: tuple[Figure, ...]
    mentions: tuple[Mention, ...]
    tokens: tuple[Token, ...]
    start: int = 0


@frozen
class Context:
    """What a reader has in mind: the heading above, the sentences before."""

    heading: str = ""
    before: str = ""


_END = re.compile(r"(?<!\bno)(?<!\bp)(?<!\bpp)(?<!\bvs)(?<!\bart)[.!?][”»\"]?\s+(?=[^\W_a-zà-ÿ]|[“«¿¡(\"•])")


def ends_of(text: str) -> list[int]:
    """Where the sentences of a text end: at a stop before a capital, a digit or a quote."""
    return [*(match.end() for match in _END.finditer(text) if not text[match.end() :][:1].islower()), len(text)]


def sentences(text: str, vocabulary: Vocabulary) -> Iterator[Sentence]:
    """The sentences of a passage."""
    words = vocabulary.words
    start = 0
    for end in ends_of(text):
        piece = text[start:end]
        marked, ages = ages_marked(piece, words)
        tokens = tokens_of(marked, words)
        yield Sentence(
            text=piece.strip(),
            figures=figures_in(marked, words),
            tokens=tokens,
            start=start,
            mentions=tuple(vocabulary.mentions(marked, tokens, ages)),
        )
        start = end


class Binder:
    """Binds figures of sentences to facts."""

    def __init__(self, facts: Facts, words: Language) -> None:
        self.facts, self.words = facts, words
        self.vocabulary = Vocabulary(facts, words)
        self.breakdowns = {name for fact in facts.facts for name in fact.row.by_code}

    @cached_property
    def by_table(self) -> Mapping[str, tuple[Fact, ...]]:
        """The facts of each table."""
        tables: dict[str, list[Fact]] = {}
        for fact in self.facts.facts:
            tables.setdefault(fact.table, []).append(fact)
        return {name: tuple(facts) for name, facts in tables.items()}

    def readings(self, figure: Figure, sentence: Sentence, context: Context) -> list[Reading]:
        """The readings of a figure, best first, those within ``CLOSE`` of the best only."""
        own = scope(figure, sentence)
        scores = self._scores(sentence, context)
        found = [
            reading
            for table, score in scores.items()
            for reading in self._of_table(table, score, figure, sentence, own)
        ]
        best = max((reading.score for reading in found), default=0.0)
        close = [reading for reading in found if reading.score >= best - CLOSE and reading.score >= LEAST]
        return sorted(close, key=lambda reading: -reading.score)

    def _scores(self, sentence: Sentence, context: Context) -> dict[str, float]:
        """How well each table's title is said: by the sentence, by the heading, by what stands before."""
        here = [token.stem for token in sentence.tokens]
        above, before = self.words.stems(context.heading), self.words.stems(context.before)
        scores = {}
        for table in self.by_table:
            said = self.vocabulary.title_score(table, here)
            joined = self.vocabulary.title_score(table, [*here, *above]) * HEADING
            earlier = self.vocabulary.title_score(table, [*here, *before]) * BEFORE
            scores[table] = max(said, joined, earlier)
        return scores

    def _of_table(
        self, table: str, score: float, figure: Figure, sentence: Sentence, own: Sequence[Mention]
    ) -> Iterator[Reading]:
        facts = self.by_table[table]
        variable = facts[0].row.variable
        answers = [mention for mention in own if mention.variable == variable]
        levels = {mention.code for mention in answers}
        groups = self._groups(own, answers)
        named = bool(levels)
        if variable in self.breakdowns:
            score *= GROUP
        if named:
            score += 0.35
        elif not self._polar(facts) and figure.kind in ("percent", "fraction", "most"):
            return
        if not named and groups == {()} and not self.vocabulary.title_score(table, map(_stem, sentence.tokens)):
            score = min(score, SURE - 0.01)  # the sentence itself says nothing of it
        if score < LEAST:
            return
        negated = self._negated(figure, sentence)
        for fact in facts:
            if (fact.statistic == "proportion") != (figure.kind not in ("mean", "median")):
                continue
            if figure.kind in ("mean", "median") and fact.statistic != figure.kind:
                continue
            if fact.group not in groups:
                continue
            row = fact.row
            if fact.statistic == "proportion":
                if named and row.level_code not in levels:
                    continue
                if not named and not self._said(row.variable, row.level_code or "", negated):
                    continue
            yield Reading(fact=fact, score=score, named=named or fact.statistic != "proportion" or self._polar(facts))

    def _groups(self, own: Sequence[Mention], answers: Sequence[Mention]) -> set[tuple[tuple[str, str], ...]]:
        """The groups that are meant: one mention a place; words that name groups of two variables may mean either."""
        places: list[list[Mention]] = []
        for mention in sorted(own, key=lambda mention: (-mention.size, mention.start)):
            if mention.variable not in self.breakdowns or any(_over(mention, other) for other in answers):
                continue
            place = next((place for place in places if any(_over(mention, other) for other in place)), None)
            if place is None:
                places.append([mention])
            elif mention.size == place[0].size:
                place.append(mention)
        return {
            tuple(sorted({mention.variable: mention.code for mention in chosen}.items())) for chosen in product(*places)
        }

    def _polar(self, facts: Sequence[Fact]) -> bool:
        """Whether the answers are yes and no."""
        names = {fact.row.level_code for fact in facts if fact.row.level_code is not None}
        variable = facts[0].row.variable
        said = [self._kind(variable, code) for code in names]
        return "yes" in said

    def _kind(self, variable: str, code: str) -> str:
        texts = {plain(text) for text in self.vocabulary.levels.get(variable, {}).get(code, ())}
        return "yes" if texts & {plain(word) for word in YES} else "no" if texts & {plain(word) for word in NO} else ""

    def _said(self, variable: str, code: str, negated: bool) -> bool:
        return self._kind(variable, code) == ("no" if negated else "yes")

    def _negated(self, figure: Figure, sentence: Sentence) -> bool:
        """Whether the words around a figure, up to the figures beside it, say no, or name the answer "No"."""
        before = max((other.end for other in sentence.figures if other.end <= figure.start), default=0)
        after = min(
            (other.start for other in sentence.figures if other.start >= figure.end), default=len(sentence.text)
        )
        following = sentence.text[figure.end : after]
        preceding = sentence.text[before : figure.start]
        clause = re.split(r"[;:]", preceding)[-1]
        return (
            self.words.negation.search(following) is not None
            or re.search(r"[“«\"']\s*(?:no|non)\s*[”»\"']", clause, re.IGNORECASE) is not None
        )


def _stem(token: Token) -> str:
    return token.stem


def _over(mention: Mention, other: Mention) -> bool:
    """Whether two mentions share words."""
    return mention.start < other.end and other.start < mention.end


def scope(figure: Figure, sentence: Sentence) -> list[Mention]:
    """The mentions that belong to a figure: of each variable the one that is said with it."""
    own = []
    for name in dict.fromkeys(mention.variable for mention in sentence.mentions):
        mentions = [mention for mention in sentence.mentions if mention.variable == name]
        chosen = _one(figure, sentence, mentions)
        if chosen is not None:
            own.append(chosen)
    return own


def _one(figure: Figure, sentence: Sentence, mentions: Sequence[Mention]) -> Mention | None:
    """The mention of one variable that a figure has; None where its own words name none of them."""
    shares = [other for other in sentence.figures if other.kind == figure.kind]
    place = shares.index(figure)
    if len({mention.code for mention in mentions}) == 1:
        only = mentions[0]
        if len(shares) == 1 or only.start > shares[-1].end or only.end < shares[0].start:
            return only
    if len(mentions) == len(shares) > 1:
        return mentions[place]
    before = max((other.end for other in sentence.figures if other.end <= figure.start), default=0)
    after = min((other.start for other in sentence.figures if other.start >= figure.end), default=len(sentence.text))
    preceding = [mention for mention in mentions if before <= mention.start and mention.end <= figure.start]
    following = [mention for mention in mentions if figure.end <= mention.start < after]
    bracketed = sentence.text[max(0, figure.start - 2) : figure.start].strip().endswith(("(", ":", "”", "»"))
    if bracketed or (preceding and not following):
        return preceding[-1] if preceding else None
    if following and not preceding:
        return following[0] if re.search(r"[:;]", sentence.text[figure.end : following[0].start]) is None else None
    if preceding and following:
        near = figure.start - preceding[-1].end, following[0].start - figure.end
        return preceding[-1] if near[0] < near[1] else following[0]
    return None

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
from surveytool.proofreading.figure_patterns import ages_marked
from surveytool.proofreading.figures import Figure, figures_in
from surveytool.proofreading.language import Language, plain
from surveytool.proofreading.scopes import Scopes, Sentence
from surveytool.proofreading.vocabulary import NO, YES, Mention, Vocabulary, tokens_of

LEAST, SURE, CLOSE = 0.3, 0.6, 0.08
LED, WHOLE = 0.95, 0.9  # what words before the first figure and those of other clauses count
HEADING, BEFORE = 0.85, 0.7  # what words of the heading and of the sentences before count
NAMED, POLAR = 0.35, 0.15  # what the name of an answer counts; "yes" and "no" are answers to many questions
GROUP = 0.5  # a breakdown is more often who was asked than what was asked


@frozen
class Reading:
    """A fact that a figure may mean, with its score and whether its answer was named.

    ``denied`` says that the answer was named and denied ("did not use Telegram"), ``doubt`` that
    the group may be another one, ``beside`` are the answers named with it ("very or somewhat").
    """

    fact: Fact
    score: float
    named: bool
    denied: bool = False
    doubt: bool = False
    beside: tuple[Fact, ...] = ()


@frozen
class Asked:
    """What one figure asks: its mentions, the words of its clause, whether they are turned by a negation."""

    figure: Figure
    mentions: tuple[Mention, ...]
    instead: tuple[Mention, ...]
    beside: tuple[Mention, ...]
    stems: tuple[str, ...]
    bare: tuple[str, ...]
    leading: tuple[str, ...]
    sentence: tuple[str, ...]
    negations: frozenset[str]
    everybody: bool
    doubt: bool

    def negated(self, titles: Sequence[str]) -> bool:
        """Whether the clause says no in a word that is not the question's own."""
        own = {plain(word) for title in titles for word in re.findall(r"[\w'’]+", title)}
        return bool(self.negations - own)

    @classmethod
    def of(cls, figure: Figure, scopes: Scopes, words: Language) -> Asked:
        """The question of a figure in its sentence."""
        sentence, number = scopes.sentence, scopes.number(figure)
        spans = scopes.predicate(number)
        clause = scopes.clauses[number]
        own = [*spans, clause.before, clause.inner, clause.after]
        chosen = scopes.chosen(figure)
        return cls(
            figure=figure,
            mentions=tuple(one.mention for one in chosen if one.mention is not None),
            instead=tuple(one.instead for one in chosen if one.instead is not None),
            beside=tuple(mention for one in chosen for mention in one.beside),
            stems=_stems(sentence, own),
            bare=_stems(sentence, own, [one for one in sentence.mentions if one.variable in scopes.groups]),
            leading=_stems(sentence, [scopes.leading()]),
            sentence=tuple(token.stem for token in sentence.tokens),
            negations=_negations(sentence, spans, words),
            everybody=scopes.everybody(number),
            doubt=any(one.doubt for one in chosen),
        )


def _stems(sentence: Sentence, spans: Sequence[tuple[int, int]], without: Sequence[Mention] = ()) -> tuple[str, ...]:
    """The words of some spans, those of some mentions left out."""
    return tuple(
        token.stem
        for token in sentence.tokens
        if any(low <= token.start < high for low, high in spans)
        and not any(one.start <= token.start < one.end for one in without)
    )


def _negations(sentence: Sentence, spans: Sequence[tuple[int, int]], words: Language) -> frozenset[str]:
    """The words of a clause that say no, the names of answers apart; the answer "No" is one."""
    text = sentence.text
    for mention in sentence.mentions:
        if mention.size > 1 or text[mention.start : mention.start + 1] not in '“«"':
            text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    said = (words.negation.finditer(_ASIDE.sub(" ", text[low:high])) for low, high in spans)
    return frozenset(plain(match.group()) for matches in said for match in matches)


@frozen
class Context:
    """What a reader has in mind: the heading above, the sentences before."""

    heading: str = ""
    before: str = ""


_ASIDE = re.compile(r"\([^()]*\)")  # what stands in brackets turns no sentence
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
        yield Sentence(
            text=piece.strip(),
            figures=figures_in(marked, words),
            tokens=tokens_of(marked, words),
            start=start,
            mentions=tuple(vocabulary.mentions(marked, tokens_of(piece, words), ages)),
        )
        start = end


class Binder:
    """Binds figures of sentences to facts."""

    def __init__(self, facts: Facts, words: Language) -> None:
        self.facts, self.words = facts, words
        self.vocabulary = Vocabulary(facts, words)
        self._kinds: dict[tuple[str, str], str] = {}
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
        scopes = Scopes(sentence, self.breakdowns, self.words)
        asked = Asked.of(figure, scopes, self.words)
        scores = self._scores(asked, sentence, context)
        readings = [reading for table, score in scores.items() for reading in self._of_table(table, score, asked)]
        best = max((reading.score for reading in readings), default=0.0)
        close = [reading for reading in readings if reading.score >= best - CLOSE and reading.score >= LEAST]
        return sorted(close, key=lambda reading: -reading.score)

    def _scores(self, asked: Asked, sentence: Sentence, context: Context) -> dict[str, float]:
        """How well each table's title is said: by the clause, the sentence, the heading, what stands before."""
        whole = {token.stem for token in sentence.tokens}
        above, before = set(self.words.stems(context.heading)), set(self.words.stems(context.before))
        score = self.vocabulary.title_score
        bare, stems, leading = set(asked.bare), set(asked.stems), set(asked.leading)
        said = {table: bare if self._is_group(table) else stems for table in self.by_table}
        own = {table: score(table, said[table]) for table in self.by_table}
        sure = max(own.values(), default=0.0) >= SURE
        scores = {}
        for table in self.by_table:
            led = score(table, said[table] | leading) * LED
            joined = score(table, said[table] | leading | above) * HEADING
            scores[table] = max(own[table], led, joined)
            if not sure:
                earlier = score(table, whole | before) * BEFORE
                scores[table] = max(scores[table], score(table, whole) * WHOLE, earlier)
        return scores

    def _is_group(self, table: str) -> bool:
        """Whether a table's question is a breakdown: the name of a group does not say its title."""
        return self.by_table[table][0].row.variable in self.breakdowns

    def _of_table(self, table: str, score: float, asked: Asked) -> Iterator[Reading]:
        facts, figure = self.by_table[table], asked.figure
        variable = facts[0].row.variable
        answers = [mention for mention in asked.mentions if mention.variable == variable]
        levels = {mention.code for mention in answers}
        groups = self._groups(asked, answers)
        named, polar = bool(levels), self._polar(facts)
        if variable in self.breakdowns:
            score *= GROUP
        if named:
            score += POLAR if polar else NAMED
        elif not polar and figure.kind not in ("mean", "median"):
            return
        if not named and groups == {()} and not self.vocabulary.title_score(table, asked.sentence):
            score = min(score, SURE - 0.01)  # the sentence itself says nothing of it
        if score < LEAST:
            return
        negated = asked.negated(facts[0].titles)
        for fact in facts:
            if not _of_kind(figure, fact) or fact.group not in groups:
                continue
            row = fact.row
            denied = named and negated and not self._kind(variable, row.level_code or "")
            if fact.statistic == "proportion":
                if named and row.level_code not in levels:
                    continue
                if not named and not self._said(row.variable, row.level_code or "", negated):
                    continue
            sure = named or fact.statistic != "proportion" or polar
            beside = self._beside(fact, facts, asked)
            yield Reading(fact=fact, score=score, named=sure, denied=denied, doubt=asked.doubt, beside=beside)

    def _beside(self, fact: Fact, facts: Sequence[Fact], asked: Asked) -> tuple[Fact, ...]:
        """The other answers of one group that are named with a fact's, where only one can be given."""
        name = fact.row.variable
        codes = {mention.code for mention in asked.beside if mention.variable == name} - {fact.row.level_code}
        if name not in self.facts.book or self.facts.book[name].kind != "single":
            return ()
        return tuple(one for one in facts if one.row.level_code in codes and one.group == fact.group and one.told)

    def _groups(self, asked: Asked, answers: Sequence[Mention]) -> set[tuple[tuple[str, str], ...]]:
        """The groups that are meant: one mention a place; words that name groups of two variables may mean either."""
        if asked.everybody:
            return {()}
        several = [asked.mentions, *((*asked.mentions, mention) for mention in asked.instead)]
        return {group for mentions in several for group in self._grouped(mentions, answers)}

    def _grouped(self, mentions: Sequence[Mention], answers: Sequence[Mention]) -> set[tuple[tuple[str, str], ...]]:
        """The groups that mentions name."""
        places: list[list[Mention]] = []
        for mention in sorted(mentions, key=lambda mention: (-mention.size, mention.start)):
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
        if (variable, code) not in self._kinds:
            texts = {plain(text) for text in self.vocabulary.levels.get(variable, {}).get(code, ())}
            said = "yes" if texts & set(map(plain, YES)) else "no" if texts & set(map(plain, NO)) else ""
            self._kinds[variable, code] = said
        return self._kinds[variable, code]

    def says_yes(self, fact: Fact) -> bool:
        """Whether a fact is the share of "yes"."""
        return self._kind(fact.row.variable, fact.row.level_code or "") == "yes"

    def _said(self, variable: str, code: str, negated: bool) -> bool:
        return self._kind(variable, code) == ("no" if negated else "yes")


def _of_kind(figure: Figure, fact: Fact) -> bool:
    """Whether a fact's statistic is what a figure is."""
    return fact.statistic == (figure.kind if figure.kind in ("mean", "median") else "proportion")


def _over(mention: Mention, other: Mention) -> bool:
    """Whether two mentions share words."""
    return mention.start < other.end and other.start < mention.end

# ruff: noqa: E501
"""Sentences about two numbers: sums, directions, times, ranges, counts, orders, words, printed tests; right and wrong ones."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from scipy import stats

from surveytool.proofreading.language import language

if TYPE_CHECKING:
    from proofreading.corpus import Line

    from surveytool.proofreading.facts import Fact

WORDS = {
    "en": {
        "sum": "{title}: {p} of {g} answered “{a}” and {q} answered “{b}”, together {s}.", "sign": "{title}: {p} of {g} and {q} of {h}{answer}, {d} points {more} than {g}.",
        "change": "{title}: {p} of {g} and {q} of {h}{answer}, {d}% {more}.", "times": "{title}: {g} were {r} times as likely as {h} to answer “{level}”.",
        "range": "{title}: between {low} and {high} of {g}{answer}.", "count": "{title}: of {g}, {c} of the {n}{answer}.", "compared": "{title}: {higher} among {g} than among {h}{answer}.",
        "followed": "{title}: among {g}, “{a}” is followed by “{b}”.", "words": "{title}: {w} of {g}{answer}.", "test": "{title}: the groups differ, {test}.",
        "higher": "higher", "lower": "lower", "more": "more", "less": "less",
    },
    "es": {
        "sum": "{title}: el {p} de {g} respondió “{a}” y el {q} respondió “{b}”, en total {s}.", "sign": "{title}: el {p} de {g} y el {q} de {h}{answer}, {d} puntos {more} que {g}.",
        "change": "{title}: el {p} de {g} y el {q} de {h}{answer}, un {d} % {more}.", "times": "{title}: {g} respondieron “{level}” {r} veces más que {h}.",
        "range": "{title}: entre el {low} y el {high} de {g}{answer}.", "count": "{title}: entre {g}, {c} de los {n}{answer}.", "compared": "{title}: {higher} entre {g} que entre {h}{answer}.",
        "followed": "{title}: entre {g}, “{a}” va seguido de “{b}”.", "words": "{title}: {w} de {g}{answer}.", "test": "{title}: los grupos difieren, {test}.",
        "higher": "más alto", "lower": "más bajo", "more": "más", "less": "menos",
    },
    "fr": {
        "sum": "{title} : {p} de {g} ont répondu “{a}” et {q} ont répondu “{b}”, au total {s}.", "sign": "{title} : {p} de {g} et {q} de {h}{answer}, {d} points de {more} que {g}.",
        "change": "{title} : {p} de {g} et {q} de {h}{answer}, {d} % de {more}.", "times": "{title} : {g} ont répondu “{level}” {r} fois plus que {h}.",
        "range": "{title} : entre {low} et {high} de {g}{answer}.", "count": "{title} : parmi {g}, {c} sur les {n}{answer}.", "compared": "{title} : {higher} chez {g} que chez {h}{answer}.",
        "followed": "{title} : parmi {g}, “{a}” est suivi de “{b}”.", "words": "{title} : {w} de {g}{answer}.", "test": "{title} : les groupes diffèrent, {test}.",
        "higher": "plus élevé", "lower": "plus faible", "more": "plus", "less": "moins",
    },
}  # fmt: skip
SAID = {
    "en": {"half": 0.5, "two thirds": 2 / 3, "one in five": 0.2, "three in ten": 0.3, "two in three": 2 / 3, "a quarter": 0.25},
    "es": {"la mitad": 0.5, "dos tercios": 2 / 3, "una de cada cinco": 0.2, "tres de cada diez": 0.3, "dos de cada tres": 2 / 3, "una cuarta parte": 0.25},
    "fr": {"la moitié": 0.5, "deux tiers": 2 / 3, "un sur cinq": 0.2, "trois sur dix": 0.3, "deux sur trois": 2 / 3, "un quart": 0.25},
}  # fmt: skip


class Relations:
    """The part of a writer that makes sentences of two numbers. Each method gives a line, or None where the draw has none."""

    name: str
    dice: random.Random
    facts: list[Fact]

    def _two(self, wide: float = 0.03) -> tuple[Fact, Fact] | None:
        """Two groups whose shares are apart."""
        pair = self.pair()  # type: ignore[attr-defined]
        if pair is None or abs(_value(pair[0]) - _value(pair[1])) < wide:
            return None
        return pair

    def _put(self, key: str, fact: Fact, other: Fact | None = None, *, right: int, planted: str, **values: str) -> Line:
        from proofreading.corpus import Line

        writer, words = self, WORDS[self.name][key]
        shown = {"p": writer.share(_value(fact)), "g": writer.group(fact), "answer": writer.answer(fact)}  # type: ignore[attr-defined]
        if other is not None:
            shown |= {"q": writer.share(_value(other)), "h": writer.group(other)}  # type: ignore[attr-defined]
        text = words.format(title=fact.titles[0], level=fact.row.level, **{**shown, **values})
        return Line(text=text, right=0 if planted else right, planted=planted)

    def share(self, value: float, decimals: int = 1) -> str:
        """A share as it is printed."""
        from proofreading.corpus import WORDS as BASIC

        return BASIC[self.name]["percent"].format(self.number(value, decimals))  # type: ignore[attr-defined]

    def _sum(self, wrong: bool) -> Line | None:
        fact = self.dice.choice(self.facts)
        others = [
            one for one in self.facts
            if one.table == fact.table and one.group == fact.group and one is not fact and one.row.level_code != fact.row.level_code
        ]  # fmt: skip
        if not others or self.kind(fact) == "multiple":  # type: ignore[attr-defined]
            return None
        other = self.dice.choice(others)
        total = _value(fact) + _value(other) + (self.dice.choice((-0.013, 0.021, 0.1)) if wrong else 0)
        if not 0 < total <= 1:
            return None
        values = {"a": fact.row.level or "", "b": other.row.level or "", "s": self.share(total)}
        return self._put("sum", fact, other, right=3, planted="sum" if wrong else "", **values)

    def _sign(self, wrong: bool) -> Line | None:
        pair = self._two()
        if pair is None:
            return None
        gap = _value(pair[1]) - _value(pair[0])
        more = "more" if (gap > 0) != wrong else "less"
        values = {"d": self.number(abs(gap), 1), "more": WORDS[self.name][more]}  # type: ignore[attr-defined]
        return self._put("sign", *pair, right=3, planted="sign" if wrong else "", **values)

    def _change(self, wrong: bool) -> Line | None:
        pair = self._two(0.05)
        if pair is None:
            return None
        one, two = map(_value, pair)
        points, change = abs(two - one), abs(two / one - 1)
        if abs(points - change) < 0.03 or change > 0.9:
            return None
        values = {
            "d": self.number(points if wrong else change, 1),
            "more": WORDS[self.name]["more" if two > one else "less"],
        }  # type: ignore[attr-defined]
        return self._put("change", *pair, right=3, planted="points for percent" if wrong else "", **values)

    def _times(self, wrong: bool) -> Line | None:
        pair = self._two()
        if pair is None:
            return None
        ratio = _value(pair[0]) / _value(pair[1])
        counts = ratio * (pair[0].row.n_weighted or 1) / (pair[1].row.n_weighted or 1)
        said = ratio * self.dice.choice((0.7, 1.3, 1.6)) if wrong else ratio
        if not 0.3 < said < 9 or (wrong and min(abs(said / one - 1) for one in (counts, *_counted(pair), ratio)) < 0.2):
            return None
        shown = f"{said:.2f}" if self.name == "en" else f"{said:.2f}".replace(".", ",")
        return self._put("times", *pair, right=1, planted="times" if wrong else "", r=shown)

    def _range(self, wrong: bool) -> Line | None:
        fact = self.dice.choice(self.facts)
        value = _value(fact) + (self.dice.choice((-0.16, 0.16)) if wrong else 0)
        low = int(value * 20) / 20
        if not 0.05 <= low <= 0.85 or (wrong and low - 0.02 < _value(fact) < low + 0.12):
            return None
        values = {"low": self.share(low, 0), "high": self.share(low + 0.1, 0)}
        return self._put("range", fact, right=1, planted="range" if wrong else "", **values)

    def _count(self, wrong: bool) -> Line | None:
        fact = self.dice.choice(self.facts)
        count, n = fact.row.count, fact.row.n
        if count is None or n <= 40 or 1950 <= n <= 2050:
            return None
        said = count + self.dice.choice((-1, 1)) * self.dice.randint(4, 30) if wrong else count
        near = abs(said - _value(fact) * n) < 3
        if not 0 < said < n or 1950 <= said <= 2050 or (wrong and near):
            return None
        return self._put("count", fact, right=1, planted="count" if wrong else "", c=str(said), n=str(n))

    def _compared(self, wrong: bool) -> Line | None:
        pair = self._two(0.01)
        if pair is None:
            return None
        higher = "higher" if (_value(pair[0]) > _value(pair[1])) != wrong else "lower"
        return self._put("compared", *pair, right=1, planted="order" if wrong else "", higher=WORDS[self.name][higher])

    def _followed(self, wrong: bool) -> Line | None:
        fact = self.dice.choice(self.facts)
        others = [one for one in self.facts if one.table == fact.table and one.group == fact.group and one is not fact]
        if not others:
            return None
        other = self.dice.choice(others)
        first, second = (fact, other) if (_value(fact) > _value(other)) != wrong else (other, fact)
        if abs(_value(first) - _value(second)) < 0.01:
            return None
        return self._put(
            "followed",
            first,
            right=1,
            planted="order" if wrong else "",
            a=first.row.level or "",
            b=second.row.level or "",
        )

    def _words(self, wrong: bool) -> Line | None:
        fact = self.dice.choice(self.facts)
        said, value = self.dice.choice(list(SAID[self.name].items()))
        gap = abs(value - _value(fact))
        if (gap < 0.08) if wrong else (gap > 0.03):
            return None
        return self._put("words", fact, right=1, planted="words" if wrong else "", w=said)

    def _test(self, wrong: bool) -> Line | None:
        fact = self.dice.choice(self.facts)
        kind, value, df = (
            self.dice.choice(("F", "t", "χ²")),
            round(self.dice.uniform(1.2, 7), 2),
            self.dice.randint(1, 6),
        )
        rest = self.dice.randint(60, 600)
        p = {"F": stats.f.sf(value, df, rest), "t": 2 * stats.t.sf(value, rest), "χ²": stats.chi2.sf(value, df)}[kind]
        p = p * 1.9 + 0.011 if wrong else p
        if not 0.0015 < p < 0.9:
            return None
        mark, apart = (".", ", ") if language(self.name).given["decimal"] == "." else (",", "; ")
        inside = {"F": f"{df}{apart}{rest}", "t": str(rest), "χ²": str(df)}[kind]
        test = f"{kind}({inside}) = {value:.2f}{apart}p = {p:.4f}".replace(".", mark)
        return self._put("test", fact, right=1, planted="p value" if wrong else "", test=test)


RELATIONS = ("_sum", "_sign", "_change", "_times", "_range", "_count", "_compared", "_followed", "_words", "_test")


def _value(fact: Fact) -> float:
    return fact.row.estimate or 0.0


def _counted(pair: tuple[Fact, Fact]) -> list[float]:
    counts = [fact.row.count for fact in pair]
    return [counts[0] / counts[1]] if counts[0] and counts[1] else []

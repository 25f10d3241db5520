"""Where a text names a question, an answer or a group: words of labels found among the words of a sentence.

A label is found where all of its words stand close together; of a question's label,
which is long, the share of its words counts, a rare word more than a frequent one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from surveytool.frozen import frozen
from surveytool.proofreading.facts import Facts, level_names
from surveytool.proofreading.language import TOKEN, Language, plain

_RANGE = re.compile(r"^\D{0,12}?(\d{1,3})\s*(?:-|–|to|a|à)\s*(\d{1,3})\D{0,8}$")
_FROM = re.compile(
    r"^\D{0,10}?(\d{1,3})\s*(?:\+|\D{0,8}?(?:and|or|y|o|et|ou)\s+(?:over|older|above|more|up|más|mayores|plus))\D*$",
    re.IGNORECASE,
)
_UPTO = re.compile(r"^(?:under|below|up to|menos de|hasta|moins de|jusqu.à|<)\s*(\d{1,3})\D*$", re.IGNORECASE)
AGE = 9  # the size of a mention of ages, which no other name is longer than
QUOTES = ("“", "«", '"')
LONG, LONGER = 6, 0.1  # each word of a title more, up to six, counts this much
YES = frozenset({"yes", "si", "sí", "oui", "sim", "true"})
NO = frozenset({"no", "non", "nao", "não", "false"})


@frozen
class Mention:
    """A place in a sentence where an answer or group of a variable is named."""

    variable: str
    code: str
    start: int
    end: int
    size: int


@frozen
class Token:
    """A word that means something, by its stem, with its place."""

    stem: str
    start: int
    end: int


def tokens_of(text: str, words: Language) -> tuple[Token, ...]:
    """The words of a text that mean something."""
    return tuple(
        Token(stem=words.stem(match.group()), start=match.start(), end=match.end())
        for match in TOKEN.finditer(text)
        if plain(match.group()) not in words.stop
    )


def age_name(label: str) -> str | None:
    """The range that a label of ages says, as ``26-35``, ``46+`` or ``-17``; None for any other label.

    >>> age_name("26 to 35 years"), age_name("46 and over"), age_name("Male")
    ('26-35', '46+', None)
    """
    text = label.strip()
    if match := _RANGE.match(text):
        return f"{match[1]}-{match[2]}"
    if match := _FROM.match(text):
        return f"{match[1]}+"
    match = _UPTO.match(text)
    return f"-{match[1]}" if match else None


class Vocabulary:
    """The words of a study in one language."""

    def __init__(self, facts: Facts, words: Language) -> None:
        self.facts, self.words = facts, words
        self.levels: dict[str, dict[str, tuple[str, ...]]] = {}
        self.titles: dict[str, tuple[tuple[str, ...], ...]] = {}
        for fact in facts.facts:
            row = fact.row
            if row.level_code is not None:
                self._level(row.variable, row.level_code, row.level)
            for name, code in row.by_code.items():
                self._level(name, code, row.by[name])
            self.titles.setdefault(
                fact.table,
                tuple(dict.fromkeys(filter(None, map(words.stems, self._titles(fact.titles, row.variable))))),
            )
        self.weight = self._weights()
        self._wholes = {
            table: [(frozenset(title), sum(self.weight.get(stem, 1.0) for stem in title)) for title in titles]
            for table, titles in self.titles.items()
        }
        self._names = {
            (name, code): [(stems, frozenset(stems)) for stems in map(words.stems, texts) if stems]
            for name, codes in self.levels.items()
            for code, texts in codes.items()
        }
        self._ages = {
            (name, code): ages
            for name, codes in self.levels.items()
            for code, texts in codes.items()
            if (ages := frozenset(age for text in texts if (age := age_name(text)) is not None))
        }
        self._polar = {
            (name, code) for name, codes in self.levels.items() for code, texts in codes.items()
            if not {plain(text) for text in texts}.isdisjoint(YES | NO)
        }  # fmt: skip

    def _titles(self, titles: Sequence[str], name: str) -> list[str]:
        return [*titles, *self.facts.synonyms.get(name, ())]

    def _level(self, name: str, code: str, label: str | None) -> None:
        codes = self.levels.setdefault(name, {})
        if code not in codes:
            texts = level_names(self.facts.book, name, code, label)
            added = [word for text in texts for word in self.facts.synonyms.get(text, ())]
            added += [word for words in self._groups(texts) for word in words]
            codes[code] = tuple(dict.fromkeys([*texts, *added]))

    def _groups(self, texts: Iterable[str]) -> list[Sequence[str]]:
        """The common names of men and women, where a label is one of them."""
        known: Mapping[str, Sequence[str]] = self.words.given["groups"]
        lower = {plain(text) for text in texts}
        return [known[key] for key in ("male", "female") if lower & ({key} | {plain(word) for word in known[key]})]

    def _weights(self) -> dict[str, float]:
        """How much a stem tells: less, the more variables it stands in."""
        variables: dict[str, set[str]] = {}
        for fact in self.facts.facts:
            for stems in self.titles[fact.table]:
                for stem in stems:
                    variables.setdefault(stem, set()).add(fact.row.variable)
        every = max(len({fact.row.variable for fact in self.facts.facts}), 1)
        return {stem: math.log(1 + every / len(names)) for stem, names in variables.items()}

    def title_score(self, table: str, stems: Iterable[str]) -> float:
        """The share of a table's title that stands among stems; the best of its titles, longer ones a little more."""
        seen = stems if isinstance(stems, set | frozenset) else set(stems)
        best = 0.0
        for title, whole in self._wholes[table]:
            shared = title & seen
            if shared and whole:
                held = sum(self.weight.get(stem, 1.0) for stem in shared)
                best = max(best, held / whole * (1 + LONGER * min(len(shared), LONG)))
        return best

    def mentions(self, text: str, tokens: Sequence[Token], ages: Sequence[tuple[int, str]]) -> list[Mention]:
        """Every answer and group that a sentence names, longest names first where they lie over each other."""
        found: list[Mention] = []
        seen = {token.stem for token in tokens}
        for (name, code), names in self._names.items():
            if (name, code) in self._polar:
                found += self._quoted(name, code, text)
                continue  # said by the verb, or in quotes
            for stems, wanted in names:
                if wanted <= seen:
                    found += self._places(name, code, stems, tokens, text)
        for start, age in ages:
            found += [
                Mention(variable=name, code=code, start=start, end=start + 2, size=AGE)
                for (name, code), said in self._ages.items()
                if said & _alike(age)
            ]
        longest = _longest(found)
        return [
            mention for mention in longest
            if mention.size == AGE or text[max(mention.start - 1, 0) : mention.start + 1].startswith(QUOTES)
            or text[mention.start : mention.start + 1] in QUOTES or not self._is_title(mention, found, tokens)
        ]  # fmt: skip

    def _is_title(self, mention: Mention, mentions: Sequence[Mention], tokens: Sequence[Token]) -> bool:
        """Whether the words of an answer are those of its question's title, and another answer is named too."""
        said = {token.stem for token in tokens if mention.start <= token.start < mention.end}
        others = any(one.variable == mention.variable and one.code != mention.code for one in mentions)
        titles = self._variable_titles.get(mention.variable, ())
        return others and bool(said) and any(said <= set(title) for title in titles)

    @cached_property
    def _variable_titles(self) -> Mapping[str, list[tuple[str, ...]]]:
        titles: dict[str, list[tuple[str, ...]]] = {}
        for fact in self.facts.facts:
            titles.setdefault(fact.row.variable, []).extend(self.titles[fact.table])
        return {name: list(dict.fromkeys(said)) for name, said in titles.items()}

    def _quoted(self, name: str, code: str, text: str) -> Iterable[Mention]:
        """Yes and no where they stand in quotes."""
        alike = {plain(one) for one in self.levels[name][code]}
        for match in re.finditer(r"[“«\"]\s*(\w+)\s*[”»\"]", text):
            if plain(match[1]) in alike:
                yield Mention(variable=name, code=code, start=match.start(), end=match.end(), size=1)

    def _places(
        self, name: str, code: str, stems: Sequence[str], tokens: Sequence[Token], text: str
    ) -> Iterable[Mention]:
        if all(stem.isdigit() for stem in stems):
            return
        wanted = set(stems)
        room = len(stems) + 2
        for index, token in enumerate(tokens):
            if token.stem != stems[0] and token.stem not in wanted:
                continue
            end = _covered(stems, tokens[index : index + room])
            if end is None or re.search(r"[“”«»\"]", text[token.start : end]):
                continue
            if len(wanted) > 1 or not self._common(text[max(token.start - 1, 0) : end + 1]):
                yield Mention(variable=name, code=code, start=token.start, end=end, size=len(wanted))

    def _common(self, said: str) -> bool:
        """Whether one word is a common one of its language and not quoted or written as a name."""
        return said.strip(" ,.;:()") in self.words.given["common"]


def _covered(stems: Sequence[str], window: Sequence[Token]) -> int | None:
    """Where the words of a name are complete in a window; two words have to stand in their order."""
    left = set(stems)
    for position, token in enumerate(window):
        left.discard(token.stem)
        if not left:
            in_order = len(set(stems)) != 2 or (window[0].stem == stems[0] and position <= 2)
            return token.end if in_order else None
    return None


def _alike(age: str) -> set[str]:
    """An age as it may be labelled: "over 45" is "46 and over"."""
    if age.endswith("+"):
        first = int(age[:-1])
        return {f"{first}+", f"{first + 1}+"}
    if age.startswith("-"):
        return {age, f"-{int(age[1:]) + 1}"}
    return {age}


def _longest(mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions without those that lie inside a longer one of another answer of the same variable."""
    kept: list[Mention] = []
    for mention in sorted(set(mentions), key=lambda mention: (mention.start, -mention.size)):
        inside = any(
            other is not mention
            and other.variable == mention.variable
            and other.size > mention.size
            and other.start <= mention.start
            and mention.end <= other.end
            for other in mentions
        )
        double = any(
            other.variable == mention.variable
            and other.code == mention.code
            and other.start <= mention.start < other.end
            for other in kept
        )
        if not inside and not double:
            kept.append(mention)
    return kept

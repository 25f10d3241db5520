"""The unknowns of one question: how many respondents have each combination of answers.

Atoms are combinations of groups (with one more for people in no group); each atom
has a column a state of the question. Of a question with one answer the states are
its answers, "no answer" and "outside"; of one with several they are the answering,
the others, and a column an option that counts among the answering.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from surveytool.aggregate import where_language as language
from surveytool.arrays import Floats
from surveytool.disclosure_audit.printed_rows import Line

MOST_COLUMNS = 1500  # unknowns that are solved for at once
YES, NO, UNKNOWN = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of a question from its questionnaire: codes and labels of its answers; several may be given."""

    name: str
    levels: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    several: bool = False
    binary: bool = False
    number: bool = False


class Space:
    """The unknowns of one question and the groups that its tables tell apart.

    ``groups`` maps a variable to its codes, None last where there are people in no group;
    ``opaque`` are conditions that only tell inside from outside.
    """

    def __init__(
        self,
        question: Question,
        groups: Mapping[str, Sequence[str | None]],
        books: Mapping[str, Question],
        opaque: Sequence[str] = (),
    ) -> None:
        self.question, self.books = question, books
        self.groups = {**groups, **{f"where:{text}": ("in", None) for text in opaque}}
        self.names = list(self.groups)
        self.atoms: list[tuple[str | None, ...]] = list(product(*self.groups.values()))
        self.states = [*(() if question.several else question.levels), "no answer", "outside"]
        if question.several:
            self.states = ["answered", "outside", *question.levels]
        self.width = len(self.states)
        self.size = len(self.atoms) * self.width
        self.weights: Floats | None = np.ones(len(self.atoms))
        shape = [len(codes) for codes in self.groups.values()]
        self._places = dict(zip(self.names, np.indices(shape).reshape(len(shape), len(self.atoms)), strict=True))
        self._inside: dict[str, Floats | None] = {}

    def holds(self, line: Line) -> bool:
        """Whether a row can be told in these unknowns."""
        return self.told(line) and self._tells(line.by) and self.where(line.where) is not None

    def _tells(self, by: Mapping[str, str]) -> bool:
        """Whether groups are told apart here."""
        own = self.question.name
        return all(name in self.groups or (name == own and not self.question.several) for name in by)

    def told(self, line: Line) -> bool:
        """Whether what a row counts is known here."""
        if line.variable == self.question.name:
            return line.level is None or line.level in self.question.levels
        return line.variable in self.groups and line.level in self.groups[line.variable]

    def having(self, name: str, code: str | None) -> Floats:
        """1 for the atoms [atoms] of a group."""
        codes = self.groups[name]
        index = codes.index(code) if code in codes else -1
        return np.asarray(self._places[name] == index, dtype=np.float64)

    def _all(self, by: Mapping[str, str]) -> Floats:
        """1 for the atoms [atoms] of all these groups at once."""
        found: Floats = np.ones(len(self.atoms))
        for name, code in by.items():
            found = found * self.having(name, code)
        return found

    def outside(self, name: str) -> Floats:
        """1 for the atoms [atoms] of people who are in no group of a breakdown."""
        return self.having(name, None)

    def people(self) -> Floats:
        """Every respondent [states]."""
        if not self.question.several:
            return np.ones(self.width)
        return np.array([1.0, 1.0, *[0.0] * len(self.question.levels)])

    def answered(self, base: str) -> Floats:
        """Who counts in the base of the question itself [states]."""
        if self.question.several:
            return np.array([1.0, 1.0 if base == "all" else 0.0, *[0.0] * len(self.question.levels)])
        kept = {"asked": (1.0, 0.0), "all": (1.0, 1.0)}.get(base, (0.0, 0.0))
        return np.array([*[1.0] * len(self.question.levels), *kept])

    def groups_of(self, by: Mapping[str, str]) -> Floats | None:
        """1 for the unknowns [unknowns] of a group; None where a variable of it is not told apart here."""
        codes_of_question = {name: code for name, code in by.items() if name == self.question.name}
        rest = {name: code for name, code in by.items() if name not in codes_of_question}
        if not self._tells(by):
            return None
        atoms = self._all(rest)
        states = self.people()
        for code in codes_of_question.values():
            states = states * np.array([float(state == code) for state in self.states])
        return self.spread(atoms, states)

    def spread(self, atoms: Floats, states: Floats) -> Floats:
        """A line [unknowns] from its parts over atoms [atoms] and states [states]."""
        return np.outer(atoms, states).ravel()

    def where(self, text: str | None) -> Floats | None:
        """1 for the unknowns [unknowns] inside a condition, everybody without one; None where it cannot be told."""
        if text is None:
            return np.ones(self.size)
        if text not in self._inside:
            self._inside[text] = self._where(text)
        return self._inside[text]

    def _where(self, text: str) -> Floats | None:
        if f"where:{text}" in self.groups:
            return self.spread(self.having(f"where:{text}", "in"), np.ones(self.width))
        condition = language.parse(text)
        asked = set(language.names(condition))
        if self.question.name in asked and self.question.several:
            return None
        if not asked <= {*self.groups, self.question.name}:
            return None
        found = []
        for atom in self.atoms:
            answers: dict[str, Any] = dict(zip(self.names, atom, strict=True))
            for state in self.states:
                answers[self.question.name] = state if state in self.question.levels else None
                found.append(float(truth(condition, answers, self.books) == YES))
        return np.array(found)

    def base(self, line: Line) -> Floats:
        """Who is in the base of a row [unknowns]. Call only for rows that ``holds``."""
        where, groups = self.where(line.where), self.groups_of(line.by)
        assert where is not None and groups is not None
        if line.variable == self.question.name:
            answered = np.tile(self.answered(line.base), len(self.atoms))
            groups = groups if not self.question.several else self._atoms_of(line.by)
        else:
            answered = self.spread(1 - self.outside(line.variable), self.people())
        counted: Floats = where * groups * answered
        return counted

    def _atoms_of(self, by: Mapping[str, str]) -> Floats:
        return self.spread(self._all(by), np.ones(self.width))

    def gave(self, line: Line) -> Floats:
        """Who gave the answer of a row, among its base; of a 0/1 number who gave the larger; of a length all stops."""
        if line.variable != self.question.name:
            mine: Floats = self.base(line) * self.spread(self.having(line.variable, line.level), np.ones(self.width))
            return mine
        where = self.where(line.where)
        assert where is not None
        if line.level is None:
            top = np.array([float(self.question.binary and state == self.question.levels[-1]) for state in self.states])
        else:
            top = np.array([float(state == line.level) for state in self.states])
        atoms = self._atoms_of(line.by) if self.question.several or not line.by else self.groups_of(line.by)
        assert atoms is not None
        given: Floats = where * atoms * np.tile(top, len(self.atoms))
        return given

    def options(self, line: Line) -> Floats:
        """All options of the people of a row together [unknowns]: how many stops they made."""
        where = self.where(line.where)
        assert where is not None
        states = np.array([0.0, 0.0, *[1.0] * len(self.question.levels)])
        given: Floats = where * self._atoms_of(line.by) * np.tile(states, len(self.atoms))
        return given

    def weigh(self, line: Floats) -> Floats | None:
        """A line of respondents [unknowns] as one of their weights; None where these are not known."""
        return None if self.weights is None else line * np.repeat(self.weights, self.width)


def truth(condition: language.Condition, answers: Mapping[str, Any], books: Mapping[str, Question]) -> int:
    """Whether a condition holds of one combination of answers: yes, no, or unknown where an answer is missing."""
    if isinstance(condition, language.All):
        return min(
            _ordered(condition.parts, answers, books),
            key=lambda truth_value: (truth_value == YES, truth_value == UNKNOWN),
        )
    if isinstance(condition, language.Any):
        return max(
            _ordered(condition.parts, answers, books),
            key=lambda truth_value: (truth_value == YES, truth_value == UNKNOWN),
        )
    if isinstance(condition, language.Not):
        inner = truth(condition.part, answers, books)
        return inner if inner == UNKNOWN else 1 - inner
    code = answers[condition.name]
    if isinstance(condition, language.IsMissing):
        return int(code is None)
    if code is None:
        return UNKNOWN
    spoken = {code, books[condition.name].labels.get(code, code)}
    if isinstance(condition, language.Among):
        return int(any(_same(value, spoken) for value in condition.values))
    return _compared(condition, code, spoken)


def _ordered(parts: Iterable[Any], answers: Mapping[str, Any], books: Mapping[str, Question]) -> list[int]:
    return [truth(part, answers, books) for part in parts]


def _same(value: Any, spoken: Iterable[str]) -> bool:
    if isinstance(value, str):
        return value in spoken
    return any(_number(text) == value for text in spoken)


def _compared(condition: language.Compare, code: str, spoken: Iterable[str]) -> int:
    if condition.operator in ("==", "!="):
        return int(_same(condition.value, spoken) == (condition.operator == "=="))
    number = _number(code)
    if number is None or isinstance(condition.value, str):
        return UNKNOWN
    return int({
        "<": number < condition.value, "<=": number <= condition.value, ">": number > condition.value,
        ">=": number >= condition.value,
    }[condition.operator])  # fmt: skip


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

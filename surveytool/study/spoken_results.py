"""Results told in another language: rows are known by codes, so that only labels change and nobody is counted anew.

Labels of a row come from the codebook by its codes. Notes and bases hold labels as texts: these are looked up among
those of the variables that the results are about. Where two answers share a label in one language and have two in
the other, nobody can tell which one was meant, and the results have to be counted in that language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from surveytool.estimate.result import BaseCount, Breakdown, Estimates, Group, Results, Row, Test
from surveytool.notes import Note
from surveytool.survey import Level, Standard, Variable, code_text, printed_names

Book = Mapping[str, Variable]
CROSS = " × "
NAMES = ("name", "names", "codes", "variables")  # values of notes that are no labels
BY_NAME = ("coded_mean", "infinite_values", "huge_values")  # notes that call a variable by its name


class Ambiguous(Exception):
    """A label that stands for several answers, which another language tells apart."""


def spoken_results(results: Results, before: Book, after: Book, notes: Mapping[Note, Note]) -> Results:
    """Results with the labels of the codebook ``after``, counted with those of ``before``.

    ``notes`` are notes of the survey in both languages. Raises ``Ambiguous``.
    """
    teller = _Teller(results, before, after)
    estimates = tuple(map(teller.estimates, results.estimates))
    told = tuple(notes.get(note) or teller.note(note) for note in results.notes)
    return replace(results, estimates=estimates, tests=tuple(map(teller.test, results.tests)), notes=told)


def names_by_code(variable: Variable, codes: Iterable[str]) -> dict[str, str]:
    """What tables call the answers with some codes. Raises ``Ambiguous`` where a code is that of several answers."""
    wanted = set(codes)
    levels = [level for level in variable.levels if code_text(level.code) in wanted]
    names = {code_text(level.code): name for level, name in zip(levels, printed_names(levels), strict=True)}
    if len(names) < len(levels):
        raise Ambiguous(variable.name)
    return names


class _Teller:
    """Labels of one codebook for those of another, in some results."""

    def __init__(self, results: Results, before: Book, after: Book) -> None:
        self.results, self.before, self.after = results, before, after
        self.groups: dict[tuple[str, str], str] = {}  # by variable and code
        self.levels: dict[tuple[str, str | None], str] = {}  # by table and code

    def names(self, variable: str, codes: Iterable[str]) -> dict[str, str]:
        """The new labels by code; none for a variable that neither codebook knows."""
        return names_by_code(self.after[variable], codes) if variable in self.after else {}

    def estimates(self, table: Estimates) -> Estimates:
        """One table."""
        request, name = table.request, table.request.variable
        self.levels |= {(table.id, code): label for code, label in self.names(name, table.codes).items()}
        breakdowns = tuple(map(self.breakdown, table.breakdowns))
        rows = tuple(map(self.row, table.rows))
        titles = {", ".join(old.by.values()): ", ".join(new.by.values())
                  for old, new in zip(table.rows, rows, strict=True)}  # fmt: skip
        variable = self.after.get(name)
        return replace(
            table, request=replace(request, standard=self.standard(request.standard)), rows=rows,
            breakdowns=breakdowns, label=table.label if variable is None else variable.title(),
            unit=table.unit if variable is None else variable.unit,
            stages=table.stages if variable is None else variable.stages,
            levels=tuple(self.levels.get((table.id, code), label) for label, code in table.answers()),
            base=self.base(table.base), notes=tuple(self.note(note, titles) for note in table.notes),
        )  # fmt: skip

    def breakdown(self, own: Breakdown) -> Breakdown:
        """A breakdown, its groups called anew."""
        for at, name in enumerate(own.names):
            names = self.names(name, (codes[at] for codes in own.codes))
            self.groups |= {(name, code): label for code, label in names.items()}
        groups = tuple(self.group(group, labels) for group, labels in own.members())
        return replace(own, labels=tuple(map(self.text, own.labels)), groups=groups)

    def group(self, group: Group, labels: Sequence[str]) -> tuple[str, ...]:
        """The labels of a group."""
        return tuple(self.groups.get(pair, label) for pair, label in zip(group, labels, strict=True))

    def row(self, row: Row) -> Row:
        """A row."""
        by = dict(zip(row.by, self.group(row.group, list(row.by.values())), strict=True))
        return replace(row, by=by, level=self.levels.get((row.table, row.level_code), row.level))

    def standard(self, given: Standard | None) -> Standard | None:
        """Shares of a standard under the groups' new names."""
        if given is None:
            return None
        names = self.names(given.variable, (code for code, _ in given.shares))
        return replace(given, labels=tuple(names.get(code, label) for (code, _), (label, _) in
                                           zip(given.shares, given.named(), strict=True)))  # fmt: skip

    def base(self, given: BaseCount) -> BaseCount:
        """Who is behind a table, the reasons in the new language."""
        told = [tuple((self.text(text), n) for text, n in reasons) for reasons in (given.excluded, given.included)]
        return replace(given, excluded=told[0], included=told[1])

    def test(self, given: Test) -> Test:
        """A test or contrast."""
        level = self.levels.get((given.table, given.level_code), given.level)
        order = tuple(map(self.text, given.order))
        if given.groups is None or given.pair is None:
            return replace(given, level=level, order=order)
        first, second = (
            ", ".join(self.groups.get(pair, "") for pair in group)
            if all(pair in self.groups for pair in group)
            else text
            for group, text in zip(given.pair, given.groups, strict=True)
        )
        return replace(given, level=level, groups=(first, second), order=order)

    def note(self, given: Note, titles: Mapping[str, str] | None = None) -> Note:
        """A note with its labels in the new language; ``titles`` are those of whole groups."""
        told = []
        for key, value in given.values:
            kept = key in NAMES or given.code in BY_NAME
            tell: Callable[[Any], Any] = partial(self.value, titles=titles or {})
            if given.code == "standardised" and key == "shares":
                tell = self.with_share
            told.append((key, value if kept else tuple(map(tell, value)) if isinstance(value, tuple) else tell(value)))
        return replace(given, values=tuple(told))

    def value(self, value: Any, titles: Mapping[str, str]) -> Any:
        """A value of a note: labels are told anew."""
        if not isinstance(value, str):
            return value
        return titles[value] if value in titles else self.text(value)

    def with_share(self, text: str) -> str:
        """``Men 48.0%`` with the group's new name."""
        label, _, share = text.rpartition(" ")
        return f"{self.text(label)} {share}"

    def text(self, text: str) -> str:
        """A label of before as it is now; crossed titles part by part, and what is no label as it stands."""
        if text not in self.labels and CROSS in text:
            return CROSS.join(map(self.text, text.split(CROSS)))
        found = self.labels.get(text, {text})
        if len(found) > 1:
            raise Ambiguous(text)
        return next(iter(found))

    @cached_property
    def labels(self) -> dict[str, set[str]]:
        """Every label of the variables that the results are about, with what it is now."""
        labels: dict[str, set[str]] = {}
        for name in self._used():
            if name in self.before and name in self.after:
                for old, new in _pairs(self.before[name], self.after[name]):
                    labels.setdefault(old, set()).add(new)
        return labels

    def _used(self) -> set[str]:
        """The variables of the tables and tests, and the strata: lonely ones are named."""
        used = {self.results.design.strata or ""}
        for table in self.results.estimates:
            request = table.request
            used |= {request.variable, (request.statistic or "").partition(":")[2]}
            used |= {name for by in request.by for name in by}
            used |= {request.standard.variable} if request.standard is not None else set()
        return used


def _pairs(before: Variable, after: Variable) -> Iterable[tuple[str, str]]:
    """Titles and labels of a variable in both codebooks, as they are and as tables print them."""
    yield before.title(), after.title()
    now = {code_text(level.code): level for level in after.levels}
    kept = [level for level in before.levels if code_text(level.code) in now]
    same = [now[code_text(level.code)] for level in kept]
    yield from zip(map(_name, kept), map(_name, same), strict=True)
    yield from zip(printed_names(kept), printed_names(same), strict=True)


def _name(level: Level) -> str:
    return level.label or code_text(level.code)

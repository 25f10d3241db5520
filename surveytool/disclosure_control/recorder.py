"""What the gate must know of the respondents behind every count, taken while the questions are summed.

Two counts of the same respondents are one secret, whatever tables they stand
in. So every group of respondents gets a fingerprint: each row has a number that
follows from its place in the file, and a group's fingerprint is the sum of its
rows' numbers. Equal groups have equal sums, the sum of disjoint groups is the
sum of their union, and nothing can be read back. Beside it stands the largest
share of a group that one primary sampling unit (or site) holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.aggregate.encoded_columns import Columns
from surveytool.aggregate.grouping import Grouping
from surveytool.aggregate.question import Answers, Asked, Question
from surveytool.disclosure_control.group_counts import Counted, Rows
from surveytool.disclosure_control.published import Family, Group, Names, PublishedCounts, Scope
from surveytool.disclosure_control.question_counts import (
    QuestionCounts,
    counted_by,
    everybody,
    keys_of_family,
    overlapping_scope,
    rows_of,
    scope_of,
    telling_look,
    told_rows,
    unnamed,
)
from surveytool.disclosure_control.row_fingerprint import numbers
from surveytool.survey import SEVERAL, Design, Survey

if TYPE_CHECKING:
    from surveytool.aggregate.respondent_classes import View
    from surveytool.arrays import Floats, Keys


class Recorder:
    """Looks at each question while its answers are at hand; remembers counts and fingerprints only."""

    def __init__(self, site: str | None = None) -> None:
        self.columns: tuple[str, ...] = (site,) if site is not None else ()
        self.site = site
        self.tables: list[PublishedCounts] = []
        self.families: dict[Family, Group] = {}
        self.rows = 0
        self.design: Design | None = None
        self._rows: tuple[Grouping, Floats, list[tuple[Keys, int, Names]]] | None = None

    def see(self, run: Grouping, asked: Asked) -> None:
        """Take one question's counts."""
        if asked.question.measure == "rank":
            return
        if self._rows is None:
            self.rows = run.columns.rows
            self.design = self.design or run.columns.survey.design
            self._rows = run, numbers(self.rows), list(self._units(self._sampled(run)))
        _, own, units = self._rows
        self._take([QuestionCounts(run=run, asked=asked, numbers=own, units=units)])

    def watch(self, survey: Survey) -> Design:
        """The design whose PSUs are guarded: that of the first question, whatever later ones leave out."""
        self.design = self.design or survey.design
        self.rows = survey.frame.rows
        return self.design

    def number(self, rows: int, first: int, count: int) -> Floats:
        """The numbers of some rows."""
        return numbers(rows, first, count)

    def seen(self, question: Question, views: Sequence[View]) -> None:
        """Take one question's counts from the classes of a stream, each telling some of its breakdowns."""
        self._take(
            [
                QuestionCounts(
                    run=view.run, asked=view.run.ask(question), numbers=view.classes.numbers,
                    units=list(self._units(view.run)), view=view,
                )
                for view in views
            ]
        )  # fmt: skip

    def _take(self, looks: Sequence[QuestionCounts]) -> None:
        """Remember one table."""
        look, seen = looks[0], looks[0].asked
        question, request, ready = seen.question, seen.question.request, seen.ready
        names = _with_margins(request.by)
        book = look.run.columns.survey.codebook
        asked = {name for each in names for name in each} | {request.variable}
        for name in sorted(name for name in asked if book[name].kind not in SEVERAL):
            if name != request.variable or book[name].kind == "single":
                self._family(telling_look(looks, (name,)), (None, (name,)))
        self._family(look, (request.where, ()))
        kind = kind_of(ready)
        self.tables.append(
            PublishedCounts(
                id=question.id,
                question=(request.variable, request.base if ready.levels else None, kind, question.denominator),
                request=request,
                printed=frozenset([*request.by, *([()] if request.total or not request.by else [])]),
                levels=tuple(code for _, code in ready.levels),
                multiple=ready.indicators is not None,
                scopes=self._scopes(looks, request.where, names),
                wider=self._scopes(looks, None, names) if request.where else (),
                kind=kind,
                base=look.run.columns.count(seen.domain & (ready.key >= 0)),
                domain=look.run.columns.count(seen.domain),
            )
        )  # fmt: skip

    def _sampled(self, run: Grouping) -> Grouping:
        """The rows with the design whose PSUs are guarded."""
        own = run.columns.survey
        if self.design is None or own.design == self.design:
            return run
        from surveytool.aggregate.sample import read_units

        columns = Columns(replace(own, design=self.design), run.columns.table)
        unit, units, _ = read_units(columns, self.design, run.sample.units.weight)
        return Grouping(columns, replace(run.sample, unit=unit, units=units))

    def _units(self, run: Grouping) -> Any:
        """PSU codes [rows], how many they are, and the names that a reader knows them by."""
        sample, design = run.sample, run.columns.survey.design
        if design.psu and not sample.units.element:
            unit = sample.unit
            for stage in reversed(sample.units.stages[1:]):
                assert stage.parent is not None
                unit = stage.parent[unit]
            yield unit, int(unit.max(initial=-1)) + 1, (design.psu[0],)
        if self.site is not None and self.site not in design.psu[:1]:
            keys, texts = run.single(self.site, "site")
            yield np.where(keys < 0, len(texts), keys), len(texts) + 1, (self.site,)

    def _family(self, look: QuestionCounts, family: Family) -> Group:
        """The groups of a family, made once."""
        if family not in self.families:
            keys, groups = keys_of_family(look.run, family)
            domain, _ = look.run.domain(family[0])
            inside = np.flatnonzero(domain)
            held, counts = keys[inside].astype(np.intp) - 1, look.run.columns.sizes
            sizes = np.bincount(held, None if counts is None else counts[inside], minlength=len(groups) + 1)
            prints = _weighed(held, look.numbers[inside], len(groups) + 1)
            of_rows = keys if look.view is None else told_rows(look.view, family, keys)
            self.families[family] = Group(keys=of_rows, groups=groups, sizes=sizes.astype(np.int64), prints=prints)
        return self.families[family]

    def _scopes(self, looks: Sequence[QuestionCounts], where: str | None, names: list[Names]) -> tuple[Scope, ...]:
        """Counts of every breakdown in one domain, the total first."""
        scopes: dict[Names, Scope] = {}
        total: Counted | None = None
        ready: dict[int, tuple[Keys, Rows]] = {}
        for name in sorted(names, key=len, reverse=True):
            if name:
                look = telling_look(looks, name)
                rows, at = ready.setdefault(id(look), rows_of(look, where))
                scopes[name], made = self._scope(look, (where, name), rows, at)
                total = total or made
        whole = total.together() if total is not None else everybody(looks[0], where)
        scopes[()] = scope_of((where, ()), ((),), whole)
        return tuple(scopes[name] for name in names)

    def _scope(self, look: QuestionCounts, family: Family, rows: Keys, at: Rows) -> tuple[Scope, Counted | None]:
        """Counts of one breakdown, and those that may be added up to the total."""
        book = look.run.columns.survey.codebook
        if any(book[name].kind in SEVERAL for name in family[1]):
            return overlapping_scope(look, family, rows, at), None
        group = self._family(look, family)
        keys = keys_of_family(look.run, family)[0] if look.view is not None else group.keys
        assert isinstance(keys, np.ndarray)
        held = np.maximum(keys[rows].astype(np.intp) - 1, 0)
        named = unnamed(look, at, family[1])
        counted = counted_by(look.asked.ready, named, held, len(group.groups) + 1, rows)
        add_up = counted.masses is not None and len(named.units) == len(at.units)
        return scope_of(family, group.groups, counted), counted if add_up else None


def kind_of(ready: Answers) -> str:
    """What a question's answers are: options (several answers), levels or numbers."""
    return "options" if ready.indicators is not None else "levels" if ready.levels else "numbers"


def _with_margins(by: tuple[Names, ...]) -> list[Names]:
    """The total, the breakdowns, and the margins of crossed ones: nobody prints them, everybody can add up to them."""
    margins = (part for names in by for size in range(1, len(names)) for part in combinations(names, size))
    ordered = {tuple(sorted(names)): names for names in reversed([*by, *margins])}
    return [(), *by, *(names for key, names in reversed(ordered.items()) if names not in by)]


def _weighed(cell: Keys, values: Floats, cells: int) -> Floats:
    """Sums of values by cell."""
    found: Floats = np.bincount(cell, values, minlength=cells).astype(np.float64)
    return found

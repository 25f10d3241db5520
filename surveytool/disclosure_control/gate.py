"""The gate: everything that is computed passes here before anybody sees it.

One gate serves one run or one study. It remembers what has passed, so that a
chart or a claim that comes later cannot give away what a table withheld.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from surveytool.disclosure_control.coarsening import Coarsened, Figure
from surveytool.disclosure_control.controlled_rounding import rounding
from surveytool.disclosure_control.equation_system import Key, System
from surveytool.disclosure_control.known_weights import known_weights
from surveytool.disclosure_control.model_support import supported
from surveytool.disclosure_control.number_rows import linked_rows, told_numbers
from surveytool.disclosure_control.passed_tables import PassedTables
from surveytool.disclosure_control.printed_precision import Exposure, printed, printed_test, tied
from surveytool.disclosure_control.protection import Protection, usable
from surveytool.disclosure_control.publication_ledger import Earlier, Ledger
from surveytool.disclosure_control.published import PublishedCounts
from surveytool.disclosure_control.quality import assess
from surveytool.disclosure_control.rare_answers import gathered
from surveytool.disclosure_control.recorder import Recorder
from surveytool.disclosure_control.rounded_rows import rounded
from surveytool.disclosure_control.suppression_search import Choice
from surveytool.disclosure_control.table_conditions import Frame, Shown, few_outside
from surveytool.disclosure_control.told_steps import Ready, ToldSteps, cells_of, drawn
from surveytool.disclosure_control.withheld_rows import Held, withhold
from surveytool.estimate.result import Estimates, Model, Protected, Results, Row, Test
from surveytool.notes import Note, note
from surveytool.survey import Provenance, Survey
from surveytool.survey.setting import one_kind

TURNS = 8
SPARE = 2


class Gate:
    """Rules, and the memory of a run."""

    def __init__(
        self, protection: Protection, *, migrants: bool = False, tell: Callable[[int], None] | None = None
    ) -> None:
        self.protection = protection
        self.active = migrants if protection.active is None else protection.active
        self.tell = tell
        self.recorder = Recorder(protection.site) if self.active else None
        self._passed = PassedTables(protection, self.recorder or Recorder(), tell)
        self._told = ToldSteps()
        self._rounded_before: dict[Key, int] = {}
        self._calls = 0
        self._secret: set[str] = set()
        self._seen: dict[str, PublishedCounts] = {}
        self.ledger = Ledger(protection.ledger) if self.active and protection.ledger is not None else None

    def let(self, results: Results) -> Results:
        """The results as they may be seen: withheld where somebody could be recognised, flagged where unreliable."""
        if self.recorder is None or not results.estimates:
            return assess(results, self.protection.quality)
        results = assess(self._protected(results), self.protection.quality)
        return results if results.protection is not None else self._printed(results)

    def to_join(self, source: Provenance) -> list[Earlier]:
        """Tables of earlier runs that have not joined the equations yet."""
        if self.ledger is None or self._passed.joined is not None:
            return []
        self._passed.joined = {}
        return self.ledger.earlier(source)

    def join(self, earlier: Sequence[Earlier]) -> None:
        """Take the tables that were just counted anew as published: their rows are known, the others withheld."""
        new = [replace(table, numbers=None) for table in self._arrived()]
        for table, withheld in zip(new, self._passed.join(new, earlier), strict=True):
            self._told.earlier.append(Shown(seen=table, withheld=frozenset(withheld)))
            self._secret.add(table.request.variable)

    def _printed(self, results: Results) -> Results:
        """The results with the digits that are printed, and what is said of them."""
        made = tuple(
            printed(
                each, Exposure.of(self._seen[each.id], results, self._exposed(each), self.protection.cell),
                self._told.of(self._seen[each.id].id),
            )[0]
            for each in results.estimates
        )  # fmt: skip
        self._seen.clear()
        tables = {each.id: each for each in made}
        tests = tuple(
            printed_test(test, tables[test.table])
            for test in results.tests
            if not (tied(results.design) and self._exposed(tables[test.table]))
        )
        decimals = [each.decimals for each in made if each.statistic == "proportion" and each.decimals is not None]
        ledger = Path(self.protection.ledger).name if self.protection.ledger is not None else None
        told = Protected(method="suppression", decimals=min(decimals, default=1), ledger=ledger)
        if self.ledger is not None:
            self.ledger.add(results.source, made)
        coarse = any(self._exposed(each) for each in made) and tied(results.design)
        notes = (*results.notes, *([note("protected_coarse")] if coarse else []), *self._step_notes(made))
        return replace(results, estimates=made, tests=tests, protection=told, notes=notes)

    def _step_notes(self, made: Sequence[Estimates]) -> list[Note]:
        """What a reader must know of figures that are told in steps."""
        steps = {each.id: max(self._told.of(f"{self._calls}:{each.id}").values(), default=0.0) for each in made}
        shares = [each for each in made if steps[each.id] and each.statistic == "proportion"]
        others = [each for each in made if steps[each.id] and each.statistic != "proportion"]
        found = []
        if shares:
            widest = max(round(100 * steps[each.id]) for each in shares)
            found.append(note("protected_steps", tables=tuple(each.id for each in shares), n=widest))
        if others:
            found.append(note("protected_blunt", tables=tuple(each.id for each in others)))
        return found

    def _exposed(self, estimates: Estimates) -> bool:
        """Whether something of a table's question is withheld, or may not be reckoned, in anything that has passed."""
        return estimates.request.variable in self._secret

    def let_model(self, model: Model) -> Model:
        """A model that may be seen. Raises ``UsageError`` where it rests on too few respondents."""
        return supported(model, self.protection) if self.active else model

    def let_counts(self) -> dict[str, Held]:
        """What is withheld of the questions that were just seen, by their ids: for what shows counts only."""
        new = self._arrived()
        system = self._passed.system(new)
        choice, _ = self._passed.chosen(system, Choice(set(), 0.0))
        found = {published_counts.id: Held.of(system, published_counts, choice.withheld) for published_counts in new}
        self._passed.keep(new, {place for gone in found.values() for place in gone.places})
        return {id.partition(":")[2]: gone for id, gone in found.items()}

    def _protected(self, results: Results) -> Results:
        assert self.recorder is not None
        rules = self.protection
        new = self._arrived()
        system = self._passed.system(new)
        if rules.method == "rounding":
            in_multiples = self._rounded(results, new, system)
            if in_multiples is not None:
                return in_multiples
            results = replace(results, notes=(*results.notes, note("rounding_failed")))
        choice, tests, made, tables = self._settle(results, new, system)
        estimates = [table.estimates for table in tables]
        self._told.keep(made, tables, system)
        opening = self._passed.opening(new, choice) if self._passed.joined else ()
        self._passed.keep(new, {x for seen in new for x in Held.of(system, seen, choice.withheld).places})
        choice.narrow += made.narrow
        rows = sum(len(estimate.rows) for estimate in estimates)
        withheld = sum(row.flag == "suppressed" for table in made.shown for row in _rows(table))
        notes = [*results.notes, *self._notes(choice, withheld, rows, opening)]
        return replace(results, estimates=tuple(estimates), tests=tuple(tests), notes=tuple(notes))

    def _settle(
        self, results: Results, new: list[PublishedCounts], system: System
    ) -> tuple[Choice, list[Test], Coarsened, list[Ready]]:
        """What is withheld, and the steps that the rest is told in: more is withheld where no step is wide enough."""
        steps: dict[Figure, float] = {}
        choice, fixed = self._passed.chosen(system)
        for turn in range(TURNS):
            tables, tests = self._without(results, new, system, choice)
            made = self._told.hold(tables, system, self._frame(results), steps, fixed)
            steps, gone = made.steps, cells_of(made.gone, tables, system) - choice.withheld - fixed
            if not gone:
                break
            system.forced |= gone
            if turn < TURNS - 1:
                choice, fixed = self._passed.chosen(system, choice)
        else:
            choice.withheld |= gone
            tables, tests = self._without(results, new, system, choice)
            made = replace(made, shown=drawn(tables, steps))
        return choice, tests, made, tables

    def _without(
        self, results: Results, new: list[PublishedCounts], system: System, choice: Choice
    ) -> tuple[list[Ready], list[Test]]:
        """The tables without what is withheld, and the tests that are left."""
        rules, tests = self.protection, list(results.tests)
        gone = {seen.id: Held.of(system, seen, choice.withheld) for seen in new}
        counted = []
        for each, seen in self._pairs(results, new):
            made, tests = withhold(each, seen, gone[seen.id], tests, rules)
            self._seen[each.id] = seen
            if gone[seen.id].places or system.sensitive or few_outside(seen, rules.cell):
                self._secret.add(each.request.variable)
            counted.append((told_numbers(made, seen.numbers, rules), seen))
        tables = []
        for estimate, seen in counted:
            exposure = Exposure.of(seen, results, self._exposed(estimate), rules.cell)
            made = linked_rows(estimate, seen, counted, rules.cell)
            tables.append(Ready(estimates=made, seen=seen, exposure=exposure, withheld=gone[seen.id].places))
        return tables, tests

    def _frame(self, results: Results) -> Frame | None:
        """What a joint attack has to know; None where counts are all that is printed, or rows are not in memory."""
        assert self.recorder is not None
        recorder = self.recorder
        if recorder.weights is None:
            return None
        everybody = recorder.families.get((None, ()))
        rows = recorder.rows if everybody is None else int(everybody.sizes[1])
        known = known_weights(recorder.weights, recorder.families)
        return Frame(
            families=recorder.families, nests=self._passed.nests, weights=known, rows=rows, cell=self.protection.cell,
            spare=SPARE if tied(results.design) else 0,
        )  # fmt: skip

    def _rounded(self, results: Results, new: list[PublishedCounts], system: System) -> Results | None:
        """The results with rounded counts; None where no rounding keeps every sum and hides enough."""
        assert self.recorder is not None
        rules = self.protection
        most = float(self.recorder.rows)
        values = rounding(system, rules.multiple, float(rules.cell), rules.seconds, most, self._rounded_before)
        if values is None:
            return None
        estimates = []
        for each, seen in self._pairs(results, new):
            gone = Held.of(system, seen, system.few(), bases=True)
            estimates.append(rounded(each, seen, gone, system, values, rules, results.design))
        self._passed.keep(new, set())
        self._rounded_before |= {key: values[cell] for key, cell in system.places.items()}
        said = note("rounded", base=rules.multiple, least=rules.base)
        told = Protected(method="rounding", decimals=min((each.decimals or 0 for each in estimates), default=1))
        return replace(results, estimates=tuple(estimates), tests=(), notes=(*results.notes, said), protection=told)

    def _arrived(self) -> list[PublishedCounts]:
        """The tables that the recorder saw since the last time, under names that no later call has."""
        assert self.recorder is not None
        self._calls += 1
        new = [replace(table, id=f"{self._calls}:{table.id}") for table in self.recorder.tables]
        self.recorder.tables.clear()
        return new

    def _pairs(self, results: Results, new: list[PublishedCounts]) -> list[tuple[Estimates, PublishedCounts]]:
        seen = {published_counts.id: published_counts for published_counts in new}
        return [(estimate, seen[f"{self._calls}:{estimate.id}"]) for estimate in results.estimates]

    def _notes(self, choice: Choice, withheld: int, rows: int, opening: tuple[str, ...] | None) -> list[Note]:
        rules = self.protection
        found = [
            note("protected", n=withheld, rows=rows, cell=rules.cell, base=rules.base)
            if withheld
            else note("protected_none", cell=rules.cell, base=rules.base)
        ]
        if self.ledger is None:
            found.append(note("protected_alone"))
        elif self._passed.joined and opening is None:
            found.append(note("protected_joined", tables=tuple(dict.fromkeys(self._passed.joined.values()))))
        elif self._passed.joined:
            found.append(note("protected_opened", tables=opening) if opening else note("protected_unopened"))
        if not choice.in_time:
            found.append(note("protected_time", seconds=rules.seconds))
        if choice.narrow:
            found.append(note("protected_narrow", n=choice.narrow))
        return found


def _rows(table: Shown) -> tuple[Row, ...]:
    return table.estimates.rows if table.estimates is not None else ()


def guard(
    survey: Survey, protection: Protection, *, migrants: bool = False, tell: Callable[[int], None] | None = None,
    language: str = "en",
) -> Survey:  # fmt: skip
    """The survey with a gate: whatever is computed from it is protected, all calls together.

    ``migrants`` says that the respondents are migrants; then the disclosure rules
    are on unless ``protection.active`` is False. ``tell`` hears of progress. Rare answers are put together,
    under a name in ``language``.
    """
    from surveytool.disclosure_control.reliability_scheme import scheme

    if one_kind(protection, Protection, "protection") is None:
        protection = Protection()
    usable(protection)
    scheme(protection.quality)
    gate = Gate(protection, migrants=migrants, tell=tell)
    if gate.active:
        kept = [protection.site] if protection.site is not None else []
        survey = gathered(survey, protection.cell, kept, language)
    return replace(survey, gate=gate)

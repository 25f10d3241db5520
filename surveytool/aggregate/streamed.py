"""The one pass over a stream: every question's cube filled while the blocks go by, its tables made afterwards.

Questions about the same columns share a cube. Breakdowns that stand side by side
are crossed in one cube where that has fewer places than memory is good for, else
each has a cube of its own: chosen by counting places before the pass. What a cube
cannot hold (quantiles of numbers with very many values, rank tests, texts) is
taken from the stream as whole columns and computed in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import methodcaller
from typing import TYPE_CHECKING

from surveytool.aggregate import where as conditions
from surveytool.aggregate.cells import Breakdown, Tally
from surveytool.aggregate.collect import Grouping, Question, Sums, collect_rows, columns_needed
from surveytool.aggregate.columns import Columns, arrow_table
from surveytool.aggregate.crossing import Crossing, crossings
from surveytool.aggregate.cube import Cube, Patterns, Rows, Spec, Terms, lookups
from surveytool.aggregate.design_pass import StreamDesign, fits
from surveytool.aggregate.distribution import Distribution
from surveytool.aggregate.margins import PatternSums, pattern_table
from surveytool.aggregate.question import Answers
from surveytool.aggregate.replicated import replicated
from surveytool.aggregate.replicates import ReplicatePass
from surveytool.aggregate.sample import Sample, replicate_columns
from surveytool.frozen import frozen
from surveytool.notes import Note, unique
from surveytool.stream import BLOCK, Column, Pushed, Stream, TableSource
from surveytool.stream.side import cores, crew
from surveytool.survey import Request, Survey, Variable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Keys = NDArray[np.intp]

JOINT = 1 << 22
MOST = 48_000_000
AT_ONCE = 1 << 24  # places of all cubes that are filled in one look at blocks in memory
WIDEST = 1 << 62  # the places that a 64-bit number can tell apart
EXACT_RULES = ("math", "hf1")


@frozen
class Part:
    """Some breakdowns of a question that one cube answers."""

    spec: Spec
    by: tuple[tuple[str, ...], ...]
    total: bool


Planned = tuple[Question, list[Part]]


def collect_stream(survey: Survey, questions: Sequence[Question]) -> tuple[Iterable[Tally], tuple[Note, ...]]:
    """Cells of every question, each made when asked for, of a survey whose frame is a ``Stream`` or ``Pushed``."""
    stream: Stream | Pushed = survey.frame
    combos = stream.sample(survey.design)
    if not fits(survey, stream.columns, combos):
        return collect_rows(survey, questions)
    design = StreamDesign(survey, stream.columns, combos)
    planner = Planner(survey, stream.columns, design)
    plans = [planner.parts(question) for question in questions]
    names = replicate_columns(survey.design, list(stream.columns))
    replicates = ReplicatePass(survey, names, stream.columns) if survey.design.replicates is not None else None
    notes = unique([*design.notes, *(replicates.notes() if replicates is not None else [])])
    return _tallies(survey, design, list(zip(questions, plans, strict=True)), planner, replicates), notes


def _tallies(
    survey: Survey, design: StreamDesign, planned: Sequence[Planned], planner: Planner,
    replicates: ReplicatePass | None,
) -> Iterator[Tally]:  # fmt: skip
    """The cells of each question in turn, so that those of all of them are never in memory together."""
    rest = [question for question, plan in planned if not plan]
    others = iter(collect_rows(survey, rest)[0] if rest else ())
    once = replicates is not None or isinstance(survey.frame, Pushed) or not survey.frame.kept
    for some in [planned] if once else planner.rounds(planned):
        cubes = _filled(survey.frame, design, list(dict.fromkeys(_specs(some))), replicates)
        samples = Samples(survey, survey.frame.columns, design, replicates)
        for question, plan in some:
            yield samples.tally(question, plan, cubes) if plan else next(others)


def _specs(planned: Sequence[Planned]) -> list[Spec]:
    return [part.spec for _, plan in planned for part in plan]


def _filled(
    stream: Stream | Pushed, design: StreamDesign, specs: Sequence[Spec], replicates: ReplicatePass | None
) -> dict[Spec, Patterns]:
    if isinstance(stream, Pushed):
        from surveytool.aggregate.pushed import fill_pushed

        return fill_pushed(stream, design, specs, terms(design, replicates), replicates)
    return fill(stream, design, specs, replicates)


def in_codes(survey: Survey, requests: Sequence[Request], denominators: Sequence[str]) -> Survey:
    """A survey in memory as a stream of the columns that the requests need."""
    replicates, wanted = columns_needed(survey, requests, denominators)
    source = TableSource(arrow_table(survey.frame, wanted))
    return replace(survey, frame=Stream(source, wanted, survey.design, replicates, late=replicates))


class Planner:
    """Which cube answers which breakdown of a question."""

    def __init__(self, survey: Survey, columns: Mapping[str, Column], design: StreamDesign) -> None:
        self.survey, self.columns = survey, columns
        self.units = unit_count(design)

    def parts(self, question: Question) -> list[Part]:
        """The parts of a question; none where a cube cannot answer it."""
        request = question.request
        if question.measure == "rank" or any(self.survey.codebook[name].kind == "route" for name in _named(request)):
            return []
        if question.measure == "quantile" and request.quantile_rule not in EXACT_RULES:
            return []
        own, numbers = self._own(question)
        named = list(conditions.names(conditions.parse(request.where))) if request.where else []
        named += [request.standard.variable] if request.standard is not None else []
        fixed = tuple(dict.fromkeys([*self._columns(named), *own]))
        groups = [tuple(self._columns(names)) for names in request.by]
        if not all(self._coded(name) for name in {*fixed, *(name for names in groups for name in names)}):
            return []
        total = request.total or not request.by
        joint = _spec(_ordered([name for names in groups for name in names], fixed), numbers)
        if len(request.by) <= 1 or self._places(joint) <= JOINT:
            return [Part(spec=joint, by=request.by, total=total)] if self._places(joint) <= MOST else []
        specs = [_spec(_ordered(names, fixed), numbers) for names in groups]
        if max(self._places(spec) for spec in specs) > MOST:
            return []
        return [
            Part(spec=spec, by=(names,), total=total and place == 0)
            for place, (spec, names) in enumerate(zip(specs, request.by, strict=True))
        ]

    def rounds(self, planned: Sequence[Planned]) -> list[list[Planned]]:
        """Questions in their order, as many together as have cubes of ``AT_ONCE`` places."""
        found: list[list[Planned]] = [[]]
        for each in planned:
            specs = dict.fromkeys(_specs([*found[-1], each]))
            if found[-1] and sum(self._places(spec) for spec in specs) > AT_ONCE:
                found.append([])
            found[-1].append(each)
        return found

    def _own(self, question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns of the question itself: those with codes, and those whose numbers are summed."""
        book = self.survey.codebook
        variables = [book[question.request.variable]]
        if question.denominator is not None:
            variables.append(book[question.denominator])
        if question.measure not in ("values", "pair"):
            return tuple(self._columns([question.request.variable])), ()
        numbers = [each for each in variables if self._summable(each)]
        coded = [each.name for each in variables if each not in numbers]
        return tuple(self._columns(coded)), tuple(dict.fromkeys(_column(each) for each in numbers))

    def _summable(self, variable: Variable) -> bool:
        """Whether a variable's numbers may be summed as they stand: no missing kinds among them."""
        if len(variable.columns) > 1 or variable.tags or any(each.missing for each in variable.levels):
            return False
        import pyarrow.types as types

        kind = self.columns[_column(variable)].type
        return bool(types.is_integer(kind) or types.is_floating(kind))

    def _columns(self, names: Sequence[str]) -> list[str]:
        found: list[str] = []
        for name in names:
            variable = self.survey.codebook[name]
            found += variable.columns or (variable.name,)
            found += [extra for extra in (variable.tags, variable.parent) if extra]
        return list(dict.fromkeys(found))

    def _coded(self, name: str) -> bool:
        return name in self.columns and self.columns[name].coded

    def _places(self, spec: Spec) -> int:
        places: int = self.units * 4 ** len(spec.numbers)
        for name in spec.axes:
            places *= len(self.columns[name].values) + 1
        if places >= WIDEST:
            return places
        return min(places, self.units * 2048) if self._sparse(spec) else places

    def _sparse(self, spec: Spec) -> bool:
        """Questions with several answers: of all combinations few occur, and patterns get places as they come."""
        return len(spec.axes) > 6


def _named(request: Request) -> list[str]:
    return [request.variable, *(name for names in request.by for name in names)]


def _spec(axes: tuple[str, ...], numbers: tuple[str, ...]) -> Spec:
    """A number that a condition or a breakdown asks about stands in the patterns as it is: it is no sum beside them."""
    return Spec(axes, tuple(name for name in numbers if name not in axes))


def _ordered(first: Sequence[str], then: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*first, *then]))


def _column(variable: Variable) -> str:
    return variable.columns[0] if variable.columns else variable.name


def unit_count(design: StreamDesign) -> int:
    """How many units the sums are kept by: strata in element designs, else the finest sampled units."""
    last = design.units.stages[-1]
    return len(design.units.strata) if last.parent is None else len(last.parent)


def terms(design: StreamDesign, replicates: ReplicatePass | None) -> Terms:
    """Which sums the design needs."""
    return Terms(units=unit_count(design), squares=design.units.element and replicates is None)


def fill(
    stream: Stream, design: StreamDesign, specs: Sequence[Spec], replicates: ReplicatePass | None
) -> dict[Spec, Patterns]:
    """Every cube filled in one go over the blocks, and one more over the columns of replicate weights."""
    import numpy as np

    if not specs:
        return {}
    cubes = [_cube(stream.columns, spec, terms(design, replicates)) for spec in specs]
    crossed = crossings(cubes)
    jobs: list[Cube | Crossing] = [*crossed, *cubes]
    lookup, weights = design.lookup(), design.design.weights
    names = [name for spec in specs for name in (*spec.axes, *spec.numbers)]
    names += [*lookup.names, *([weights] if weights else [])]
    with crew(cores() if stream.rows > BLOCK else 1) as share:
        for block in stream.blocks(names):
            rows = len(next(iter(block.values())))
            ready = Rows(block, lookup.units(block, rows), np.ones(rows) if weights is None else block[weights])
            share(methodcaller("add", ready), jobs)
    for crossing in crossed:
        crossing.share()
    found = {}
    while cubes:  # one after the other, so that none is in memory twice
        cube = cubes.pop()
        found[cube.spec] = cube.patterns_found()
    return found if replicates is None else replicated(stream, weights, found, replicates)


def _cube(columns: Mapping[str, Column], spec: Spec, terms: Terms) -> Cube:
    return Cube(spec, [len(columns[name].values) + 1 for name in spec.axes], terms, lookups(columns, spec))


class Samples:
    """Patterns as if they were respondents: what questions, groups and conditions are asked of."""

    def __init__(
        self, survey: Survey, columns: Mapping[str, Column], design: StreamDesign, replicates: ReplicatePass | None
    ) -> None:
        self.survey, self.columns, self.design = survey, columns, design
        self.scale, self.mse = 1.0, False
        self.rscales: Floats | None = None
        if replicates is not None:
            self.scale, self.rscales, self.mse = replicates.scales()
        given = survey.design.replicates
        self.df = survey.design.df
        if given is not None and replicates is not None:
            self.df = given.df if given.df is not None else self.df
            self.df = replicates.rank - 1.0 if self.df is None else self.df
        self._groupings: dict[Spec, PatternGrouping] = {}

    def grouping(self, patterns: Patterns) -> PatternGrouping:
        """The grouping of a cube's patterns, made once."""
        spec = patterns.spec
        if spec not in self._groupings:
            columns = Columns(self.survey, pattern_table(patterns, self.columns), sizes=patterns.rows)
            import numpy as np

            sample = Sample(
                weights=patterns.first[0].sum(axis=1), unit=np.zeros(0, dtype=np.intp), units=self.design.units,
                replicates=None if patterns.replicated is None else patterns.replicated[0], scale=self.scale,
                rscales=self.rscales, mse=self.mse, df=self.df, notes=(), sizes=patterns.n,
            )  # fmt: skip
            self._groupings[spec] = PatternGrouping(columns, sample, patterns)
        return self._groupings[spec]

    def tally(self, question: Question, parts: Sequence[Part], cubes: Mapping[Spec, Patterns]) -> Tally:
        """One question's cells, its parts put together in order."""
        tallies = []
        for part in parts:
            request = replace(question.request, by=part.by, total=part.total)
            grouping = self.grouping(cubes[part.spec])
            tallies.append(grouping.job(replace(question, request=request)).tally())
        return replace(
            tallies[0], request=question.request, cells=tuple(cell for each in tallies for cell in each.cells),
            notes=unique([each for tally in tallies for each in tally.notes]),
        )  # fmt: skip


class PatternGrouping(Grouping):
    """A grouping whose rows are patterns that stand for many respondents."""

    def __init__(self, columns: Columns, sample: Sample, patterns: Patterns) -> None:
        super().__init__(columns, sample)
        self.patterns = patterns

    def sums(
        self, question: Question, ready: Answers, domain: Flags, keys: Keys, breakdown: Breakdown,
        found: tuple[Distribution, ...] = (),
    ) -> Sums:  # fmt: skip
        """The sums of one breakdown, from the patterns."""
        return PatternSums(
            self.sample, ready, domain, keys, breakdown, found, patterns=self.patterns, sources=self._sources(question)
        )

    def _sources(self, question: Question) -> tuple[str | None, ...]:
        book = self.columns.survey.codebook
        above = _column(book[question.request.variable])
        if question.measure == "values":
            return (above,)
        if question.measure == "pair" and question.denominator is not None:
            return (_column(book[question.denominator]), above)
        return ()

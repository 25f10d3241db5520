"""The one pass over a stream: every question's cube filled while the blocks go by, its tables made afterwards.

Which cube answers which breakdown is planned before the pass (``plan``). What a cube
cannot hold (quantiles of numbers with very many values, rank tests, texts) is
taken from the stream as whole columns and computed in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import methodcaller
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Breakdown, Tally
from surveytool.aggregate.columns_read import columns_needed
from surveytool.aggregate.crossed_sums import Crossing, crossings
from surveytool.aggregate.cube import Cube, Patterns, Rows, Spec, Terms
from surveytool.aggregate.cube_plan import Part, Planned, Planner, column_of, specs_of
from surveytool.aggregate.design_pass import StreamDesign, fits
from surveytool.aggregate.distribution import Distribution
from surveytool.aggregate.encoded_columns import Columns, arrow_table
from surveytool.aggregate.grouping import Grouping
from surveytool.aggregate.memory_pass import collect_rows
from surveytool.aggregate.number_state import lookups
from surveytool.aggregate.question import Answers, Question
from surveytool.aggregate.replicate_sums import replicated
from surveytool.aggregate.replicates import ReplicatePass
from surveytool.aggregate.sample import Sample, replicate_columns
from surveytool.aggregate.sums import Sums
from surveytool.notes import Note, unique
from surveytool.stream import BLOCK, Column, Pushed, Stream, TableSource
from surveytool.stream.threads import cores, crew
from surveytool.survey import Request, Survey

if TYPE_CHECKING:
    from surveytool.arrays import Flags, Floats, Keys


def collect_stream(survey: Survey, questions: Sequence[Question]) -> tuple[Iterable[Tally], tuple[Note, ...]]:
    """Cells of every question, each made when asked for, of a survey whose frame is a ``Stream`` or ``Pushed``."""
    stream: Stream | Pushed = survey.frame
    combos = stream.sample(survey.design)
    if not fits(survey, stream.columns, combos):
        return collect_rows(survey, questions)
    design = StreamDesign(survey, stream.columns, combos)
    planner = Planner(survey, stream.columns, design, questions)
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
        cubes = _filled(survey.frame, design, list(dict.fromkeys(specs_of(some))), replicates)
        samples = Samples(survey, survey.frame.columns, design, replicates)
        for question, plan in some:
            yield samples.tally(question, plan, cubes) if plan else next(others)


def _filled(
    stream: Stream | Pushed, design: StreamDesign, specs: Sequence[Spec], replicates: ReplicatePass | None
) -> dict[Spec, Patterns]:
    """The cubes, filled where the respondents are."""
    if isinstance(stream, Pushed):
        from surveytool.aggregate.remote_query import fill_pushed

        return fill_pushed(stream, design, specs, terms(design, replicates), replicates)
    return fill(stream, design, specs, replicates)


def in_codes(survey: Survey, requests: Sequence[Request], denominators: Sequence[str]) -> Survey:
    """A survey in memory as a stream of the columns that the requests need."""
    replicates, names = columns_needed(survey, requests, denominators)
    source = TableSource(arrow_table(survey.frame, names))
    return replace(survey, frame=Stream(source, names, survey.design, replicates, late=replicates))


def terms(design: StreamDesign, replicates: ReplicatePass | None) -> Terms:
    """Which sums the design needs."""
    return Terms(units=design.units.count, squares=design.units.element and replicates is None)


def fill(
    stream: Stream, design: StreamDesign, specs: Sequence[Spec], replicates: ReplicatePass | None
) -> dict[Spec, Patterns]:
    """Every cube filled in one go over the blocks, and one more over the columns of replicate weights."""
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
    patterns = {}
    while cubes:  # one after the other, so that none is in memory twice
        cube = cubes.pop()
        patterns[cube.spec] = cube.patterns_found()
    return patterns if replicates is None else replicated(stream, weights, patterns, replicates)


def _cube(columns: Mapping[str, Column], spec: Spec, terms: Terms) -> Cube:
    """An empty cube."""
    return Cube(spec, [len(columns[name].values) + 1 for name in spec.axes], terms, lookups(columns, spec.numbers))


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
        self.ranked = replicates is not None and replicates.ranked
        classes = replicates.classes if replicates is not None else None
        self.factors = None if classes is None else classes.factors
        self._groupings: dict[Spec, PatternGrouping] = {}

    def grouping(self, patterns: Patterns) -> PatternGrouping:
        """The grouping of a cube's patterns, made once."""
        spec = patterns.spec
        if spec not in self._groupings:
            columns = Columns(self.survey, patterns.table(self.columns), sizes=patterns.rows)
            replicated = patterns.classes.replicated
            sample = Sample(
                weights=patterns.weights, unit=np.zeros(0, dtype=np.intp), units=self.design.units,
                replicates=None if replicated is None else replicated[0], scale=self.scale,
                rscales=self.rscales, mse=self.mse, df=self.df, notes=(), sizes=patterns.n,
                ranked=self.ranked, alike=self._alike(patterns),
            )  # fmt: skip
            self._groupings[spec] = PatternGrouping(columns, sample, patterns)
        return self._groupings[spec]

    def _alike(self, patterns: Patterns) -> tuple[Keys, Floats] | None:
        """The factors of every class; which pattern has which is said by the pattern."""
        if self.factors is None or patterns.classes.alike is None:
            return None
        return np.zeros(0, dtype=np.intp), self.factors

    def tally(self, question: Question, parts: Sequence[Part], cubes: Mapping[Spec, Patterns]) -> Tally:
        """One question's cells, its parts put together in order."""
        tallies = []
        for part in parts:
            request = replace(question.request, by=part.by, total=part.total)
            grouping = self.grouping(cubes[part.spec])
            tallies.append(grouping.job(replace(question, request=request)).tally())
        return replace(
            tallies[0], request=question.request, cells=tuple(cell for tally in tallies for cell in tally.cells),
            notes=unique([note for tally in tallies for note in tally.notes]),
        )  # fmt: skip


class PatternGrouping(Grouping):
    """A grouping whose rows are patterns that stand for many respondents."""

    def __init__(self, columns: Columns, sample: Sample, patterns: Patterns) -> None:
        super().__init__(columns, sample)
        self.patterns = patterns

    def sums(
        self, question: Question, ready: Answers, domain: Flags, keys: Keys, breakdown: Breakdown,
        distributions: tuple[Distribution, ...] = (),
    ) -> Sums:  # fmt: skip
        """The sums of one breakdown, from the patterns; ``domain`` and ``keys`` are [patterns]."""
        sums = Sums(self.sample, ready, domain, keys, breakdown, distributions, self._sources(question))
        sums.add(self.patterns.classes)
        return sums

    def _sources(self, question: Question) -> tuple[str | None, ...]:
        """The columns whose summed numbers are the moments of a question."""
        book = self.columns.survey.codebook
        above = column_of(book[question.request.variable])
        if question.of is not None:  # a sum of numbers says nothing of the sum of what they are turned into
            return ()
        if question.measure == "values":
            return (above,)
        if question.measure == "pair" and question.denominator is not None:
            return (column_of(book[question.denominator]), above)
        return ()

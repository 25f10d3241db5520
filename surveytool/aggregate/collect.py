"""The one grouped pass: every question of a run summed into cells while the rows go by once.

Rows are taken in blocks; in each block every question's keys are made and added
to its sums. Nothing per respondent outlives the pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol

from surveytool.aggregate.cells import BaseCount, Breakdown, Cells, Replication, Tally
from surveytool.aggregate.columns import Columns, arrow_table
from surveytool.aggregate.distribution import Distribution, distribution, quantile
from surveytool.aggregate.overlap import Overlap, split
from surveytool.aggregate.pairs import add_at, pairs_of, parts
from surveytool.aggregate.question import Answers, Measure, answers
from surveytool.aggregate.sample import Sample, read_sample, replicate_columns
from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.notes import Note, note, unique
from surveytool.stream import Pushed, Stream
from surveytool.survey import SEVERAL, Design, Request, Survey, Variable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from surveytool.aggregate.crowd import View
    from surveytool.aggregate.domain import Truth

    Keys = NDArray[np.intp]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

BLOCK = 1 << 18
MOST_CELLS = 200_000_000
LARGE = 50_000


@frozen
class Question:
    """A request with its statistic resolved: what to sum for it."""

    request: Request
    id: str
    statistic: str
    measure: Measure
    denominator: str | None = None
    share: float = 0.5


class Onlooker(Protocol):
    """Who looks at each question while its answers are at hand; ``columns`` it needs beside the questions' own."""

    @property
    def columns(self) -> Sequence[str]: ...

    def see(self, run: Grouping, job: Any) -> None:
        """One question under way."""

    def watch(self, survey: Survey) -> Design:
        """The design whose units it looks at, where a stream is to be watched."""

    def number(self, rows: int, first: int, count: int) -> Floats:
        """A number for each of ``count`` rows from ``first`` on, of ``rows`` in all."""

    def seen(self, question: Question, views: Sequence[View]) -> None:
        """One question of a stream, from classes of respondents."""


def _asked_about(text: str) -> list[str]:
    """The variables that a condition names."""
    from surveytool.aggregate.where import names, parse

    return list(names(parse(text)))


def _truth(text: str, columns: Columns) -> Truth:
    """Where a condition holds."""
    from surveytool.aggregate.domain import evaluate
    from surveytool.aggregate.where import parse

    return evaluate(parse(text), columns)


def needed(survey: Survey, requests: Sequence[Request], denominators: Sequence[str] = ()) -> list[str]:
    """Every frame column that the requests and the design need, each once."""
    book = survey.codebook
    names = [*survey.design.columns(), *denominators]
    for request in requests:
        names += [request.variable, *(name for by in request.by for name in by)]
        names += [request.standard.variable] if request.standard is not None else []
        names += _asked_about(request.where) if request.where else []
    columns: list[str] = []
    for name in dict.fromkeys(names):
        columns += _columns_of(book[name])
    return list(dict.fromkeys(columns))


def _columns_of(variable: Variable) -> list[str]:
    own = list(variable.columns) or [variable.name]
    return own + [extra for extra in (variable.tags, variable.parent) if extra]


def collect(
    survey: Survey, questions: Sequence[Question], onlooker: Onlooker | None = None
) -> tuple[Iterable[Tally], tuple[Note, ...]]:
    """Cells of every question, to be taken once, and the notes of the design; ``onlooker`` sees every question too.

    Raises ``UnusableDesign`` for weights, strata, PSU or fpc that cannot be used,
    ``UsageError`` for a question that the data cannot answer.
    """
    if survey.design.calibrated is not None:  # residuals need the respondents
        return collect_rows(survey, questions, onlooker)
    if onlooker is not None and not _shown(survey, questions, onlooker):
        return collect_rows(survey, questions, onlooker)
    if isinstance(survey.frame, (Stream, Pushed)):
        from surveytool.aggregate.streamed import collect_stream

        return collect_stream(survey, questions)
    if survey.provenance.rows >= LARGE:
        from surveytool.aggregate.streamed import collect_stream, in_codes

        denominators = [each.denominator for each in questions if each.denominator]
        return collect_stream(in_codes(survey, [each.request for each in questions], denominators), questions)
    return collect_rows(survey, questions)


def _shown(survey: Survey, questions: Sequence[Question], onlooker: Onlooker) -> bool:
    """Whether the onlooker could see all without the rows: of a stream, where it has codes for everything."""
    if not isinstance(survey.frame, Stream):
        return False
    from surveytool.aggregate.watched import show

    return show(survey, questions, onlooker)


def collect_rows(
    survey: Survey, questions: Sequence[Question], onlooker: Onlooker | None = None
) -> tuple[list[Tally], tuple[Note, ...]]:
    """``collect`` with every column that is needed in memory."""
    denominators = [each.denominator for each in questions if each.denominator]
    denominators += onlooker.columns if onlooker is not None else ()
    run = start(survey, [each.request for each in questions], denominators)
    jobs = [run.job(question) for question in questions]
    for first in range(0, run.columns.rows, BLOCK):
        block = slice(first, first + BLOCK)
        for job in jobs:
            for total in job.sums:
                total.add(block)
    if onlooker is not None:
        for job in jobs:
            onlooker.see(run, job)
    return [job.tally() for job in jobs], run.sample.notes


def start(survey: Survey, requests: Sequence[Request], denominators: Sequence[str] = ()) -> Grouping:
    """Read the columns that the requests need, and the design."""
    replicates, wanted = columns_needed(survey, requests, denominators)
    columns = Columns(survey, arrow_table(survey.frame, wanted))
    return Grouping(columns, read_sample(columns, replicates))


def columns_needed(
    survey: Survey, requests: Sequence[Request], denominators: Sequence[str] = ()
) -> tuple[tuple[str, ...], list[str]]:
    """The replicate weights' columns, and every column that a run reads."""
    replicates = replicate_columns(survey.design, _frame_names(survey))
    return replicates, list(dict.fromkeys([*needed(survey, requests, denominators), *replicates]))


def _frame_names(survey: Survey) -> list[str]:
    if survey.design.replicates is None:
        return []
    return [column for variable in survey.codebook.values() for column in variable.columns or (variable.name,)]


class Grouping:
    """What all questions share: columns, sample, groupings and domains, each made once."""

    def __init__(self, columns: Columns, sample: Sample) -> None:
        self.columns, self.sample = columns, sample
        self._groups: dict[tuple[str, ...], tuple[Keys, Breakdown]] = {}
        self._domains: dict[str | None, tuple[Flags, tuple[Note, ...]]] = {}

    def domain(self, text: str | None) -> tuple[Flags, tuple[Note, ...]]:
        """Rows [rows] with a positive weight that fulfil the condition."""
        import numpy as np

        if text not in self._domains:
            inside = self.sample.weights > 0
            notes: tuple[Note, ...] = ()
            if text is not None:
                truth = _truth(text, self.columns)
                unknown = self.columns.count(truth < 0)
                notes = (note("domain_unknown", n=unknown),) if unknown else ()
                inside = inside & (truth == 1)
                if not inside.any():
                    raise UsageError(
                        "no respondent fulfils the condition.",
                        "--where",
                        "Check the values with: surveytool codebook FILE",
                    )
            self._domains[text] = np.asarray(inside), notes
        return self._domains[text]

    def groups(self, names: tuple[str, ...]) -> tuple[Keys, Breakdown]:
        """Group keys [rows] of a breakdown (crossed where several names), -1 outside of it."""
        import numpy as np

        if names not in self._groups:
            keys, labels = np.zeros(self.columns.rows, dtype=np.intp), []
            for name in names:
                own, texts = self.single(name)
                keys = np.where((keys < 0) | (own < 0), -1, keys * len(texts) + own)
                labels.append(texts)
            titles = tuple(self.columns.survey.codebook[name].title() for name in names)
            crossed = tuple(product(*labels))
            self._groups[names] = keys, Breakdown(names=names, labels=titles, groups=crossed)
        return self._groups[names]

    def single(self, name: str, place: str = "--by") -> tuple[Keys, list[str]]:
        """Group keys [rows] of one variable and its groups' labels; ``place`` is where it was named."""
        variable = self.columns.survey.codebook[name]
        if variable.kind in ("text", "id", "date") and not variable.levels:
            raise UsageError(
                f"{name} is a {variable.kind} and cannot be a breakdown.",
                place,
                "Name a question with few answers.",
            )
        if variable.kind in SEVERAL:
            raise UsageError(
                f"{name} is a question with several answers and cannot be used here.",
                where=place,
                cure=f"Name one of its columns: {', '.join(variable.columns[:6])}",
            )
        ready = answers(self.columns, variable, "levels", "answered", None, self.domain(None)[0])
        return ready.key, [label for label, _ in ready.levels]

    def job(self, question: Question) -> _Job:
        request = question.request
        variable = self.columns.survey.codebook[request.variable]
        domain, notes = self.domain(request.where)
        ready = answers(self.columns, variable, question.measure, request.base, question.denominator, domain)
        sums: list[Sums | Overlap] = []
        inner = (request.standard.variable,) if request.standard is not None else ()
        everybody = self.groups(inner)
        if request.total or not request.by:
            sums.append(self._sums(question, ready, domain, *everybody))
        for names in request.by:
            own, covered = self._broken_down(question, ready, domain, (*names, *inner))
            lost = self.sample.count(domain & (ready.key >= 0) & ~covered)
            labels = " × ".join(own.breakdown.labels)
            notes = (*notes, note("missing_by", variable=labels, n=lost)) if lost else notes
            overlap = own.breakdown.overlapping
            notes = (*notes, note("overlapping_groups", variable=labels)) if overlap else notes
            sums.append(own)
        made = _Job(question, variable, ready, domain, sums, (*notes, *ready.notes), self.sample)
        if variable.kind == "route":
            made.trips = tuple(int(n) for n in self.columns.times(variable, domain & (ready.key >= 0)))
        return made

    def _broken_down(
        self, question: Question, ready: Answers, domain: Flags, names: tuple[str, ...]
    ) -> tuple[Sums | Overlap, Flags]:
        """The sums of a breakdown, and the rows [rows] that are in one of its groups."""
        import numpy as np

        found = split(self.columns, names, self.groups)
        if found is None:
            keys, breakdown = self.groups(names)
            return self._sums(question, ready, domain, keys, breakdown), np.asarray(keys >= 0)
        parts = [self._sums(question, ready, domain, keys, found.inner) for keys in found.keys]
        return Overlap(parts, found), found.covered()

    def _sums(
        self, question: Question, ready: Answers, domain: Flags, keys: Keys, breakdown: Breakdown
    ) -> Sums:  # fmt: skip
        """The sums of one breakdown; for a quantile, of who is at or below it."""
        if question.measure == "rank":
            return self.sums(question, self._ranked(ready, domain, keys), domain, keys, breakdown)
        if question.measure != "quantile":
            return self.sums(question, ready, domain, keys, breakdown)
        found, below = self._below(question, ready, domain, keys, len(breakdown.groups))
        return self.sums(question, below, domain, keys, breakdown, found)

    def sums(
        self, question: Question, ready: Answers, domain: Flags, keys: Keys, breakdown: Breakdown,
        found: tuple[Distribution, ...] = (),
    ) -> Sums:  # fmt: skip
        """The sums of one breakdown of ready answers."""
        return Sums(self.sample, ready, domain, keys, breakdown, found)

    def _ranked(self, ready: Answers, domain: Flags, keys: Keys) -> Answers:
        """Values as estimated population ranks over the population's size, ties at their mean (R svyranktest)."""
        import numpy as np

        inside = np.flatnonzero(domain & (ready.key >= 0) & (keys >= 0))
        values, weights = ready.moments[0][inside], self.sample.weights[inside]
        _, place = np.unique(values, return_inverse=True)
        order = np.argsort(place, kind="stable")
        middle = np.empty(len(inside))
        middle[order] = np.cumsum(weights[order]) - weights[order] / 2
        ranks = (np.bincount(place, middle) / np.bincount(place))[place]
        scores = np.zeros(len(ready.key))
        scores[inside] = ranks / weights.sum()
        return replace(ready, moments=(scores,), shift=0.0)

    def _below(
        self, question: Question, ready: Answers, domain: Flags, keys: Keys, groups: int
    ) -> tuple[tuple[Distribution, ...], Answers]:
        """Each group's distribution; and as levels, who is at or below the group's quantile and who above."""
        import numpy as np

        values = ready.moments[0] + ready.shift
        inside = np.flatnonzero(domain & (ready.key >= 0) & (keys >= 0))
        order = inside[np.argsort(keys[inside], kind="stable")]
        ends = np.cumsum(np.bincount(keys[inside], minlength=groups))
        parts = np.split(order, ends[:-1])[:groups]
        found = tuple(distribution(values[part], self.sample.weights[part]) for part in parts)
        rule = question.request.quantile_rule
        cuts = np.array([quantile(each, question.share, rule) for each in found])
        key = ready.key.copy()
        key[order] = (values[order] > cuts[keys[order]]).astype(np.intp)
        return found, replace(ready, key=key, depth=2, moments=(), shift=0.0)


class _Job:
    """One question under way."""

    def __init__(
        self, question: Question, variable: Variable, ready: Answers, domain: Flags, sums: list[Sums | Overlap],
        notes: tuple[Note, ...], sample: Sample,
    ) -> None:  # fmt: skip
        self.question, self.variable, self.ready = question, variable, ready
        self.domain, self.sums, self.notes, self.sample = domain, sums, notes, sample
        self.trips: tuple[int, ...] = ()

    def tally(self) -> Tally:
        ready, request = self.ready, self.question.request
        return Tally(
            request=request,
            id=self.question.id,
            statistic=self.question.statistic,
            label=self.variable.title(),
            levels=ready.levels,
            multiple=ready.indicators is not None,
            unit=self.variable.unit,
            cells=tuple(total.cells() for total in self.sums),
            base=self._base(),
            notes=unique(self.notes),
            trips=self.trips,
            stages=self.variable.stages,
        )

    def _base(self) -> BaseCount:
        count = self.sample.count

        def counted(reasons: tuple[tuple[str, Flags], ...]) -> tuple[tuple[str, int], ...]:
            found = ((label, count(flags & self.domain)) for label, flags in reasons)
            return tuple((label, number) for label, number in found if number)

        return BaseCount(
            rows=self.sample.units.rows,
            domain=count(self.domain),
            base=count(self.domain & (self.ready.key >= 0)),
            excluded=counted(self.ready.excluded),
            included=counted(self.ready.included),
        )


class Sums:
    """The running sums of one question in one breakdown."""

    def __init__(
        self, sample: Sample, ready: Answers, domain: Flags, keys: Keys, breakdown: Breakdown,
        distributions: tuple[Distribution, ...] = (),
    ) -> None:  # fmt: skip
        import numpy as np

        self.sample, self.ready, self.domain, self.distributions = sample, ready, domain, distributions
        self.keys, self.breakdown = keys, breakdown
        self.group_count = len(breakdown.groups)
        options = 0 if ready.indicators is None else ready.indicators.shape[1]
        self.moments = 1 + len(ready.moments) + options
        units = sample.units
        last = units.stages[-1]
        self.unit_count = len(units.strata) if units.element or last.parent is None else len(last.parent)
        self.shape = (self.group_count, ready.depth)
        cells = self.group_count * ready.depth
        if self.unit_count * cells * self.moments > MOST_CELLS:
            raise UsageError(
                f"{' × '.join(breakdown.labels)} makes {self.group_count} groups, too many for this design.",
                "--by", "Cross fewer variables.",
            )  # fmt: skip
        one, many = self.unit_count * cells, self.moments
        self.first = np.zeros((many, one))
        self.second = np.zeros((many, many, one)) if units.element and sample.replicates is None else None
        self.cross = np.zeros((many, many, cells))
        self.squared = np.zeros(self.group_count)
        self.present = np.zeros(self.unit_count * self.group_count, dtype=np.int64)
        self.count = np.zeros((many, cells), dtype=np.int64)
        columns = 0 if sample.ties is None else sample.ties.matrix.shape[1]
        self.explained = np.zeros((columns, many, cells))
        reps = 0 if sample.replicates is None else sample.replicates.shape[1]
        self.replicated = np.zeros((reps, many, cells))

    def add(self, block: slice) -> None:
        """Add a block of rows to every sum."""
        import numpy as np

        key, group = self.ready.key[block], self.keys[block]
        rows = np.flatnonzero(self.domain[block] & (key >= 0) & (group >= 0))
        cell = group[rows] * self.ready.depth + key[rows]
        unit = self.sample.unit[block][rows]
        weights = self.sample.weights[block][rows]
        place = unit * (self.group_count * self.ready.depth) + cell
        values = list(self._moments(block, rows))
        self.squared += np.bincount(group[rows], weights**2, minlength=self.group_count)
        self.present += np.bincount(unit * self.group_count + group[rows], minlength=len(self.present))
        for m, left in enumerate(values):
            weighted = weights if left is None else weights * left
            self.first[m] += np.bincount(place, weighted, minlength=self.first.shape[1])
            self.count[m] += _how_many(left, cell, self.count.shape[1])
            for n, right in enumerate(values[: m + 1] if self.ready.indicators is None else ()):
                self._square(m, n, weights, weighted if right is None else weighted * right, cell, place)
        if self.sample.ties is not None:
            self._explain(block, rows, cell, values)
        if self.ready.indicators is not None:
            self._products(self.ready.indicators[block][rows], weights, cell, place)
        if self.sample.replicates is not None:
            self._replicate(self.sample.replicates[block], rows, cell, values)

    def _products(self, chosen: Flags, weights: Floats, cell: Keys, place: Keys) -> None:
        """Products of every two options, from the pairs that respondents chose: there may be hundreds of options."""
        import numpy as np

        chosen = np.column_stack([np.ones(len(chosen), dtype=bool), chosen])  # the constant comes first
        for first, last in parts(chosen):
            rows, one, other = pairs_of(chosen[first:last])
            rows = rows + first
            at = one * self.moments + other
            add_at(self.cross, at * self.cross.shape[2] + cell[rows], weights[rows])
            if self.second is not None:
                add_at(self.second, at * self.second.shape[2] + place[rows], weights[rows] ** 2)

    def _moments(self, block: slice, rows: Keys) -> Iterator[Floats | None]:
        yield None
        for moment in self.ready.moments:
            yield moment[block][rows]
        if self.ready.indicators is not None:
            for option in self.ready.indicators[block][rows].T:
                yield option.astype(float)

    def _square(self, m: int, n: int, weights: Floats, product: Floats, cell: Keys, place: Keys) -> None:
        import numpy as np

        cross = np.bincount(cell, product, minlength=self.cross.shape[2])
        self.cross[m, n] += cross
        if m != n:
            self.cross[n, m] += cross
        if self.second is None:
            return
        second = np.bincount(place, weights * product, minlength=self.second.shape[2])
        self.second[m, n] += second
        if m != n:
            self.second[n, m] += second

    def _explain(self, block: slice, rows: Keys, cell: Keys, values: list[Floats | None]) -> None:
        """Products of the moments with the margins' columns, under the weights of the margins' regression."""
        import numpy as np

        ties = self.sample.ties
        assert ties is not None
        weights, matrix = ties.weights[block][rows], ties.matrix[block][rows]
        for m, value in enumerate(values):
            weighted = weights if value is None else weights * value
            for p, column in enumerate(matrix.T):
                self.explained[p, m] += np.bincount(cell, weighted * column, minlength=self.explained.shape[2])

    def _unexplained(self, first: Floats) -> Floats | None:
        """The unit totals without what the margins explain; None without margins."""
        import numpy as np

        ties, tied = self.sample.ties, self.sample.tied
        if ties is None or tied is None:
            return None
        columns = len(self.explained)
        found = ties.coefficients(self.explained.reshape(columns, -1))
        shaped = found.reshape(columns, self.moments, self.group_count, self.ready.depth)
        left: Floats = first - np.einsum("up,pmgk->ugkm", tied, shaped)
        return left

    def _replicate(self, matrix: Floats, rows: Keys, cell: Keys, values: list[Floats | None]) -> None:
        """Sums under each replicate weight, a few columns at a time: all may be too wide for memory."""
        import numpy as np

        if not len(rows):
            return
        order = np.argsort(cell, kind="stable")
        rows, cell = rows[order], cell[order]
        starts = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])
        few = max(BLOCK // len(rows), 1)
        for first in range(0, matrix.shape[1], few):
            some = matrix[:, first : first + few][rows]
            for m, value in enumerate(values):
                weighted = some if value is None else some * value[order][:, None]
                self.replicated[first : first + few, m, cell[starts]] += np.add.reduceat(weighted, starts, axis=0).T

    def cells(self) -> Cells:
        """The sums as Cells, axes in their order."""
        import numpy as np

        groups, depth, many = self.group_count, self.ready.depth, self.moments
        first = np.moveaxis(self.first.reshape(many, self.unit_count, groups, depth), 0, -1)
        second = None
        if self.second is not None:
            shaped = self.second.reshape(many, many, self.unit_count, groups, depth)
            second = np.moveaxis(shaped, (0, 1), (-2, -1))
        cross = np.moveaxis(self.cross.reshape(many, many, groups, depth), (0, 1), (-2, -1))
        count = self.count.reshape(many, groups, depth)
        levels = count[1:, :, 0].T if self.ready.indicators is not None else count[0]
        totals = first.sum(axis=0)
        return Cells(
            breakdown=self.breakdown,
            units=self.sample.units,
            first=first,
            second=second,
            cross=cross,
            weights_squared=self.squared,
            present=self.present.reshape(self.unit_count, groups),
            count=levels if self.ready.levels or self.distributions else None,
            n=count[0].sum(axis=1),
            n_weighted=totals[..., 0].sum(axis=1),
            shift=self.ready.shift,
            replication=self._replication(),
            unexplained=self._unexplained(first),
            distributions=self.distributions,
        )

    def _replication(self) -> Replication | None:
        import numpy as np

        sample = self.sample
        if sample.replicates is None or sample.rscales is None:
            return None
        shaped = self.replicated.reshape(len(self.replicated), self.moments, self.group_count, self.ready.depth)
        return Replication(
            totals=np.moveaxis(shaped, 1, -1), scale=sample.scale, rscales=sample.rscales, mse=sample.mse,
            df=float(sample.df if sample.df is not None else np.nan),
        )  # fmt: skip


def _how_many(value: Floats | None, cell: Keys, cells: int) -> NDArray[np.int64]:
    """Unweighted respondents a cell: all of them, or those with an option."""
    import numpy as np

    return np.bincount(cell if value is None else cell[value == 1.0], minlength=cells)

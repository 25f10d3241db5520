"""Which cube answers which breakdown of a question, chosen by counting places before the pass.

Questions about the same columns share a cube. Breakdowns that stand side by side
are crossed in one cube where that has fewer places than memory is good for, else
each has a cube of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from surveytool.aggregate import where_language as conditions
from surveytool.aggregate.columns_read import columns_of
from surveytool.aggregate.cube import Spec
from surveytool.aggregate.design_pass import StreamDesign
from surveytool.aggregate.question import Question
from surveytool.frozen import frozen
from surveytool.stream import Column
from surveytool.survey import Request, Survey, Variable

JOINT = 1 << 22
MOST = 48_000_000
AT_ONCE = 1 << 24  # places of all cubes that are filled in one look at blocks in memory
WIDEST = 1 << 62  # the places that a 64-bit number can tell apart
EXACT_RULES = ("math", "hf1")
BY_VALUE = ("quantile", "squares")  # measures that count who has which value
FEW_VALUES = 1000  # of a number, in whose cube a mean is as quick as from sums


@frozen
class Part:
    """Some breakdowns of a question that one cube answers."""

    spec: Spec
    by: tuple[tuple[str, ...], ...]
    total: bool


Planned = tuple[Question, list[Part]]


class Planner:
    """Which cube answers which breakdown of a question."""

    def __init__(
        self, survey: Survey, columns: Mapping[str, Column], design: StreamDesign, questions: Sequence[Question] = ()
    ) -> None:
        self.survey, self.columns = survey, columns
        self.units = design.units.count
        self.valued = {_about(question) for question in questions if question.measure in BY_VALUE}

    def parts(self, question: Question) -> list[Part]:
        """The parts of a question; none where a cube cannot answer it."""
        shared = self._parts(question, *self._by_value(question)) if self._shares(question) else []
        return shared or self._parts(question, *self._own(question))

    def _parts(self, question: Question, axes: tuple[str, ...], numbers: tuple[str, ...]) -> list[Part]:
        """The parts of a question from columns with codes and columns whose numbers are summed."""
        request = question.request
        if question.measure == "rank" or any(self.survey.codebook[name].kind == "route" for name in _named(request)):
            return []
        if question.measure == "quantile" and request.quantile_rule not in EXACT_RULES:
            return []
        named = list(conditions.names(conditions.parse(request.where))) if request.where else []
        named += [request.standard.variable] if request.standard is not None else []
        fixed = tuple(dict.fromkeys([*self._columns(named), *axes]))
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
            Part(spec=spec, by=(names,), total=total and index == 0)
            for index, (spec, names) in enumerate(zip(specs, request.by, strict=True))
        ]

    def rounds(self, planned: Sequence[Planned]) -> list[list[Planned]]:
        """Questions in their order, as many together as have cubes of ``AT_ONCE`` places."""
        groups: list[list[Planned]] = [[]]
        for plan in planned:
            specs = dict.fromkeys(specs_of([*groups[-1], plan]))
            if groups[-1] and sum(self._places(spec) for spec in specs) > AT_ONCE:
                groups.append([])
            groups[-1].append(plan)
        return groups

    def _own(self, question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns of the question itself: those with codes, and those whose numbers are summed."""
        book = self.survey.codebook
        variables = [book[question.request.variable]]
        if question.denominator is not None:
            variables.append(book[question.denominator])
        if question.measure not in ("values", "pair") or question.of is not None:
            return self._by_value(question)
        numbers = [variable for variable in variables if self._summable(variable)]
        coded = [variable.name for variable in variables if variable not in numbers]
        return tuple(self._columns(coded)), tuple(dict.fromkeys(column_of(number) for number in numbers))

    def _by_value(self, question: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns of a question whose values are counted, none of them summed."""
        return tuple(self._columns([question.request.variable])), ()

    def _shares(self, question: Question) -> bool:
        """Whether a mean has the cube of a quantile or a spread beside it: its values are counted there already."""
        if question.measure != "values" or question.of is not None or _about(question) not in self.valued:
            return False
        columns = self._columns([question.request.variable])
        return all(self._coded(name) and len(self.columns[name].values) <= FEW_VALUES for name in columns)

    def _summable(self, variable: Variable) -> bool:
        """Whether a variable's numbers may be summed as they stand: no missing kinds among them."""
        if len(variable.columns) > 1 or variable.tags or variable.no_numbers() or variable.amounts():
            return False
        import pyarrow.types as types

        kind = self.columns[column_of(variable)].type
        return bool(types.is_integer(kind) or types.is_floating(kind))

    def _columns(self, names: Sequence[str]) -> list[str]:
        """The columns that say all about some variables."""
        columns: list[str] = []
        for name in names:
            columns += columns_of(self.survey.codebook[name])
        return list(dict.fromkeys(columns))

    def _coded(self, name: str) -> bool:
        """Whether a column has codes."""
        return name in self.columns and self.columns[name].coded

    def _places(self, spec: Spec) -> int:
        """How many sums a cube may have."""
        places: int = self.units * 4 ** len(spec.numbers)
        for name in spec.axes:
            places *= len(self.columns[name].values) + 1
        if places >= WIDEST:
            return places
        return min(places, self.units * 2048) if self._sparse(spec) else places

    def _sparse(self, spec: Spec) -> bool:
        """Questions with several answers: of all combinations few occur, and patterns get places as they come."""
        return len(spec.axes) > 6


def _about(question: Question) -> tuple[object, ...]:
    """What two questions share whose sums stand in one cube."""
    request = question.request
    return request.variable, request.by, request.where


def _named(request: Request) -> list[str]:
    """The variable of a request and those of its breakdowns."""
    return [request.variable, *(name for names in request.by for name in names)]


def _spec(axes: tuple[str, ...], numbers: tuple[str, ...]) -> Spec:
    """A number that a condition or a breakdown asks about stands in the patterns as it is: it is no sum beside them."""
    return Spec(axes, tuple(name for name in numbers if name not in axes))


def _ordered(first: Sequence[str], then: Sequence[str]) -> tuple[str, ...]:
    """Names of both, each once, in their order."""
    return tuple(dict.fromkeys([*first, *then]))


def column_of(variable: Variable) -> str:
    """The first column of a variable: the only one of a number."""
    return variable.columns[0] if variable.columns else variable.name


def specs_of(planned: Sequence[Planned]) -> list[Spec]:
    """The cubes of some questions, one for each part."""
    return [part.spec for _, plan in planned for part in plan]

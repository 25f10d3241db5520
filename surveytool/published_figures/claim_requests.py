"""The questions behind the claims: few requests for many claims, answered in one pass.

Claims about one variable share a request; each breakdown is one ``by`` of it. A
request that cannot be answered is found by halving the batch, so that one bad
claim does not take the others with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from surveytool.aggregate import where_language as conditions
from surveytool.errors import SurveytoolError, UnknownVariable, UnreadableData, UnusableDesign
from surveytool.estimate.result import Estimates, Results
from surveytool.published_figures.claims import Claim
from surveytool.survey import Request

Ask = Callable[[Sequence[Request]], Results]
Answer = Estimates | SurveytoolError


def request_of(claim: Claim) -> Request:
    """The one request that a claim needs; ``variable`` must be set."""
    assert claim.variable is not None
    by = tuple(tuple(names) for names in breakdowns(claim))
    share = claim.stat is None and claim.level is not None and claim.unit == "percent"  # also of a scale's labelled end
    statistic = "proportion" if claim.stat == "n" or share else claim.stat
    return Request(variable=claim.variable, by=by, statistic=statistic, where=claim.where, base=claim.base)


def breakdowns(claim: Claim) -> list[tuple[str, ...]]:
    """The claim's own groups, and those that its comparison is with."""
    breakdowns_asked = [tuple(claim.by)] if claim.by else []
    told = claim.comparison
    if told is None:
        return breakdowns_asked
    for other in (told.more_than, told.less_than):
        names = tuple(name for name in (other or {}) if name != claim.variable)
        breakdowns_asked += [names] if names else []
    for name in (told.highest_of, told.lowest_of):
        if name is not None and name != claim.variable and name not in claim.by:
            breakdowns_asked.append((*claim.by, name))
    return list(dict.fromkeys(breakdowns_asked))


class Answers:
    """Estimates by request, asked for in batches; ``ask`` goes over the respondents once a batch."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.batches: list[Results] = []
        self._found: dict[tuple[object, ...], Answer] = {}
        self._known: dict[tuple[object, ...], set[tuple[str, ...]]] = {}

    def fetch(self, requests: Iterable[Request]) -> None:
        """Ask for everything that is not known yet, in one batch."""
        by_of_key: dict[tuple[object, ...], dict[tuple[str, ...], None]] = {}
        patterns: dict[tuple[object, ...], Request] = {}
        for request in requests:
            key = _key(request)
            new = [names for names in request.by if names not in self._known.get(key, ())]
            if key in self._found and not new:
                continue
            patterns.setdefault(key, request)
            by_of_key.setdefault(key, {}).update(dict.fromkeys(new))
        if patterns:
            self._ask([replace(patterns[key], by=tuple(by), id=None) for key, by in by_of_key.items()])

    def _ask(self, requests: list[Request]) -> None:
        try:
            results = self.ask(requests)
        except (UnreadableData, UnusableDesign):
            raise  # nothing can be asked of such data
        except SurveytoolError as error:
            if isinstance(error, UnknownVariable) and error.name not in _names(requests):
                raise  # a column of the design
            if len(requests) > 1:
                middle = len(requests) // 2
                self._ask(requests[:middle])
                self._ask(requests[middle:])
            else:
                self._single(requests[0], error)
            return
        self.batches.append(results)
        for request, estimates in zip(requests, results.estimates, strict=True):
            self._keep(request, estimates)

    def _single(self, request: Request, error: SurveytoolError) -> None:
        """A request that fails alone: perhaps only one of its breakdowns does."""
        if len(request.by) > 1:
            self._ask([replace(request, by=(names,)) for names in request.by])
        else:
            self._keep(request, error)

    def _keep(self, request: Request, answer: Answer) -> None:
        for names in request.by or ((),):
            self._found[(*_key(request), names)] = answer
        if not isinstance(self._found.get(_key(request)), Estimates):
            self._found[_key(request)] = answer  # the total stands in every answer
        self._known.setdefault(_key(request), set()).update(request.by)

    def of(self, request: Request, names: tuple[str, ...] = ()) -> Answer:
        """The estimates that hold a breakdown (() for the total), or why there are none."""
        key = _key(request)
        return self._found.get((*key, names)) or self._found[key]


def _key(request: Request) -> tuple[object, ...]:
    return (request.variable, request.statistic, request.where, request.base)


def _names(requests: Sequence[Request]) -> set[str]:
    """Every variable that the requests ask about."""
    columns: set[str] = set()
    for request in requests:
        columns |= {request.variable, *(name for names in request.by for name in names)}
        columns |= {(request.statistic or "").partition(":")[2]}
        with suppress(SurveytoolError):
            columns |= set() if request.where is None else set(conditions.names(conditions.parse(request.where)))
    return columns

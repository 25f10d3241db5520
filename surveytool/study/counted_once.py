"""One count for all languages: what was asked in one is told in another, and nobody is counted twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from surveytool.estimate.group_tests import Comparison
from surveytool.estimate.result import Results
from surveytool.published_figures import Ask, asker
from surveytool.published_figures.crossed import crossed_variables
from surveytool.study.spoken_results import Ambiguous, spoken_results
from surveytool.survey import Codebook, Request, Survey
from surveytool.tabulation import compare, relevant_notes, tabulate


class CountedOnce:
    """The corridor for surveys that differ in the language of their labels only."""

    def __init__(self) -> None:
        self._counted: dict[tuple[object, ...], tuple[Survey, Results]] = {}

    def tabulate(self, survey: Survey, requests: Sequence[Request]) -> Results:
        """``tabulate``, counted at the first time."""
        return self._told("tables", survey, requests, lambda: tabulate(survey, requests))

    def compare(self, survey: Survey, requests: Sequence[Request], comparison: Comparison) -> Results:
        """``compare``, counted at the first time."""
        return self._told(comparison, survey, requests, lambda: compare(survey, requests, comparison))

    def asker(self, survey: Survey) -> Ask:
        """``asker``, each of its questions counted at the first time."""
        ask = asker(survey)
        return lambda requests: self._told("claims", survey, requests, lambda: ask(requests))

    def _told(self, what: object, survey: Survey, requests: Sequence[Request], count: Callable[[], Results]) -> Results:
        key = (what, survey.design, tuple(requests))
        if key in self._counted:
            first, results = self._counted[key]
            notes = dict(zip(relevant_notes(first, requests), relevant_notes(survey, requests), strict=True))
            before, after = (_with_crossed(own.codebook, requests) for own in (first, survey))
            try:
                return spoken_results(results, before, after, notes)
            except Ambiguous:
                return count()
        results = count()
        self._counted[key] = survey, results
        return results


def _with_crossed(book: Codebook, requests: Sequence[Request]) -> Codebook:
    """The codebook with the crossed questions that claims ask."""
    return Codebook({**book, **crossed_variables(book, [request.variable for request in requests])})

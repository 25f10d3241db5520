"""Cells that several questions ask for, made once: a mean is in the sums of a spread, ends are in any distribution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from surveytool.aggregate.cells import Cells, Tally
from surveytool.aggregate.question import Question

if TYPE_CHECKING:
    from surveytool.arrays import Floats

WHOLE = ("min", "max", "iqr")  # statistics of a whole distribution
MEAN_IN_SQUARES = [0, 2]  # the moments 1 and y among 1, y^2 and y


def places_of(questions: Sequence[Question]) -> tuple[list[int], list[Question]]:
    """For each question the place of the one whose cells it has, and these questions."""
    bare = [_bare(question) for question in questions]
    squares = {replace(question, measure="values") for question in bare if question.measure == "squares"}
    places: dict[Question, int] = {}
    order = []
    for question, bare_question in zip(questions, bare, strict=True):
        shared = replace(bare_question, measure="squares") if bare_question in squares else bare_question
        if question.measure == "quantile" and question.statistic in WHOLE:
            shared = _any_quantile(bare_question, questions, bare)
        order.append(places.setdefault(shared, len(places)))
    return order, list(places)


def _bare(question: Question) -> Question:
    """A question as far as its sums go."""
    request = replace(
        question.request, statistic=None, interval=None, level=0.95, id=None, sort=None, sort_by=None, joint=False
    )
    return replace(question, id="", statistic="", request=request)


def _any_quantile(question_asked: Question, questions: Sequence[Question], bare: Sequence[Question]) -> Question:
    """The question of a quantile of the same numbers, whose distribution has the ends too; else the question itself."""
    for question, other in zip(questions, bare, strict=True):
        same = question.measure == "quantile" and question.statistic not in WHOLE
        if same and replace(other, share=question_asked.share) == question_asked:
            return other
    return question_asked


def handed_out(tallies: Iterable[Tally], questions: Sequence[Question], order: Sequence[int]) -> Iterator[Tally]:
    """The tally of each question in turn; one is kept as long as it is asked for again."""
    waiting, tallies_made = iter(tallies), dict[int, Tally]()
    last = {position: number for number, position in enumerate(order)}
    for number, (question, position) in enumerate(zip(questions, order, strict=True)):
        while position not in tallies_made:
            tallies_made[len(tallies_made)] = next(waiting)
        tally = tallies_made[position]
        cells = tally.cells
        if question.measure == "values" and cells and cells[0].first.shape[-1] == 1 + max(MEAN_IN_SQUARES):
            cells = tuple(_mean_of(cell) for cell in cells)
        yield replace(tally, id=question.id, request=question.request, statistic=question.statistic, cells=cells)
        if last[position] == number:
            tallies_made[position] = replace(tally, cells=())


def _mean_of(cells: Cells) -> Cells:
    """The cells of a spread without the squares."""
    replication = cells.replication
    if replication is not None:
        replication = replace(replication, totals=_kept(replication.totals))
    second, unexplained = cells.second, cells.unexplained
    return replace(
        cells,
        first=_kept(cells.first),
        second=None if second is None else _kept(_kept(second, -2)),
        cross=_kept(_kept(cells.cross, -2)),
        unexplained=None if unexplained is None else _kept(unexplained),
        replication=replication,
    )


def _kept(sums: Floats, axis: int = -1) -> Floats:
    """Sums with the moments of a mean only, laid out in memory as those that are made for it: the same last digits."""
    order = np.argsort([-stride for stride in sums.strides], kind="stable")
    taken = np.take(sums, MEAN_IN_SQUARES, axis=axis)
    laid = np.ascontiguousarray(taken.transpose(order))
    return laid.transpose(np.argsort(order))

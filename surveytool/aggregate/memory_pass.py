"""Every question summed from columns in memory, block by block of rows. Nothing per respondent outlives the pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from surveytool.aggregate.cells import Tally
from surveytool.aggregate.grouping import start
from surveytool.aggregate.question import Question
from surveytool.notes import Note
from surveytool.stream import BLOCK
from surveytool.survey import Survey

if TYPE_CHECKING:
    from surveytool.aggregate.observer import Observer


def collect_rows(
    survey: Survey, questions: Sequence[Question], observer: Observer | None = None
) -> tuple[list[Tally], tuple[Note, ...]]:
    """``collect`` with every column that is needed in memory."""
    denominators = [question.denominator for question in questions if question.denominator]
    denominators += observer.columns if observer is not None else ()
    run = start(survey, [question.request for question in questions], denominators)
    jobs = [run.job(question) for question in questions]
    for first in range(0, run.columns.rows, BLOCK):
        block = slice(first, first + BLOCK)
        shared = run.sample.classes(block)
        for job in jobs:
            classes = shared if job.sample is run.sample else job.sample.classes(block)
            for sums in job.sums:
                sums.add(classes)
    if observer is not None:
        for job in jobs:
            observer.see(run, job.asked)
    return [job.tally() for job in jobs], run.sample.notes

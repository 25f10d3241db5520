"""The one grouped pass: every question of a run summed into cells while the rows go by once.

This is the corridor, and it only chooses the way: rows in memory, a stream's
cubes, or both where somebody must see the questions before they are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from surveytool.aggregate.cells import Tally
from surveytool.aggregate.memory_pass import collect_rows
from surveytool.aggregate.question import Question
from surveytool.notes import Note
from surveytool.stream import Pushed, Stream
from surveytool.survey import Survey

if TYPE_CHECKING:
    from surveytool.aggregate.observer import Observer

LARGE = 50_000
NUMBERS = ("values", "squares", "pair", "quantile")


def collect(
    survey: Survey, questions: Sequence[Question], observer: Observer | None = None
) -> tuple[Iterable[Tally], tuple[Note, ...]]:
    """Cells of every question, to be taken once, and the notes of the design; ``observer`` sees every question too.

    Raises ``UnusableDesign`` for weights, strata, PSU or fpc that cannot be used,
    ``UsageError`` for a question that the data cannot answer.
    """
    if survey.design.needs_respondents:
        return collect_rows(survey, questions, observer)
    if observer is not None and not _shown(survey, questions, observer):
        return collect_rows(survey, questions, observer)
    if isinstance(survey.frame, (Stream, Pushed)):
        from surveytool.aggregate.stream_pass import collect_stream

        return collect_stream(survey, questions)
    if survey.provenance.rows >= LARGE:
        from surveytool.aggregate.stream_pass import collect_stream, in_codes

        denominators = [question.denominator for question in questions if question.denominator]
        return collect_stream(in_codes(survey, [question.request for question in questions], denominators), questions)
    return collect_rows(survey, questions)


def collect_once(
    survey: Survey, questions: Sequence[Question], observer: Observer | None = None
) -> tuple[Iterable[Tally], tuple[Note, ...]]:
    """As ``collect``, but cells that several questions ask for (statistics of one table) are made once."""
    from surveytool.aggregate.shared_cells import handed_out, places_of

    order, summed = places_of(questions)
    tallies, notes = collect(survey, summed, observer)
    return handed_out(tallies, questions, order), notes


def _shown(survey: Survey, questions: Sequence[Question], observer: Observer) -> bool:
    """Whether the observer could see all without the rows: of a stream, where it has codes for everything."""
    if not isinstance(survey.frame, Stream) or any(question.measure in NUMBERS for question in questions):
        return False  # a stream's classes do not tell who gave a number
    from surveytool.aggregate.observed_stream import show

    return show(survey, questions, observer)

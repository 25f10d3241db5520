"""What the form and the data say differently: absent questions, codes outside of lists, answers where nobody was asked,
broken constraints, versions of the form without a question, and what is odd in the form itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from surveytool.checks.finding import Finding, finding
from surveytool.checks.raw_survey import RawSurvey
from surveytool.checks.skips import answered
from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.arrays import Flags
    from surveytool.collection_form.form_survey import Filters
    from surveytool.collection_form.prepared import FormReading

LONGEST = 120


def form_answers(raw: RawSurvey) -> Iterator[Finding]:
    """Every finding about a survey and its form; nothing for one without a form."""
    reading = raw.survey.form
    if reading is None:
        return
    from surveytool.collection_form.form_survey import Filters
    from surveytool.recoding.apply import table_of

    filters = Filters(table_of(raw.survey), reading)
    yield from _absent(reading)
    for key, outside in reading.outside.items():
        codes = reading.questions[key].use != "number"
        yield finding("warning", "form_outside" if codes else "form_no_number", key, cure="form_outside",
                      n=sum(outside.values()), different=len(outside))  # fmt: skip
    for key in reading.questions:
        if key in raw.book:
            yield from _question(raw, reading, filters, key)
    yield from _versions(reading)
    yield from _doubts(reading)


def _absent(reading: FormReading) -> Iterator[Finding]:
    """Questions that the export does not have; a notice that holds no answer is none."""
    asked = [
        key for key, question in reading.form.keys().items()
        if question.repeat == reading.sheet and question.is_asked
    ]  # fmt: skip
    met = {meeting.key for meeting in reading.match.meetings.values()} if reading.match is not None else set()
    absent = [key for key in asked if key not in met]
    if absent:
        yield finding("note", "form_absent", *absent, cure="form_absent", n=len(absent), of=len(asked))
    doubled = reading.match.doubled if reading.match is not None else ()
    if doubled:
        yield finding("warning", "form_doubled", *doubled, cure="form_doubled", n=len(doubled))


def _question(raw: RawSurvey, reading: FormReading, filters: Filters, key: str) -> Iterator[Finding]:
    """One question: who answered and was not asked, who was asked and must answer, constraints."""
    question, said = reading.questions[key], answered(raw, raw.book[key])
    if said is None:
        return
    truth = filters.asked(question)
    condition = _short(" and ".join(question.conditions))
    stray = int((said & (truth == 0)).sum())
    if stray:
        yield finding("warning", "not_asked", key, cure="not_asked", n=stray, condition=condition)
    if question.conditions and (truth < 0).all():
        yield finding("note", "form_unknown", key, cure="form_unknown", condition=condition)
    blank = int((~said & (truth == 1)).sum())
    if blank and question.required and key not in reading.lacking:
        yield finding("note", "form_required", key, n=blank, of=int((truth == 1).sum()))
    if question.constraint:
        yield from _constraint(key, question.constraint, filters, said)


def _constraint(key: str, text: str, filters: Filters, said: Flags) -> Iterator[Finding]:
    try:
        truth: Any = filters.truth(text, key)
    except UsageError as error:
        yield finding("note", "said", key, text=str(error))
        return
    broken = int((said & (np.asarray(truth) == 0)).sum())
    if broken:
        yield finding("warning", "form_constraint", key, cure="form_constraint", n=broken, condition=_short(text))


def _versions(reading: FormReading) -> Iterator[Finding]:
    """Versions without a question, told once for each set of versions."""
    told: dict[tuple[str, ...], list[str]] = {}
    for key, interviews in reading.lacking.items():
        told.setdefault(tuple(interviews), []).append(key)
    for versions, keys in told.items():
        n = max(sum(reading.lacking[key].values()) for key in keys)
        yield finding("note", "form_version", *keys, cure="form_version", versions=versions, n=n)


def _doubts(reading: FormReading) -> Iterator[Finding]:
    """What is odd in the form and was read all the same."""
    name = Path(reading.form.path).name
    for doubt in reading.form.doubts:
        spot = f"{name}, sheet {doubt.sheet}, row {doubt.row}"
        yield finding("note", f"form_{doubt.key}", spot, cure="form_doubt", name=doubt.name)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

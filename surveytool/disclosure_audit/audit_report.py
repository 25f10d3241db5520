"""The audit of a run: asked for with its results, said in its notes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from surveytool.disclosure_audit.outcome import Outcome
from surveytool.estimate.result import Attack, Results
from surveytool.notes import Note, note
from surveytool.survey import Survey
from surveytool.text import Words

SECONDS = 60.0


def audited(survey: Survey, results: Results, words: Words, *, seconds: float = SECONDS) -> Results:
    """The results with what an attack on their printed form found, where the survey's gate asks for an audit.

    ``survey`` is the one that the results are of. Takes ``seconds`` at most, apart from one more pass over the data.
    """
    gate = survey.gate
    if gate is None or not gate.active or not gate.protection.audit or results.protection is None:
        return results
    outcome = _attack(survey, results, words, seconds)
    narrowest = None if outcome.narrowest == math.inf else int(outcome.narrowest)
    told = Attack(
        attacked=outcome.attacked, pinned=outcome.pinned, narrowest=narrowest, reads=outcome.reads,
        complete=not outcome.stopped and not outcome.open,
    )  # fmt: skip
    protection = replace(results.protection, audit=told)
    return replace(results, protection=protection, notes=(*results.notes, *_notes(outcome, words, seconds)))


def audit_notes(survey: Survey, results: Sequence[Results], words: Words, *, seconds: float = SECONDS) -> list[Note]:
    """What the attack says of a run that makes documents, charts or verdicts: its tables all together.

    Empty where the survey's gate asks for no audit.
    """
    gate, notes = survey.gate, list[Note]()
    if gate is None or not gate.active or not gate.protection.audit:
        return notes
    if not any(result.estimates for result in results):
        return [note("audit_nothing")]
    for design in dict.fromkeys(result.design for result in results if result.estimates):
        designed = replace(survey, design=design)
        together = _together(designed, [result for result in results if result.design == design])
        if together.estimates:
            notes += _notes(_attack(designed, together, words, seconds), words, seconds)
    return notes


def _together(survey: Survey, results: Sequence[Results]) -> Results:
    """Several results as one run, each table under a name of its own; those of variables made on the way are left."""
    estimates = [
        replace(estimate, id=f"{index}:{estimate.id}", rows=tuple(
            replace(row, table=f"{index}:{estimate.id}") for row in estimate.rows
        ))
        for index, result in enumerate(results) for estimate in result.estimates
        if estimate.request.variable in survey.codebook
    ]  # fmt: skip
    return replace(results[0], estimates=tuple(estimates), tests=(), models=())


def _notes(outcome: Outcome, words: Words, seconds: float) -> Iterator[Note]:
    read = tuple(words.word(f"audit_read_{kind}") for kind in outcome.reads)
    if not outcome.attacked:
        yield note("audit_nothing")
    elif outcome.narrowest == math.inf:
        yield note("audited_open", n=outcome.attacked, pinned=outcome.pinned, read=read)
    else:
        narrowest = int(outcome.narrowest)
        yield note("audited", n=outcome.attacked, narrowest=narrowest, pinned=outcome.pinned, read=read)
    if outcome.attacked:
        yield note("audit_form")
    if outcome.stopped or outcome.open:
        yield note("audit_stopped", n=outcome.open, seconds=int(seconds))


def _attack(survey: Survey, results: Results, words: Words, seconds: float) -> Outcome:
    """The attack itself, whose libraries load only where an audit is asked for."""
    from surveytool.disclosure_audit.auditor import attack

    return attack(survey, results, words, seconds=seconds)

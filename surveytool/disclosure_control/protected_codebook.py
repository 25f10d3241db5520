"""A codebook as it may be seen: its counts pass the gate as those of tables do.

The answers of every question that is listed go through the gate as one run, so
that a recode and what it was made from cannot give each other away. How many
gave no answer is told, as under a table; why they gave none is told where
enough of them did, and never so that one reason is left over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from surveytool.disclosure_control.gate import Gate
from surveytool.disclosure_control.rare_answers import of_file
from surveytool.disclosure_control.route_notes import telling
from surveytool.disclosure_control.withheld_rows import Held
from surveytool.notes import Note, note
from surveytool.survey import SEVERAL, Codebook, Design, Level, Request, Survey, Variable


def protected_codebook(survey: Survey) -> Survey:
    """The survey with the counts of its codebook as its gate lets them out; unchanged without a gate."""
    gate = survey.gate
    if not isinstance(gate, Gate) or not gate.active:
        return survey
    least = gate.protection.cell
    held = _held(survey, gate)
    book = Codebook({name: _shown(each, held.get(name), least) for name, each in survey.codebook.items()})
    kept = [note for note in survey.notes if not telling(note, least)]
    return replace(survey, codebook=book, notes=(*kept, _said(book, gate)))


def _held(survey: Survey, gate: Gate) -> Mapping[str, Held]:
    """What the gate withholds of every question whose answers are listed."""
    from surveytool.aggregate.collect import collect
    from surveytool.aggregate.question import Question

    asked = [each for each in survey.codebook.values() if each.n and each.valid_levels() and each.shown_levels()]
    questions = [
        Question(
            request=Request(variable=each.name), id=each.name, statistic="proportion",
            measure="options" if each.kind in SEVERAL else "levels",
        )
        for each in asked if each.kind in ("single", *SEVERAL)
    ]  # fmt: skip
    if not questions:
        return {}
    collect(replace(survey, design=Design()), questions, gate.recorder)
    return gate.let_counts()


def _shown(variable: Variable, held: Held | None, least: int) -> Variable:
    """One variable without the counts that may not be seen."""
    few = 0 < variable.n < least or (held is not None and held.base)
    gone = {level for _, _, _, level in held.places} if held is not None else set()
    answers = [level.code for level in variable.valid_levels()]
    hidden = {answers[place] for place in gone} | _reasons(variable, least, few)
    levels = tuple(
        replace(level, count=0, withheld=True) if level.code in hidden else level for level in variable.levels
    )
    made = replace(variable, levels=levels, columns=tuple(map(of_file, variable.columns)))
    return replace(made, n=0, n_missing=0, withheld=True) if few else made


def _reasons(variable: Variable, least: int, few: bool) -> set[object]:
    """Codes of the reasons for no answer that are not counted: rare ones, and more where these could be reckoned."""
    reasons = sorted((level for level in variable.levels if level.missing is not None and level.count), key=_size)
    if few:
        return {reason.code for reason in reasons}
    if len(reasons) < 2 and sum(reason.count for reason in reasons) == variable.n_missing:
        return set()  # the one reason of all who gave no answer
    count = sum(reason.count < least for reason in reasons)
    rest = variable.n_missing - sum(reason.count for reason in reasons)
    while 0 < count < len(reasons) and not _blurred(reasons[:count], rest, least):
        count += 1
    return {reason.code for reason in reasons[:count]}


def _blurred(hidden: Sequence[Level], rest: int, least: int) -> bool:
    """Whether reasons that are not counted, and the rest that is never counted, leave each of them open."""
    parts = [level.count for level in hidden] + ([rest] if rest else [])
    return len(parts) > 1 and sum(parts) - (len(parts) - 1) >= least


def _size(level: Level) -> int:
    return level.count


def _said(book: Codebook, gate: Gate) -> Note:
    rules = gate.protection
    counts = [each.withheld for each in book.values()]
    counts += [level.withheld for each in book.values() for level in each.shown_levels()]
    if not any(counts):
        return note("protected_none", cell=rules.cell, base=rules.base)
    return note("protected", n=sum(counts), rows=len(counts), cell=rules.cell, base=rules.base)

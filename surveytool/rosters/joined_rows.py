"""The rows of a roster as a survey: each has the columns, the weights and the sampling units of its interview.

The interview is a sampling unit, the last one at least: children of one household are no independent sample. As in
R's design of the joined rows, an interview without a row is no unit, which is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from surveytool.errors import UsageError
from surveytool.notes import Note, note, unique
from surveytool.recoding.apply import table_of
from surveytool.survey import Codebook, Design, Survey, Variable
from surveytool.survey.roster import RosterRows

INTERVIEW = "_interview"
OF_A_SHEET = ("roster_sheet", "other_sheets", "weights_hint")


def of_rows(survey: Survey, roster: RosterRows, *, short: bool = False) -> Survey:
    """The survey of a roster's rows. Its columns have the roster's name before theirs (``children.age``).

    With ``short`` they keep their own, and a column of the interviews that has the same is ``interview.NAME``.
    Raises ``UsageError`` where the respondents recruited each other: rows have no degree.
    """
    if survey.design.recruitment is not None:
        cure = "Bring its rows up to the respondents by a score: roster = {from = ...}"
        raise UsageError("the sample was recruited by its members.", f"roster {roster.name}", cure)
    held, table = table_of(survey), table_of(roster.survey)
    inside = np.flatnonzero(roster.parent >= 0)
    parents = roster.parent[inside]
    mine = {name: name if short else roster.outer(name) for name in table.column_names}
    taken = {*mine.values(), *(mine.get(name, name) for name in roster.survey.codebook)} if short else set()
    theirs = {name: f"interview.{name}" for name in (*held.column_names, *survey.codebook) if name in taken}

    def own(name: str) -> str:
        return mine.get(name, name if short else roster.outer(name))

    def interviews(name: str) -> str:
        return theirs.get(name, name)

    book = {interviews(name): _renamed(each, interviews) for name, each in survey.codebook.items()}
    book |= {own(name): _renamed(each, own) for name, each in roster.survey.codebook.items()}
    book[INTERVIEW] = Variable(name=INTERVIEW, kind="id", columns=(INTERVIEW,), n=len(inside))
    gate = survey.gate
    return replace(
        survey, frame=_frame(held, table, (inside, parents), (interviews, own)), codebook=Codebook(book),
        design=_design(survey.design, interviews), provenance=replace(survey.provenance, rows=len(inside)),
        notes=_notes(survey, roster, parents), rosters=(),
        gate=None if gate is None else type(gate)(gate.protection, migrants=gate.active, tell=gate.tell),
    )  # fmt: skip


def _frame(held: Any, table: Any, rows: tuple[Any, Any], names: tuple[Callable[[str], str], ...]) -> Any:
    """One Arrow table: the interview's columns for each row, then the roster's own, then the interview's number."""
    import pyarrow as pa

    inside, parents = rows
    above, own = held.take(pa.array(parents)), table.take(pa.array(inside))
    columns = {names[0](name): above.column(name) for name in above.column_names}
    columns |= {names[1](name): own.column(name) for name in own.column_names}
    columns[INTERVIEW] = pa.array([str(parent + 1) for parent in parents.tolist()])
    return pa.table(columns)


def _renamed(variable: Variable, name: Callable[[str], str]) -> Variable:
    """A variable whose own name and those of its columns are others."""
    from surveytool.aggregate.where_language import renamed

    changed: dict[str, Any] = {
        "name": name(variable.name), "columns": tuple(map(name, variable.columns)),
        "tags": None if variable.tags is None else name(variable.tags),
        "parent": None if variable.parent is None else name(variable.parent),
        "asked_when": None if variable.asked_when is None else renamed(variable.asked_when, name),
    }  # fmt: skip
    same = all(getattr(variable, field) == value for field, value in changed.items())
    return variable if same else replace(variable, **changed)


def _design(design: Design, name: Callable[[str], str]) -> Design:
    """The design of the rows: the interview is a unit below those that are named, and has the interviews' own fpc."""
    psu = tuple(map(name, design.psu))
    last = not psu or not design.fpc or len(design.fpc) == len(psu) + 1
    weights, strata = (None if each is None else name(each) for each in (design.weights, design.strata))
    return replace(
        design, weights=weights, strata=strata, psu=(*psu, INTERVIEW) if last else psu,
        fpc=tuple(map(name, design.fpc)), calibrated=None,
    )  # fmt: skip


def _notes(survey: Survey, roster: RosterRows, parents: Any) -> tuple[Note, ...]:
    everybody, with_rows = survey.provenance.rows, len(np.unique(parents))
    orphans = int((roster.parent < 0).sum())
    told = [note("roster_rows", name=roster.name, n=len(parents), interviews=with_rows)]
    told += [note("roster_without_rows", name=roster.name, n=everybody - with_rows)] if everybody > with_rows else []
    told += [note("roster_orphans", name=roster.name, n=orphans)] if orphans else []
    told += [note("roster_calibrated", name=roster.name)] if survey.design.calibrated is not None else []
    told += [note("roster_alone", name=roster.name)] if survey.gate is not None and survey.gate.active else []
    whole = (note for note in roster.survey.notes if not dict(note.values).get("variables"))
    return unique([*survey.notes, *(each for each in whole if each.code not in OF_A_SHEET), *told])


def names_of(survey: Survey) -> Mapping[str, Variable]:
    """The roster's questions by the names that they have beside those of the interviews."""
    found: dict[str, Variable] = {}
    for roster in survey.rosters:
        found |= {roster.outer(name): _renamed(each, roster.outer) for name, each in roster.survey.codebook.items()}
    return found

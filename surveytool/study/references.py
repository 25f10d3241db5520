"""Names that a study refers to, looked up in the data: variables, answers, columns of the design."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from surveytool.errors import SurveytoolError, UnknownVariable, UsageError, no_answer, unknown
from surveytool.published_figures.claim_answers import NOT, match
from surveytool.recoding.level_lookup import known_columns
from surveytool.rosters.roster_requests import asked_of_roster
from surveytool.study.problem import Problem
from surveytool.study.problem_words import setting_of
from surveytool.study.rules import conditions
from surveytool.study.sections import ChartEntry, Either, TableEntry
from surveytool.study.study_file import Study
from surveytool.study.toml_lines import Place
from surveytool.survey import Survey, breakdown, find_level

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns

Told = tuple[Place, SurveytoolError]


def references(study: Study, survey: Survey) -> list[Problem]:
    """Every name of the tables, charts, conditions and the design that the data do not have."""
    found = [
        *_design(study, survey), *_entries(study, survey), *_claims(study, survey), *_conditions(study, survey),
    ]  # fmt: skip
    made = (_problem(study, place, error) for place, error in found)
    return list(dict.fromkeys(made))


def _problem(study: Study, place: Place, error: SurveytoolError) -> Problem:
    outer = place[:2] if place[0] not in ("design", "protect") else place[:1]
    return Problem(message=error.message, cure=error.cure, line=study.line(place), setting=setting_of(outer))


def _design(study: Study, survey: Survey) -> Iterator[Told]:
    design, known = study.design, [*survey.codebook, *known_columns(survey.codebook)]
    named: list[tuple[Place, str | None]] = [
        (("design", "weights"), design.weights),
        (("design", "strata"), design.strata),
    ]
    named += [(("design", "psu", number), name) for number, name in enumerate(design.psu)]
    named += [(("design", "fpc", number), name) for number, name in enumerate(design.fpc)]
    named.append((("protect", "site"), study.protect.site if study.protect is not None else None))
    for place, name in named:
        if name is not None and name not in known:
            yield place, UnknownVariable(name, known)


def _entries(study: Study, survey: Survey) -> Iterator[Told]:
    for section in ("tables", "charts"):
        for number, entry in study.entries(section):
            if entry.listed is None:
                yield from _entry(study, (section, number), entry, survey)


def _entry(study: Study, place: Place, entry: TableEntry, survey: Survey) -> Iterator[Told]:
    known = {*survey.codebook, *survey.codebook.others, *study.promised}
    if entry.roster is not None and entry.roster not in {roster.name for roster in study.rosters}:
        yield (*place, "roster"), unknown("roster", entry.roster, [roster.name for roster in study.rosters])
        return
    roster = entry.roster
    names: list[tuple[Place, str]] = [((*place, "variable"), name) for name in entry.variables()]
    for number, text in enumerate(entry.by):
        among = known if roster is None else Either(known, roster)
        names += [((*place, "by", number), name) for name in breakdown(text, among)]
    for statistic in entry.statistics():
        stem, _, denominator = statistic.partition(":")
        if stem == "ratio" and denominator:
            names.append(((*place, "statistic"), denominator))
    for where, name in names:
        own = name if roster is None else asked_of_roster(name, roster, known)
        yield from _unknown(study, where, own, survey)
    if isinstance(entry, ChartEntry):
        yield from _answers(place, entry, survey)


def _unknown(study: Study, place: Place, name: str, survey: Survey) -> Iterator[Told]:
    """A name that neither the data nor the study have; what the study could not make is told elsewhere."""
    if name not in survey.codebook and not study.makes(name):
        yield place, UnknownVariable(name, [*survey.codebook, *study.promised])


def _answers(place: Place, entry: ChartEntry, survey: Survey) -> Iterator[Told]:
    """Answers to draw that the question does not have."""
    for name in entry.variables():
        levels = survey.codebook[name].valid_levels() if name in survey.codebook else ()
        if not levels:
            continue
        for number, text in enumerate(entry.answers):
            if find_level(levels, text) is None:
                shown = (level.label for level in survey.codebook[name].shown_levels())
                yield (*place, "answers", number), no_answer(name, text, shown)


def _claims(study: Study, survey: Survey) -> Iterator[Told]:
    """Questions, answers and groups of the file's own claims; those of a csv get a verdict instead.

    A disputed set is never asked of the data.
    """
    for number, claim in study.entries("claims"):
        told = study.sets.get(claim.set or "")
        if claim.variable is None or (told is not None and told.disputed):
            continue
        named: list[tuple[Place, str, str | None]] = [(("claims", number, "variable"), claim.variable, claim.level)]
        named += [(("claims", number, "by", name), name, group) for name, group in claim.by.items()]
        for place, name, text in named:
            unknown = list(_unknown(study, place, name, survey))
            yield from unknown
            if not unknown and text is not None and name in survey.codebook:
                yield from _answer((*place[:2], "level") if place[-1] == "variable" else place, name, text, survey)


def _answer(place: Place, name: str, text: str, survey: Survey) -> Iterator[Told]:
    """An answer that a question does not have; case and punctuation are forgiven, as in the verdict."""
    levels = survey.codebook[name].levels
    labels = [level.label for level in levels]
    texts = [text, text[len(NOT) :]] if text.lower().startswith(NOT) else [text]
    if levels and all(find_level(levels, text) is None and match(text, labels) is None for text in texts):
        yield place, no_answer(name, text, (level.label for level in survey.codebook[name].shown_levels()))


def _as_asked(study: Study, place: Place, text: str, survey: Survey) -> str:
    """A condition with the names that it has beside the questions of the interviews."""
    entries = study.entries(str(place[0])) if place[0] in ("tables", "charts") else ()
    roster = next((entry.roster for number, entry in entries if number == place[1]), None)
    if roster is None:
        return text
    from surveytool.aggregate.where_language import renamed

    return renamed(text, lambda name: asked_of_roster(name, roster, survey.codebook))


def _looking(survey: Survey, named: list[str]) -> Callable[[Iterable[str]], Columns] | None:
    """A way to the rows of the roster whose questions are named, None where none is."""
    from surveytool.recoding.apply import looking_at
    from surveytool.rosters import of_rows

    for roster in survey.rosters:
        if any(name.startswith(roster.prefix) and name in survey.codebook.others for name in named):
            return looking_at(of_rows(survey, roster))
    return None


def _conditions(study: Study, survey: Survey) -> Iterator[Told]:
    """Conditions of tables, charts and claims about variables or answers that there are not."""
    from surveytool.aggregate.domain import evaluate
    from surveytool.aggregate.where_language import names, parse
    from surveytool.recoding.apply import looking_at

    look = looking_at(survey)
    listed = {number for number, entry in study.entries("tables") if entry.listed is not None}
    for place, text in conditions(study):
        if place[0] == "tables" and place[1] in listed:
            continue
        try:
            condition = parse(_as_asked(study, place, text, survey))
        except UsageError:
            continue  # told where the file was read
        try:
            own = look if not survey.rosters else _looking(survey, list(names(condition))) or look
            evaluate(condition, own(names(condition)))
        except UnknownVariable as error:
            yield from _unknown(study, place, error.name, survey)
        except SurveytoolError as error:
            yield place, error

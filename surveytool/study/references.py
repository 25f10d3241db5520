"""Names that a study refers to, looked up in the data: variables, answers, columns of the design."""

from __future__ import annotations

from collections.abc import Iterator

from surveytool.errors import SurveytoolError, UnknownVariable, UsageError, no_answer
from surveytool.published_figures.claim_answers import NOT, match
from surveytool.recoding.level_lookup import known_columns
from surveytool.study.problem import Problem
from surveytool.study.problem_words import setting_of
from surveytool.study.rules import conditions
from surveytool.study.study_file import ChartEntry, Study, TableEntry
from surveytool.study.toml_lines import Place
from surveytool.survey import Survey, breakdown, find_level

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
            yield from _entry(study, (section, number), entry, survey)


def _entry(study: Study, place: Place, entry: TableEntry, survey: Survey) -> Iterator[Told]:
    known = {*survey.codebook, *study.promised}
    names: list[tuple[Place, str]] = [((*place, "variable"), name) for name in entry.variables()]
    for number, text in enumerate(entry.by):
        names += [((*place, "by", number), name) for name in breakdown(text, known)]
    for statistic in entry.statistics():
        stem, _, denominator = statistic.partition(":")
        if stem == "ratio" and denominator:
            names.append(((*place, "statistic"), denominator))
    for where, name in names:
        yield from _unknown(study, where, name, survey)
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
    if levels and all(find_level(levels, each) is None and match(each, labels) is None for each in texts):
        yield place, no_answer(name, text, (level.label for level in survey.codebook[name].shown_levels()))


def _conditions(study: Study, survey: Survey) -> Iterator[Told]:
    """Conditions of tables, charts and claims about variables or answers that there are not."""
    from surveytool.aggregate.domain import evaluate
    from surveytool.aggregate.where_language import names, parse
    from surveytool.recoding.apply import looking_at

    look = looking_at(survey)
    for place, text in conditions(study):
        try:
            condition = parse(text)
        except UsageError:
            continue  # told where the file was read
        try:
            evaluate(condition, look(names(condition)))
        except UnknownVariable as error:
            yield from _unknown(study, place, error.name, survey)
        except SurveytoolError as error:
            yield place, error

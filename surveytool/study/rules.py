"""What settings mean together, seen without the data: conditions, names that come twice, bands with gaps.

A rule asks the room that will use the setting; its complaint becomes a problem
with the setting's line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from surveytool.errors import UsageError, nearest
from surveytool.study.problem import Problem
from surveytool.study.problem_words import setting_of
from surveytool.study.sections import ChartEntry, TableEntry
from surveytool.study.study_file import Study
from surveytool.study.toml_lines import Place
from surveytool.text import words

Complaint = tuple[Place, str, str]


def check(study: Study) -> list[Problem]:
    """Every problem of a study that its file alone shows."""
    rules = (
        _languages,
        _labels,
        _conditions,
        _recodes,
        _indicators,
        _routes,
        _tables,
        _charts,
        _claims,
        _strangers,
        _protect,
        _output,
    )
    found = [_problem(study, *complaint) for rule in rules for complaint in rule(study)]
    return list(dict.fromkeys(found))


def _problem(study: Study, place: Place, message: str, cure: str) -> Problem:
    outer = place[:-1] if len(place) > 1 and isinstance(place[-1], str) else place
    if len(place) == 2 and place[0] in ("variables", "sets"):
        outer = place
    return Problem(message=message, cure=cure, line=study.line(place), setting=setting_of(outer))


def asked(place: Place, ask: Callable[[], object]) -> Iterator[Complaint]:
    """What a room says against a setting, if anything."""
    try:
        ask()
    except UsageError as error:
        yield place, f"{place[-1]}: {error.message}" if isinstance(place[-1], str) else error.message, error.cure


def _languages(study: Study) -> Iterator[Complaint]:
    about = study.about
    if not about.languages:
        yield ("study", "languages"), "languages is empty.", 'Write languages = ["en"]'
    for number, language in enumerate(about.languages):
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,4})*", language):
            yield (
                ("study", "languages", number),
                f"{language!r} is no language code.",
                'Write codes such as "en" or "es".',
            )


def _labels(study: Study) -> Iterator[Complaint]:
    """Labels in languages that the study does not name: mostly a misspelt code."""
    if not study.about.languages:
        return
    parts: list[tuple[Place, Any]] = [(("study",), study.about)]
    parts += [(("variables", name), variable) for name, variable in study.variables.items()]
    for section in ("recodes", "routes", "tables", "charts"):
        parts += [((section, number), each) for number, each in study.entries(section)]
    for place, part in parts:
        for inner, text in _texts(part):
            for language in text:
                if language not in study.languages:
                    cure = nearest(language, study.languages, "Add it to languages in [study], or leave it out.")
                    yield (*place, *inner, language), f"there is no language {language!r} in this study.", cure


def _texts(part: Any) -> Iterator[tuple[Place, Mapping[str, str]]]:
    """Every text of a dataclass that is given by language, with its place."""
    from surveytool.study.schema import key_of

    for field in fields(part):
        value, place = getattr(part, field.name), (key_of(field),)
        if field.name in ("label", "title", "source", "unit", "yes", "no", "other") and isinstance(value, Mapping):
            yield place, value
        elif field.name in ("levels", "labels") and isinstance(value, Mapping):
            yield from (((*place, name), text) for name, text in value.items() if isinstance(text, Mapping))
        elif isinstance(value, tuple):
            for number, inner in enumerate(value):
                if is_dataclass(inner):
                    yield from (((*place, number, *rest), text) for rest, text in _texts(inner))


def _conditions(study: Study) -> Iterator[Complaint]:
    """Conditions that cannot be read."""
    from surveytool.aggregate.where_language import parse

    for name, declared in study.variables.items():
        if declared.asked_when is not None:
            text = declared.asked_when
            yield from asked(("variables", name, "asked_when"), lambda text=text: parse(text))  # type: ignore[misc]
    for place, text in conditions(study):
        yield from asked(place, lambda text=text: parse(text))  # type: ignore[misc]


def conditions(study: Study) -> Iterator[tuple[Place, str]]:
    """Every condition of tables, charts and claims with its place."""
    for section in ("tables", "charts", "claims"):
        for number, entry in study.entries(section):
            if entry.where is not None:
                yield (section, number, "where"), entry.where
    for number, setting, text in study.weights.conditions() if study.weights is not None else ():
        yield ("weights", "steps", number, setting), text


def _recodes(study: Study) -> Iterator[Complaint]:
    from surveytool.recoding import faults

    names: list[str] = []
    for number, recode in study.entries("recodes"):
        for fault in faults(recode):
            place = ("recodes", number, fault.where) if fault.where else ("recodes", number)
            yield place, fault.message, fault.cure
        name = getattr(recode, "name", None)
        if name is not None and name in names:
            yield ("recodes", number, "name"), f"the name {name!r} comes twice.", "Give each recode a name of its own."
        names += [name] if name is not None else []


def _indicators(study: Study) -> Iterator[Complaint]:
    from surveytool.indicator_library.indicator_use import faults, made_by

    taken = [name for _, each in study.entries("recodes") if (name := getattr(each, "name", None)) is not None]
    for number, use in study.entries("indicators"):
        for fault in faults(use):
            yield ("indicators", number, fault.where), fault.message, fault.cure
        for name in made_by(use):
            if name in taken:
                yield ("indicators", number), f"the name {name!r} comes twice.", 'Write name = "..." of its own.'
            taken.append(name)


def _routes(study: Study) -> Iterator[Complaint]:
    from surveytool.recoding.route_definition import check

    taken = [name for _, each in study.entries("recodes") if (name := getattr(each, "name", None)) is not None]
    for number, route in study.entries("routes"):
        yield from asked(("routes", number), lambda route=route: check(route))  # type: ignore[misc]
        if route.name in taken:
            yield ("routes", number, "name"), f"the name {route.name!r} comes twice.", "Give each route its own name."
        taken.append(route.name)


def _tables(study: Study) -> Iterator[Complaint]:
    for section in ("tables", "charts"):
        for number, entry in study.entries(section):
            if entry.loa is not None and section == "charts":
                yield (section, number, "loa"), "a chart has no list of analysis.", "Name its variable."
        entries = study.entries(section)
        for number, entry in entries:
            yield from _request((section, number), entry)
        yield from _twice(section, "id", entries)


def _request(place: Place, entry: TableEntry) -> Iterator[Complaint]:
    """A statistic, an interval, a rule or a level that there is not."""
    from surveytool.aggregate.distribution import rule_named
    from surveytool.estimate import find_statistic, quantile_share
    from surveytool.estimate.interval import method

    if not entry.variables() and entry.loa is None:
        yield (*place, "variable"), "variable is an empty list.", 'Write variable = "..."'
    for statistic in entry.statistics():
        yield from asked((*place, "statistic"), lambda statistic=statistic: find_statistic(statistic, "number"))  # type: ignore[misc]
    if isinstance(entry, ChartEntry) and len(entry.statistics()) > 1:
        yield (*place, "statistic"), "a chart has one statistic.", "Write a chart for each."
    quantile = any(quantile_share(statistic) is not None for statistic in entry.statistics())
    yield from asked((*place, "interval"), lambda: method(entry.interval, quantile=quantile))
    yield from asked((*place, "quantile_rule"), lambda: rule_named(entry.quantile_rule))
    if not 0.5 <= entry.level < 1:
        yield (*place, "level"), f"the level {entry.level:g} is not between 0.5 and 1.", "Write for example 0.95."


def _twice(section: str, key: str, entries: Iterable[tuple[int, Any]]) -> Iterator[Complaint]:
    """Entries that share a name."""
    seen: list[str] = []
    for number, entry in entries:
        name = getattr(entry, key)
        if name is not None and name in seen:
            yield (section, number, key), f"the {key} {name!r} comes twice.", f"Give each one its own {key}."
        seen += [name] if name is not None else []


def _charts(study: Study) -> Iterator[Complaint]:
    from surveytool.charts import AUTO, drawing
    from surveytool.charts.theme import theme

    for number, entry in study.entries("charts"):
        assert isinstance(entry, ChartEntry)
        if entry.kind != AUTO:
            yield from asked(("charts", number, "kind"), lambda entry=entry: drawing(entry.kind))  # type: ignore[misc]
        if entry.theme is not None:
            yield from asked(("charts", number, "theme"), lambda entry=entry: theme(entry.theme))  # type: ignore[misc]
    yield from _twice("charts", "file", study.entries("charts"))


def _claims(study: Study) -> Iterator[Complaint]:
    from surveytool.published_figures.claims_file import no_share

    seen: dict[str, int] = {}
    for number, claim in study.entries("claims"):
        place: Place = ("claims", number)
        if claim.id in seen:
            yield (*place, "id"), f"the id {claim.id!r} comes twice.", "Give each claim its own id."
        seen[claim.id] = number
        if claim.published is None and claim.comparison is None:
            yield (
                place,
                f"claim {claim.id!r} has neither a published figure nor a comparison.",
                "Write published = 0.47",
            )
        if claim.unit == "percent" and claim.published is not None and not 0 <= claim.published <= 1:
            cure = no_share(f"{claim.published:.12g}")
            yield (*place, "published"), f"published = {claim.published:g} is no percentage.", cure
        if claim.set is not None and study.sets and claim.set not in study.sets:
            yield (*place, "set"), f"there is no set {claim.set!r}.", nearest(claim.set, study.sets)


def _strangers(study: Study) -> Iterator[Complaint]:
    """Ids of the csv that the file's own claims have."""
    own = len(study.numbers.get("claims", ()))
    mine = {claim.id for claim in study.claims[:own]}
    for claim in study.claims[own:]:
        if claim.id in mine:
            yield ("study", "claims_file"), f"the id {claim.id!r} is in the csv too.", "Give each claim its own id."


def _protect(study: Study) -> Iterator[Complaint]:
    from surveytool.disclosure_control.reliability_scheme import scheme

    rules = study.protect
    if rules is None:
        return
    yield from asked(("protect", "quality"), lambda: scheme(rules.quality))
    if rules.base < rules.cell:
        yield ("protect", "base"), f"base is {rules.base}, below cell.", f"Write {rules.cell} or more."
    if not 0 <= rules.dominance <= 1:
        yield ("protect", "dominance"), f"dominance is {rules.dominance:g}, no share.", "Write a share such as 0.9."
    for key, value in (("cell", rules.cell), ("rounding", rules.rounding)):
        if value < 1:
            yield ("protect", key), f"{key} is {value}.", "Write 1 or more."


def _output(study: Study) -> Iterator[Complaint]:
    from surveytool.charts.theme import theme
    from surveytool.render import FORMATS

    output = study.output
    if output.language is not None:
        yield from asked(("output", "language"), lambda: words(str(output.language)).marks)
    if output.format is not None and output.format not in FORMATS:
        yield ("output", "format"), f"format is {output.format!r}.", nearest(output.format, FORMATS)
    if output.theme is not None:
        yield from asked(("output", "theme"), lambda: theme(str(output.theme)))
    if output.decimals is not None and not 0 <= output.decimals <= 10:
        yield ("output", "decimals"), f"decimals is {output.decimals}.", "Write a number from 0 to 10."

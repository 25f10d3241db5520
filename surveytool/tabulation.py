"""The corridor: a survey and requests in, results out.

    Survey -> questions -> one pass -> cells -> estimates -> gate

Everything that a command prints, draws or tests comes through here; a survey
with a gate (``surveytool.disclosure_control.guard``) lets out only what may be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from surveytool.disclosure_control.route_notes import telling
from surveytool.errors import UsageError
from surveytool.estimate import find_statistic, quantile_share
from surveytool.estimate.result import Estimates, Results
from surveytool.notes import ADVICE, DOUBTS, Note, note, unique
from surveytool.survey import Design, Request, Survey

if TYPE_CHECKING:
    from surveytool.aggregate.question import Question
    from surveytool.disclosure_control.recorder import Recorder
    from surveytool.estimate.group_tests import Comparison
    from surveytool.estimate.statistic import Statistic
    from surveytool.regression import Specification
    from surveytool.rosters.roster_requests import Count

SCALED = frozenset({"v005", "hv005", "mv005", "d005", "sv005"})  # weights of the Demographic and Health Surveys


def tabulate(survey: Survey, requests: Sequence[Request]) -> Results:
    """Estimates of every request, the respondents passed over once.

    Raises ``UsageError``, ``UnreadableData`` or ``UnusableDesign``.
    """
    from surveytool.aggregate.collect import collect, collect_once
    from surveytool.aggregate.distribution import rule_named
    from surveytool.aggregate.level_order import ranked
    from surveytool.crosstabs import as_requested, asked_of_corridor, ordered
    from surveytool.estimate.estimate_rows import estimate
    from surveytool.estimate.interval import method
    from surveytool.estimate.withheld_last import held_back_last

    if survey.rosters and (made_apart := _spread(survey, requests, tabulate)) is not None:
        return made_apart
    for request in requests:
        _check(request)
        _refuse_people(survey, request)
    survey, plans = asked_of_corridor(survey, requests, table_ids(requests))
    asked = [request for plan in plans for request in plan.asked]
    questions, statistics = [], []
    for request, name in zip(asked, table_ids(asked), strict=True):
        rule_named(request.quantile_rule)
        question, statistic = _question(survey, request, name)
        questions.append(question)
        statistics.append((statistic, method(request.interval, quantile=statistic.measure == "quantile")))
    recorder = _recorder(survey)
    tallies, design_notes = (collect if recorder is not None else collect_once)(survey, questions, recorder)
    found_in_data = [survey.codebook[request.variable].ranked for request in asked]
    placed = (ranked(tally) if by_data else tally for tally, by_data in zip(tallies, found_in_data, strict=True))
    estimates = tuple(estimate(tally, statistic, ci) for tally, (statistic, ci) in zip(placed, statistics, strict=True))
    results = _let(survey, _results(survey, requests, estimates, design_notes))
    estimates = tuple(held_back_last(estimate) if by_share else estimate
                      for estimate, by_share in zip(results.estimates, found_in_data, strict=True))  # fmt: skip
    return ordered(as_requested(replace(results, estimates=estimates), plans))


def compare(survey: Survey, requests: Sequence[Request], comparison: Comparison) -> Results:
    """Estimates and tests between the groups of every request's breakdowns, in one pass.

    Each request needs a breakdown. Rank tests are made of numbers only. Raises as ``tabulate``.
    """
    from surveytool.aggregate.collect import collect
    from surveytool.crosstabs import ordered
    from surveytool.estimate.estimate_rows import estimate
    from surveytool.estimate.group_tests import compare as compared
    from surveytool.estimate.group_tests import rank, test_notes, unfit
    from surveytool.estimate.statistic import MEAN

    if survey.rosters:
        apart = _spread(survey, requests, lambda rows, asked: compare(rows, asked, comparison))
        if apart is not None:
            return apart
    questions, statistics = _compared_questions(survey, requests, comparison)
    made_once, design_notes = collect(survey, questions, _recorder(survey))
    tallies = list(made_once)
    ranks = {tally.id: tally for tally in tallies if tally.statistic == "rank"}
    others = [tally for tally in tallies if tally.statistic != "rank"]
    estimates, tests = [], []
    for tally, (statistic, ci) in zip(others, statistics, strict=True):
        estimates.append(estimate(tally, statistic, ci))
        made_tests = compared(tally, statistic, comparison)
        made_tests += list(rank(ranks[tally.id], MEAN)) if tally.id in ranks else []
        estimates[-1] = replace(estimates[-1], notes=unique([*estimates[-1].notes, *test_notes(made_tests)]))
        tests += made_tests
    computed = {test.test for test in tests}
    if left := [name for name in comparison.tests or () if name not in computed]:
        tests += [
            test
            for tally, (statistic, _) in zip(others, statistics, strict=True)
            for test in unfit(tally, statistic, left)
        ]
    results = _results(survey, requests, tuple(estimates), design_notes)
    return ordered(_let(survey, replace(results, tests=tuple(tests))))


def _spread(survey: Survey, requests: Sequence[Request], count: Count) -> Results | None:
    """Requests of rosters counted among their rows, each with the table's name that it has among all of them."""
    from surveytool.rosters.roster_requests import spread

    named = [replace(request, id=name) for request, name in zip(requests, table_ids(requests), strict=True)]
    return spread(survey, named, count)


def tabulate_changes(survey: Survey, requests: Sequence[Request], change: str | None) -> Results:
    """As ``tabulate``, with changes between rounds among the tests where a ``change`` is asked for."""
    from surveytool.estimate.group_tests import Comparison

    wanted = change_of(survey, requests, change)
    if not wanted:
        return tabulate(survey, requests)
    return compare(survey, requests, Comparison(tests=(), adjust="none", **wanted))


def change_of(survey: Survey, requests: Sequence[Request], change: str | None) -> dict[str, Any]:
    """The settings of a comparison for changes between rounds; none where neither ``change`` nor the design asks.

    Raises ``UsageError`` where no breakdown has the rounds.
    """
    from surveytool.estimate.change import lag

    rounds = survey.design.rounds
    named = rounds.round if rounds is not None else None
    usual = rounds.change if rounds is not None else None
    if change is None and usual is None:
        return {}
    single = [by for request in requests for by in request.by if (len(by) == 1 if named is None else named in by)]
    if change is None and (not single or any(not _comparable(survey, request) for request in requests)):
        return {}
    if not single:
        raise UsageError(
            "changes need a breakdown by the round.", "--change", f"Write for example --by {named or 'wave'}"
        )
    return {"change": lag(change or usual or ""), "rounds": named}


def _comparable(survey: Survey, request: Request) -> bool:
    """Whether a table's figures can be set against one another."""
    _, _, statistic = find_statistic(request.statistic, survey.codebook[request.variable].kind)
    return statistic.measure not in ("quantile", "squares")


def _compared_questions(
    survey: Survey, requests: Sequence[Request], comparison: Comparison
) -> tuple[list[Question], list[tuple[Statistic, str]]]:
    """The questions of a comparison, those of rank tests among them; statistic and interval of the others."""
    from surveytool.estimate.interval import method

    questions, statistics = [], []
    for request, name in zip(requests, table_ids(requests), strict=True):
        _check(request)
        _refuse_people(survey, request)
        question, statistic = _question(survey, request, name)
        if comparison.tests and "trend" in comparison.tests:
            _require_order(survey, request)
        if statistic.measure in ("quantile", "squares"):
            raise UsageError(f"no {statistic.name} is compared.", "--stat", "Compare means, or use --test rank.")
        questions.append(question)
        statistics.append((statistic, method(request.interval)))
        if statistic.measure == "values" and comparison.tests and "rank" in comparison.tests:
            questions.append(replace(question, statistic="rank", measure="rank", of=None))
    return questions, statistics


def _require_order(survey: Survey, request: Request) -> None:
    """A trend needs groups in an order that somebody gave: words have that of the alphabet only."""
    for name in dict.fromkeys(name for names in request.by for name in names):
        variable = survey.codebook[name]
        words = [level.label for level in variable.valid_levels()]
        if variable.alphabetical and len(words) > 2:
            raise UsageError(
                f"the answers to {name} are words without an order ({', '.join(words[:4])}, ...): there is no trend.",
                "--test",
                f'Give the order of all of them in a study file: [variables.{name}] order = ["first", "next", ...]',
            )  # fmt: skip


def _question(survey: Survey, request: Request, name: str) -> tuple[Question, Statistic]:
    """A request with its statistic resolved; ``name`` is the table's id."""
    from surveytool.aggregate.question import Question

    variable = survey.codebook[request.variable]
    stem, denominator, found_statistic = find_statistic(request.statistic, variable.kind)
    question = Question(
        request=request, id=name, statistic=request.statistic or stem, measure=found_statistic.measure,
        denominator=denominator, share=quantile_share(stem) or 0.5, of=found_statistic.of,
    )  # fmt: skip
    return question, found_statistic


def _results(
    survey: Survey, requests: Sequence[Request], estimates: tuple[Estimates, ...], design_notes: Sequence[Note] = ()
) -> Results:
    """Estimates with where they come from, and what a reader must know of all of them."""
    notes = unique(
        [*relevant_notes(survey, requests), *design_notes, *_scale_notes(survey, requests), *_sample_notes(survey)]
    )
    return Results(estimates=estimates, source=survey.provenance, design=survey.design, notes=notes)


def regress(survey: Survey, specification: Specification) -> Results:
    """One regression model. Raises as ``tabulate``."""
    from surveytool.regression import fit
    from surveytool.regression.formula import parse

    _check(Request(variable="", level=specification.level))
    model = fit(survey, specification)
    model = model if survey.gate is None else survey.gate.let_model(model)
    about = [Request(variable=name, where=specification.where) for name in parse(specification.formula).names()]
    return replace(_results(survey, about, ()), models=(model,))


def _recorder(survey: Survey) -> Recorder | None:
    """Who looks on for the gate; None where nothing is to be protected. Tables of earlier runs are seen first."""
    if survey.gate is None:
        return None
    recorder: Recorder | None = survey.gate.recorder
    earlier = [
        question_asked
        for question_asked in survey.gate.to_join(survey.provenance)
        if _asks(survey, question_asked.request)
    ]
    if earlier and recorder is not None:
        from surveytool.aggregate.collect import collect

        names = table_ids([question_asked.request for question_asked in earlier])
        questions = [
            _question(survey, question_asked.request, name)[0]
            for question_asked, name in zip(earlier, names, strict=True)
        ]
        tallies, _ = collect(survey, questions, recorder)
        list(tallies)
        survey.gate.join(earlier)
    return recorder


def _asks(survey: Survey, request: Request) -> bool:
    """Whether the data as they are now have what an earlier table was about."""
    from surveytool.aggregate.where_language import names, parse

    columns = [request.variable, *(name for breakdown in request.by for name in breakdown)]
    columns += names(parse(request.where)) if request.where else []
    return all(name in survey.codebook for name in columns)


def _let(survey: Survey, results: Results) -> Results:
    """The results as they may be seen: past the survey's gate, if it has one."""
    if survey.gate is None:
        return results
    passed: Results = survey.gate.let(results)
    return passed


def flows(survey: Survey, requests: Sequence[Request], language: str = "en") -> tuple[Survey, list[Request]]:
    """Requests of whole routes as requests of their paths, for flow charts; those with a breakdown stay as they are."""
    from surveytool.aggregate.grouping import start
    from surveytool.recoding.flow import FLOW, add_flow

    changed = []
    for request in requests:
        if survey.codebook[request.variable].kind == "route" and not request.by and request.statistic is None:
            shared = start(survey, [request])
            inside, _ = shared.domain(request.where)
            weights = inside * shared.sample.weights
            survey = add_flow(survey, request.variable, weights, language, least=_least(survey))
            request = replace(request, variable=f"{request.variable}.{FLOW}", id=request.id or request.variable)
        changed.append(request)
    return survey, changed


def _least(survey: Survey) -> int:
    """The smallest count that the survey's gate lets out, 0 without one."""
    return survey.gate.protection.cell if survey.gate is not None and survey.gate.active else 0


def table_ids(requests: Sequence[Request]) -> list[str]:
    """An id a table: the request's own, else the variable's name, numbered where it comes again."""
    ids: list[str] = []
    for request in requests:
        name = request.id or request.variable
        count = 2
        if request.joint and name in ids and request.statistic is not None:
            name = f"{name}_{request.statistic}"  # a statistic more of the same table
        unique_name = name
        while unique_name in ids:
            unique_name, count = f"{name}_{count}", count + 1
        ids.append(unique_name)
    return ids


def _refuse_people(survey: Survey, request: Request) -> None:
    """Refuse who the respondents are; and where small groups are withheld, what they wrote."""
    from surveytool.aggregate.encoded_columns import no_person

    for name in (request.variable, *(name for names in request.by for name in names)):
        no_person(survey.codebook[name])
    if survey.gate is None or not survey.gate.active:
        return
    for name in (request.variable, *(name for names in request.by for name in names)):
        variable = survey.codebook[name]
        if variable.sensitive or variable.kind in ("text", "id"):
            raise UsageError(
                f"{name} may say who the respondents are, and nothing of it is shown while small groups are withheld.",
                cure="Leave it out. If it is no personal data, write in the study file: "
                f'[variables.{name if name.isidentifier() else repr(name)}] sensitive = false, kind = "single"',
            )


def _check(request: Request) -> None:
    """Refuse a level that no interval has."""
    if not isinstance(request.level, (int, float)) or not 0.5 <= request.level < 1:
        raise UsageError(
            f"the level {request.level!r} is not between 0.5 and 1.",
            "--level",
            "Write for example --level 0.95",
        )
    for names in request.by:
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise UsageError(f"{twice} stands twice in one breakdown.", "--by", "Name each variable once.")


def relevant_notes(survey: Survey, requests: Sequence[Request]) -> list[Note]:
    """The reader's notes; those about single variables only where a table uses the variable."""
    used = {name for request in requests for name in (request.variable, *(name for by in request.by for name in by))}
    doubted = used.union(*map(_conditions, requests))
    least = _least(survey)
    kept = []
    for noted in survey.notes:
        if noted.code in ADVICE:
            continue
        values = dict(noted.values)
        about = values.get("variables")
        if isinstance(about, tuple):
            values["variables"] = tuple(name for name in about if name in (doubted if noted.code in DOUBTS else used))
            noted = Note(noted.code, tuple(values.items()))
        if (about is None or values["variables"]) and not telling(noted, least):
            kept.append(noted)
    return kept


def _conditions(request: Request) -> set[str]:
    """The variables of a request's condition and of its denominator."""
    denominator = (request.statistic or "").partition("ratio:")[2]
    if not request.where:
        return {denominator}
    from surveytool.aggregate.where_language import names, parse

    return {denominator, *names(parse(request.where))}


def _scale_notes(survey: Survey, requests: Sequence[Request]) -> list[Note]:
    """Weights that are scaled by their documents, where totals are asked for."""
    name = survey.design.weights or ""
    totals = any((request.statistic or "") == "total" for request in requests)
    return [note("weights_dhs_scale")] if totals and name.lower() in SCALED else []


def _sample_notes(survey: Survey) -> list[Note]:
    """What kind of sample it is, whether people come again, and whether weights were calibrated."""
    design = survey.design
    unit = design.rounds.unit if design.rounds is not None else None
    told = [note("sample_rounds", unit=unit)] if unit is not None else []
    if design.calibrated is not None and design.replicates is None:
        told.append(note("calibrated", names=design.calibrated.margins))
    return [*told, *random_notes(design)]


def random_notes(design: Design) -> list[Note]:
    """What to tell where the sample is no probability sample."""
    sample = design.sample
    if sample in ("probability", "rds"):  # of recruitment the method is told
        return []
    if sample in ("census", "time-location"):
        return [note(f"sample_{sample}")]
    return [note("sample_indicative" if design.intervals_hidden else "sample_nonprobability", sample=sample)]

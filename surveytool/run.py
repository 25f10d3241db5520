"""The corridor: a survey and requests in, results out.

    Survey -> questions -> one pass -> cells -> estimates -> gate

Everything that a command prints, draws or tests comes through here; a survey
with a gate (``surveytool.protect.guard``) lets out only what may be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from surveytool.errors import UsageError, did_you_mean, near_names
from surveytool.estimate import find_statistic, quantile_share
from surveytool.estimate.result import Estimates, Results
from surveytool.notes import Note, note, unique
from surveytool.protect.telling import telling
from surveytool.survey import Request, Standard, Survey, Variable, find_level

if TYPE_CHECKING:
    from surveytool.estimate.compare import Comparison
    from surveytool.model import Specification
    from surveytool.protect.witness import Witness

STANDARD_CURE = "Write for example --standardize 'age_group: 18-35=0.6, 36 and over=0.4'"
TOPLINE_KINDS = ("single", "multiple", "number")


def tabulate(survey: Survey, requests: Sequence[Request]) -> Results:
    """Estimates of every request, the respondents passed over once.

    Raises ``UsageError``, ``UnreadableData`` or ``UnusableDesign``.
    """
    from surveytool.aggregate.collect import Question, collect
    from surveytool.aggregate.distribution import rule_named
    from surveytool.aggregate.rank import ranked
    from surveytool.estimate.interval import method
    from surveytool.estimate.rank import held_back_last
    from surveytool.estimate.rows import estimate

    questions, statistics = [], []
    for request, name in zip(requests, table_ids(requests), strict=True):
        _check(request)
        rule_named(request.quantile_rule)
        variable = survey.codebook[request.variable]
        stem, denominator, found = find_statistic(request.statistic, variable.kind)
        statistics.append((found, method(request.interval, quantile=found.measure == "quantile")))
        questions.append(
            Question(
                request=request, id=name, statistic=request.statistic or stem, measure=found.measure,
                denominator=denominator, share=quantile_share(stem) or 0.5,
            )
        )  # fmt: skip
    tallies, design_notes = collect(survey, questions, _witness(survey))
    found_in_data = [survey.codebook[request.variable].ranked for request in requests]
    ordered = (ranked(tally) if found else tally for tally, found in zip(tallies, found_in_data, strict=True))
    estimates = tuple(estimate(tally, found, ci) for tally, (found, ci) in zip(ordered, statistics, strict=True))
    notes = unique([*_relevant(survey, requests), *design_notes, *_sample_notes(survey)])
    made = _let(survey, Results(estimates=estimates, source=survey.provenance, design=survey.design, notes=notes))
    estimates = tuple(held_back_last(each) if by_share else each
                      for each, by_share in zip(made.estimates, found_in_data, strict=True))  # fmt: skip
    return replace(made, estimates=estimates)


def compare(survey: Survey, requests: Sequence[Request], wanted: Comparison) -> Results:
    """Estimates and tests between the groups of every request's breakdowns, in one pass.

    Each request needs a breakdown. Rank tests are made of numbers only. Raises as ``tabulate``.
    """
    from surveytool.aggregate.collect import Question, collect
    from surveytool.estimate.compare import compare as compared
    from surveytool.estimate.compare import rank
    from surveytool.estimate.interval import method
    from surveytool.estimate.rows import estimate
    from surveytool.estimate.statistic import MEAN

    questions, statistics = [], []
    for request, name in zip(requests, table_ids(requests), strict=True):
        _check(request)
        variable = survey.codebook[request.variable]
        stem, denominator, found = find_statistic(request.statistic, variable.kind)
        if quantile_share(stem) is not None:
            raise UsageError("quantiles are not compared.", "--stat", "Compare means, or use --test rank.")
        numeric = found.measure == "values"
        statistics.append((found, numeric, method(request.interval)))
        asked = Question(
            request=request, id=name, statistic=request.statistic or stem, measure=found.measure,
            denominator=denominator,
        )  # fmt: skip
        questions.append(asked)
        if numeric and wanted.tests and "rank" in wanted.tests:
            questions.append(replace(asked, statistic="rank", measure="rank"))
    made_once, design_notes = collect(survey, questions, _witness(survey))
    tallies = list(made_once)
    ranks = {tally.id: tally for tally in tallies if tally.statistic == "rank"}
    estimates, tests = [], []
    for tally, (found, _, ci) in zip(
        (each for each in tallies if each.statistic != "rank"), statistics, strict=True
    ):  # fmt: skip
        estimates.append(estimate(tally, found, ci))
        tests += compared(tally, found, wanted)
        tests += list(rank(ranks[tally.id], MEAN)) if tally.id in ranks else []
    notes = unique([*_relevant(survey, requests), *design_notes, *_sample_notes(survey)])
    made = Results(
        estimates=tuple(estimates), source=survey.provenance, design=survey.design, notes=notes, tests=tuple(tests)
    )
    return _let(survey, made)


def regress(survey: Survey, wanted: Specification) -> Results:
    """One regression model. Raises as ``tabulate``."""
    from surveytool.model import fit

    request = Request(variable="", level=wanted.level)
    _check(request)
    model = fit(survey, wanted)
    model = model if survey.gate is None else survey.gate.let_model(model)
    notes = unique([*_relevant(survey, [request]), *_sample_notes(survey)])
    return Results(estimates=(), source=survey.provenance, design=survey.design, notes=notes, models=(model,))


def _witness(survey: Survey) -> Witness | None:
    """Who looks on for the gate; None where nothing is to be protected."""
    return None if survey.gate is None else survey.gate.witness


def _let(survey: Survey, results: Results) -> Results:
    """The results as they may be seen: past the survey's gate, if it has one."""
    if survey.gate is None:
        return results
    passed: Results = survey.gate.let(results)
    return passed


def flows(survey: Survey, requests: Sequence[Request], language: str = "en") -> tuple[Survey, list[Request]]:
    """Requests of whole routes as requests of their paths, for flow charts; those with a breakdown stay as they are."""
    from surveytool.aggregate.collect import start
    from surveytool.recode.flow import FLOW, add_flow

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
        unique_name = name
        while unique_name in ids:
            unique_name, count = f"{name}_{count}", count + 1
        ids.append(unique_name)
    return ids


def requests_for(
    survey: Survey, variables: Sequence[str] | None, by: Sequence[str], pattern: Request
) -> tuple[list[Request], tuple[Note, ...]]:
    """One request a variable, with what they share from ``pattern``; a topline where none is named."""
    breakdowns = tuple(breakdown(survey, text) for text in by)
    notes: tuple[Note, ...] = ()
    if not variables:
        used = {name for names in breakdowns for name in names}
        variables, notes = topline(survey)
        variables = [name for name in variables if name not in used]
        if pattern.statistic and pattern.statistic.partition(":")[0] not in ("proportion", "total"):
            variables = [name for name in variables if survey.codebook[name].kind == "number"]
        if not variables:
            raise UsageError("no variable is left to show.", cure="Name the variables.")
    return [replace(pattern, variable=name, by=breakdowns) for name in variables], notes


def breakdown(survey: Survey, text: str) -> tuple[str, ...]:
    """The variables of one ``--by``: a name, or several joined by colons."""
    return (text,) if text in survey.codebook else tuple(text.split(":"))


def wanted_columns(
    variables: Sequence[str] | None, by: Sequence[str], statistic: str | None, where: str | None
) -> list[str] | None:
    """The columns that a request reads; None (all) for a topline."""
    if not variables:
        return None
    wanted = [*variables, *(name for text in by for name in text.split(":"))]
    if statistic is not None and ":" in statistic:
        wanted.append(statistic.partition(":")[2])
    if where:
        from surveytool.aggregate.where import names, parse

        wanted += names(parse(where))
    return list(dict.fromkeys(wanted))


def topline(survey: Survey) -> tuple[list[str], tuple[Note, ...]]:
    """Every question fit for a table, and notes on what was left out.

    Identifiers, texts, dates, sensitive columns and design columns stay out; so do
    the single columns of a question with several answers.
    """
    from surveytool.reading import looks_like_design, members

    inside = members(survey.codebook)
    design = set(survey.design.columns())
    kept, skipped, sensitive = [], [], []
    for name, variable in survey.codebook.items():
        if name in inside:
            continue
        if variable.sensitive:
            sensitive.append(name)
        elif name in design or looks_like_design(name) or not _tabulable(variable):
            skipped.append(name)
        else:
            kept.append(name)
    if not kept:
        raise UsageError("no column is a question that a table can show.", cure="Name the variables.")
    notes = [note("skipped_variables", names=tuple(skipped))] if skipped else []
    notes += [note("skipped_sensitive", names=tuple(sensitive))] if sensitive else []
    return kept, tuple(notes)


def _tabulable(variable: Variable) -> bool:
    return variable.kind in TOPLINE_KINDS and variable.n > 0


def standard(survey: Survey, text: str | None) -> Standard | None:
    """``age_group: 18-25=0.3, 26-35=0.5, 36+=0.2`` as a standard; every group needs a share."""
    if text is None:
        return None
    name, sign, rest = text.partition(":")
    name = name.strip()
    if not sign:
        raise UsageError(f"{text!r} is not VARIABLE: GROUP=SHARE, ...", "--standardize", STANDARD_CURE)
    levels = survey.codebook[name].valid_levels()
    labels = [level.label for level in levels]
    shares: list[tuple[str, float]] = []
    for part in rest.split(","):
        label, _, share = (each.strip() for each in part.rpartition("="))
        place = find_level(levels, label)
        if place is None:
            near = near_names(label, labels)
            raise UsageError(
                f"{name} has no group {label!r}.", "--standardize", did_you_mean(near) if near else ", ".join(labels)
            )
        try:
            shares.append((labels[place], float(share)))
        except ValueError:
            raise UsageError(f"{share!r} is no share.", "--standardize", STANDARD_CURE) from None
    if any(not 0 <= value < float("inf") for _, value in shares) or sum(value for _, value in shares) <= 0:
        raise UsageError("shares must be 0 or more, and some above 0.", "--standardize", STANDARD_CURE)
    left = [label for label in labels if label not in dict(shares)]
    if left:
        raise UsageError(f"no share is given for {', '.join(left)}.", "--standardize", "Write 0 to leave a group out.")
    return Standard(variable=name, shares=tuple(shares))


def _check(request: Request) -> None:
    if not 0.5 <= request.level < 1:
        raise UsageError(
            f"the level {request.level:g} is not between 0.5 and 1.",
            "--level",
            "Write for example --level 0.95",
        )
    for names in request.by:
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise UsageError(f"{twice} stands twice in one breakdown.", "--by", "Name each variable once.")


def _relevant(survey: Survey, requests: Sequence[Request]) -> list[Note]:
    """The reader's notes; those about single variables only where a table uses the variable."""
    used = {name for each in requests for name in (each.variable, *(name for by in each.by for name in by))}
    least = _least(survey)
    kept = []
    for each in survey.notes:
        values = dict(each.values)
        about = values.get("variables")
        if isinstance(about, tuple):
            values["variables"] = tuple(name for name in about if name in used)
            each = Note(each.code, tuple(values.items()))
        if (about is None or values["variables"]) and not telling(each, least):
            kept.append(each)
    return kept


def _sample_notes(survey: Survey) -> list[Note]:
    sample = survey.design.sample
    if survey.design.calibrated is not None and survey.design.replicates is None:
        return [note("calibrated", names=survey.design.calibrated.margins), *_random_notes(sample)]
    return _random_notes(sample)


def _random_notes(sample: str) -> list[Note]:
    if sample == "census":
        return [note("sample_census")]
    return [] if sample == "probability" else [note("sample_nonprobability", sample=sample)]


__all__ = [
    "Estimates",
    "Results",
    "breakdown",
    "flows",
    "requests_for",
    "table_ids",
    "tabulate",
    "topline",
    "wanted_columns",
]

"""The attack on a run: what it has written is read, and the range of every withheld count is looked for."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from surveytool.disclosure_audit.outcome import Outcome
from surveytool.disclosure_audit.printed_rows import SUPPRESSED, Line, Read, read_json, read_ledger, read_table
from surveytool.disclosure_audit.questionnaire import Questionnaire
from surveytool.disclosure_audit.readings import LENGTH, Reader, noise_of
from surveytool.disclosure_audit.respondents import Space
from surveytool.disclosure_audit.splits import learn_splits
from surveytool.disclosure_audit.whole_counts import ROUNDING, Attacker, Clock, Target
from surveytool.estimate.result import Results
from surveytool.survey import Request, Standard, Survey
from surveytool.text import Words


def attack(survey: Survey, results: Results, words: Words, *, seconds: float) -> Outcome:
    """Read what the results print, and look for the range of every count that is withheld."""
    read = printed(results, words)
    ledger, requests = _earlier(survey)
    shown = Questionnaire(survey, [*(estimate.request for estimate in results.estimates), *requests])
    now = {line.key for line in read.lines}
    earlier = [line for line in _by_codes(ledger, shown) if line.key not in now]
    lines = [*read.lines, *earlier]
    documented = survey.gate.protection.multiple - 1 if read.method == "rounding" else 0
    truths = shown.truths(max(float(documented), noise_of(lines, shown.facts)))
    clock, used = Clock(seconds), set[str]()
    found: dict[str, Target] = {}
    names = [
        name for name in dict.fromkeys(line.variable for line in lines)
        if not (shown.questions[name].number and not shown.questions[name].binary and not _withheld(lines, name))
    ]  # fmt: skip
    attacked: list[tuple[Attacker, list[Target]]] = []
    for index, name in enumerate(names):
        clock.share(len(names) - index)
        for space in shown.spaces(name, lines):
            reader = Reader.of(space, truths, clock)
            inside = [line for line in lines if _readable(line, space)]
            targets = list(_targets(space, inside, reader, survey))
            if not targets:
                used |= {"counts", "n"} if inside else set()
                continue
            reader.read(read, inside)
            _tests(reader, read, inside, shown)
            used |= learn_splits(reader, inside, survey.design, shown)
            reader.attacker.attack(targets)
            used |= reader.used - {"questionnaire"}
            attacked.append((reader.attacker, targets))
    unfinished = [each for each in attacked if any(target.open for target in each[1])]
    for index, (attacker, targets) in enumerate(unfinished):
        clock.share(len(unfinished) - index)
        attacker.pursue(targets)
    for index, (attacker, targets) in enumerate(attacked):
        clock.share(len(attacked) - index)
        attacker.narrow_down(targets)
        for each in targets:
            found[each.name] = _narrower(each, found.get(each.name))
    outcome = _outcome(list(found.values()))
    small = _printed_small(lines, truths, survey)
    outcome.pinned, outcome.attacked = outcome.pinned + len(small), outcome.attacked + len(small)
    outcome.narrowest = 0 if small else outcome.narrowest
    outcome.stopped, outcome.names = clock.stopped, (*outcome.names, *small)
    outcome.reads = tuple(sorted(used | ({"ledger"} if earlier else set())))
    return outcome


def printed(results: Results, words: Words) -> Read:
    """What the results print, read back from the bytes: JSON, and every table as people read it."""
    from surveytool.render import render
    from surveytool.table import Report, report

    read = read_json(render(Report(tables=(), results=results), "json", words).decode("utf-8"))
    made_of = {estimate.id for estimate in results.estimates if estimate.request.standard is not None}
    read.lines = [replace(line, standardised=line.table in made_of) for line in read.lines]
    for table in report(results, words).tables:
        if table.estimates is not None:
            text = render(Report(tables=(table,), results=results), "terminal", words).decode("utf-8")
            names = [name for by in table.estimates.request.by for name in by]
            read.said += read_table(text, table.estimates.id, names, words)
    return read


def _earlier(survey: Survey) -> tuple[list[Line], list[Request]]:
    """What the ledger of the run has of the same data."""
    path = survey.gate.protection.ledger
    if path is None or not Path(path).exists():
        return [], []
    source = survey.provenance
    text = Path(path).read_text(encoding="utf-8")
    lines, asked = read_ledger(text, source.sha256 or f"{source.path} {source.rows}")
    return lines, [_request(load) for load in json.loads(json.dumps(asked, default=lambda number: number.value))]


def _request(given: dict[str, Any]) -> Request:
    standard = given["standard"]
    if standard is not None:
        standard = Standard(
            variable=standard["variable"], shares=tuple((name, float(share)) for name, share in standard["shares"])
        )
    listed = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    by = tuple(tuple(names) for names in given["by"])
    return Request(**{**given, **listed, "by": by, "standard": standard, "id": None})


def _by_codes(lines: Sequence[Line], shown: Questionnaire) -> Iterator[Line]:
    """Rows of a ledger, which are known by labels, with the codes that this run knows them by."""
    for line in lines:
        key = (
            line.variable, line.statistic or None, line.where, line.base, tuple(line.by.items()), line.level,
            line.standardised,
        )  # fmt: skip
        found = shown.labels.get(key)
        if found is not None:
            by, level, statistic = found
            yield replace(line, by=by, level=level, statistic=statistic)


def _withheld(lines: Sequence[Line], name: str) -> bool:
    return any(line.variable == name and line.flag == SUPPRESSED for line in lines)


def _readable(line: Line, space: Space) -> bool:
    """Whether a row says something of these unknowns."""
    name = space.question.name
    if line.variable.endswith(LENGTH) and space.question.several and line.variable != name:
        own = replace(line, variable=name, level=None)
        return line.variable.removesuffix(LENGTH) == name.removesuffix(".stops") and space.holds(own)
    return space.holds(line)


def _tests(reader: Reader, read: Read, lines: Sequence[Line], shown: Questionnaire) -> None:
    """Differences between groups."""
    for test in read.tests:
        if test["test"] not in ("difference", "change") or not test["groups"] or test["level"] is None:
            continue
        name = test["by"]
        line = next((line for line in lines if line.table == test["table"] and name in line.by), None)
        if line is None or len(line.by) != 1 or name not in reader.space.groups:
            continue
        codes = {label: code for code, label in shown.questions[name].labels.items()}
        levels = {label: code for code, label in shown.questions[line.variable].labels.items()}
        if test["level"] in levels and all(group in codes for group in test["groups"]):
            own = replace(line, level=levels[test["level"]])
            reader.difference(test, own, [{name: codes[group]} for group in test["groups"]])


def _targets(space: Space, lines: Sequence[Line], reader: Reader, survey: Survey) -> Iterator[Target]:
    """Every count that must not come out: withheld rows, people in no group, what a condition leaves out."""
    rules, seen = survey.gate.protection, set()
    for name, line, true, width in _sums(space, lines, reader, (rules.cell, rules.base)):
        if line.tobytes() not in seen and line.any():
            seen.add(line.tobytes())
            yield Target(name, line, true, width, single=width == 1)


def _sums(
    space: Space, lines: Sequence[Line], reader: Reader, least: tuple[int, int]
) -> Iterator[tuple[str, Any, float, float]]:
    """What must stay open: the n of a withheld number is a secret only where it is too small (``least``)."""
    cell, base = least
    for line in lines:
        fact = reader.truths.of(line)
        if fact is None or line.variable.endswith(LENGTH) or line.key in reader.truths.standards:
            continue
        told = line.level is not None or space.question.binary
        disturbed = reader.truths.noise and 0 < (fact.count or 0) < cell
        if line.flag == SUPPRESSED or disturbed:
            line_of = space.gave(line) if told else space.base(line)
            true = fact.count if line.level is not None else fact.n
            if space.question.binary and fact.estimate is not None and space.weights is not None:
                true = None if np.ptp(space.weights) else round(fact.estimate * fact.n)
            if true and (told or true < base):
                yield _name(line), line_of, float(true), float(cell)
        if told and line.variable == space.question.name and line.level is not None:
            yield from _nobody(space, line, lines, reader, cell)
            yield from _rest(space, line, reader, cell)


def _nobody(
    space: Space, line: Line, lines: Sequence[Line], reader: Reader, cell: int
) -> Iterator[tuple[str, Any, float, float]]:
    """The answers of the few who are in the total and in no group of a breakdown."""
    if line.by:
        return
    whole = reader.truths.of(line)
    for names in {tuple(each.by) for each in lines if len(each.by) == 1 and each.variable == line.variable}:
        if names[0] not in space.groups:
            continue
        facts = [
            reader.truths.facts.get(replace(line, by={names[0]: code}).key)
            for code in space.groups.get(names[0], ()) if code is not None
        ]  # fmt: skip
        if whole is None or any(fact is None for fact in facts):
            continue
        n = whole.n - sum(fact.n for fact in facts if fact is not None)
        count = (whole.count or 0) - sum(fact.count or 0 for fact in facts if fact is not None)
        if count > 0 and (n < cell or count < cell):
            outside = space.outside(names[0])
            yield (
                f"{_name(line)}, in no group of {names[0]}",
                space.gave(line) * space.spread(outside, np.ones(space.width)), float(count), 1.0,
            )  # fmt: skip


def _rest(space: Space, line: Line, reader: Reader, cell: int) -> Iterator[tuple[str, Any, float, float]]:
    """The few whom a condition leaves out."""
    if line.where is None or line.by:
        return
    whole, part = reader.truths.of(replace(line, where=None)), reader.truths.of(line)
    if whole is None or part is None:
        return
    count = (whole.count or 0) - (part.count or 0)
    if 0 < count < cell:
        rest = space.gave(replace(line, where=None)) - space.gave(line)
        yield f"{_name(line)}, outside of it", rest, float(count), float(cell)


def _name(line: Line) -> str:
    """Whom a row is about, the same in whatever table they stand."""
    who = sorted([*line.by.items(), (line.variable, line.level or "")])
    return ", ".join(f"{name} {code}" for name, code in who) + (f" where {line.where}" if line.where else "")


def _narrower(one: Target, other: Target | None) -> Target:
    """The one of two attacks on the same count that left less."""
    if other is None or (one.certain, -one.range) > (other.certain, -other.range):
        return one
    return other


def _outcome(targets: Sequence[Target]) -> Outcome:
    """What came out, added up."""
    made = Outcome(attacked=len(targets))
    for target in targets:
        width = min(math.floor(target.high + ROUNDING) - math.ceil(target.low - ROUNDING), target.values - 1)
        if not target.certain and width < target.width:
            made.open += 1
            continue
        if width <= 0:
            made.pinned, made.names = made.pinned + 1, (*made.names, target.name)
        if not target.single or width <= 0:
            made.narrowest = min(made.narrowest, max(width, 0))
    return made


def _printed_small(lines: Sequence[Line], truths: Any, survey: Survey) -> list[str]:
    """Rows that stand there although fewer people are behind them than the rules allow."""
    rules = survey.gate.protection
    found = []
    for line in lines:
        fact = truths.of(line)
        if fact is None or line.flag == SUPPRESSED or truths.noise or not line.numbers:
            continue
        if (fact.count is not None and 0 < fact.count < rules.cell) or 0 < fact.n < rules.base:
            found.append(_name(line))
    return found

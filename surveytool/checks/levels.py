"""Levels: answers that the file does not declare, declared ones that nobody chose, one answer spelt twice."""

from __future__ import annotations

from collections.abc import Iterator

from surveytool.checks.finding import Finding, finding
from surveytool.checks.labels import labelled, plain
from surveytool.checks.personal_data import personal
from surveytool.checks.raw_survey import RawSurvey
from surveytool.reading.missing_kind import looks_missing
from surveytool.survey import Level, Variable, code_text

SHORT_CODE = 3
MOST_STRAY = 5
BLANKS = " \t\n\u00a0\u202f\u200b.'’‘`´\"“”«»-–—_\u0300\u0301\u0302\u0303\u0308\u0327"  # they tell no answer apart


def levels(raw: RawSurvey) -> Iterator[Finding]:
    """Every question with levels that may be shown."""
    doubtful = []
    for name, variable in raw.book.items():
        shown = variable.shown_levels()
        if variable.kind not in ("single", "multiple") or not shown or raw.of_a_route(name):
            continue
        if variable.kind == "single" and not any(personal(raw, column) for column in variable.columns):
            yield from _undeclared(name, shown)
            yield from _spellings(name, shown)
            if any(level.count and shown[index].missing is None for index, level in variable.no_numbers()):
                doubtful.append(name)
    yield from _never(raw)
    if doubtful:
        yield finding("note", "answers_like_missing", *doubtful, cure="answers_like_missing", n=len(doubtful))


def _undeclared(name: str, shown: tuple[Level, ...]) -> Iterator[Finding]:
    """Codes without a label among labelled ones; a scale with labels at its ends alone is none."""
    valid = [level for level in shown if level.missing is None]
    bare = [level for level in valid if not labelled(level) and level.count]
    named = [level for level in valid if labelled(level)]
    if not bare or not named or isinstance(bare[0].code, str) != isinstance(named[0].code, str):
        return
    if isinstance(bare[0].code, str):
        if len(bare) > len(named) or any(len(str(level.code)) > SHORT_CODE for level in bare):
            return  # texts that say what they mean
    elif _inside(bare, named) or len(bare) > max(len(named), MOST_STRAY):
        return  # amounts, of which some have a label
    codes = tuple(code_text(level.code) for level in bare)
    yield finding("warning", "undeclared", name, cure="undeclared", codes=codes, n=sum(level.count for level in bare))


def _inside(bare: list[Level], named: list[Level]) -> bool:
    """Whether every bare code lies between labelled ones, as in a scale from 1 to 10."""
    ends = [float(level.code) for level in named]
    return len(named) >= 2 and all(min(ends) < float(level.code) < max(ends) for level in bare)


def _never(raw: RawSurvey) -> Iterator[Finding]:
    """Levels without a respondent; where questions share a list, those that none of them has."""
    lists: dict[tuple[str, ...], list[Variable]] = {}
    for variable in raw.book.values():
        if variable.kind in ("single", "multiple") and variable.n and variable.shown_levels():
            lists.setdefault(tuple(map(_code, _answers(variable))), []).append(variable)
    for names, sharing in lists.items():
        if not any(_declares(variable) for variable in sharing):
            continue
        used = {_code(level) for variable in sharing for level in variable.levels if level.count}
        labels = dict(zip(names, (level.label for level in _answers(sharing[0])), strict=True))
        unused = tuple(label for name, label in labels.items() if name not in used)
        if unused:
            yield finding(
                "note", "never_chosen", *(variable.name for variable in sharing), levels=unused, n=len(unused)
            )


def _answers(variable: Variable) -> list[Level]:
    """The levels that are answers; "Don't know" and the like belong to no list."""
    return [level for level in variable.valid_levels() if not looks_missing(level.label)]


def _code(level: Level) -> str:
    """What the file calls a level: questions share a list whether or not a study translates the labels of all."""
    return level.labels.get("", level.label)


def _declares(variable: Variable) -> bool:
    """Whether levels come from the file and not from the answers alone."""
    return variable.kind == "multiple" or any(not level.count for level in variable.levels)


def _spellings(name: str, shown: tuple[Level, ...]) -> Iterator[Finding]:
    """Answers that differ only in case, accents or spaces; equal labels of different codes are another thing."""
    same: dict[str, list[str]] = {}
    for level in shown:
        if level.count:
            signs = "".join(sign for sign in level.label.strip(" .,;") if not (sign.isalnum() or sign in BLANKS))
            texts = same.setdefault(plain(level.label) + signs, [])
            texts += [level.label] if level.label not in texts else []
    twice = tuple(f"“{'”, “'.join(texts)}”" for texts in same.values() if len(texts) > 1)
    if twice:
        yield finding("warning", "spellings", name, cure="spellings", levels=twice, n=len(twice))

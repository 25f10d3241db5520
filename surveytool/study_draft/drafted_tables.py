"""``[[tables]]``, ``[[charts]]``, ``[[claims]]``: the main questions by the likely breakdowns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveytool.checks.personal_data import personal
from surveytool.checks.raw_survey import RawSurvey
from surveytool.reading import looks_like_design, own_columns
from surveytool.study_draft import toml_text as toml
from surveytool.study_draft.drafted_recodes import age_column, bands_name, families, has_bands, stops
from surveytool.study_draft.respondent import by_role, of_interviewer
from surveytool.survey import Variable
from surveytool.text import Words

MOST_TABLES = 30
MANY_NUMBERED = 10
MOST_BREAKDOWNS = 3
MOST_GROUPS = 8
MOST_LEVELS = 25
ORDER = ("sex", "age", "route", "origin", "place")


def breakdowns(raw: RawSurvey) -> list[str]:
    """The respondent's sex, age group, route, origin and place, of two to eight groups; at most three."""
    journey = _stops(raw) | raw.options
    found: dict[str, str] = {}
    for role, names in by_role(raw).items():
        fitting = [name for name in names if name not in journey and _fits(raw, raw.book[name])]
        if role in ORDER and fitting:
            found[str(role)] = fitting[0]
    age = age_column(raw)
    if "age" not in found and age is not None and not has_bands(raw):
        found["age"] = bands_name(raw)
    return [found[role] for role in ORDER if role in found][:MOST_BREAKDOWNS]


def _fits(raw: RawSurvey, variable: Variable) -> bool:
    """Whether a question can be a breakdown: two to eight groups, known of most."""
    groups = [level for level in variable.valid_levels() if level.count]
    few = variable.kind == "single" and 2 <= len(groups) <= MOST_GROUPS
    return few and not variable.sensitive and variable.n >= 0.8 * raw.rows


def _stops(raw: RawSurvey) -> frozenset[str]:
    return frozenset(name for columns in stops(raw).values() for name in columns)


def main_questions(raw: RawSurvey, design: set[str], known: frozenset[str] = frozenset()) -> list[str]:
    """Questions that a table can show: no design, dates, texts, personal data, stops or single options.

    Options that the study puts together stand as one question. Of a form (``known``) the questions come before what
    the export adds, answers before numbers, as the form has them.
    """
    inside = raw.options | _stops(raw) | own_columns(raw.names)
    joined = {name: family.stem for family in families(raw) if family.certain for name in family.columns}
    kept: list[str] = []
    for name, variable in raw.book.items():
        if name in joined:
            kept += [joined[name]] if joined[name] not in kept else []
            continue
        taken = name in inside or name in design or looks_like_design(name) is not None
        if not taken and not of_interviewer(variable) and _tabulable(raw, variable):
            kept.append(name)
    if known:
        return sorted(kept, key=lambda name: (name not in known, name in raw.book and raw.book[name].kind == "number"))
    return _questions_first(raw, kept)


def _questions_first(raw: RawSurvey, names: list[str]) -> list[str]:
    """Numbered questions before what the interviewer noted, where the file has many; the rest last."""
    numbered = {name for name in names if _is_numbered(raw, name)}
    if len(numbered) < MANY_NUMBERED:
        return names
    return [*(name for name in names if name in numbered), *(name for name in names if name not in numbered)]


def _is_numbered(raw: RawSurvey, name: str) -> bool:
    """Whether a name or label begins with the number of a question, and it is not the interviewer who answers."""
    if name not in raw.book:
        return True  # a question that the study puts together
    variable = raw.book[name]
    number = re.match(r"(q|p|v)_?\d+[a-z]?\d?($|_)", name.lower()) or re.match(r"Q?\d+[a-zA-Z]?[.:)]\s", variable.label)
    return bool(number) and not re.search(
        r"\b(interviewer|enumerator|encuestador|enqu[eê]teur)", variable.label.lower()
    )


def _tabulable(raw: RawSurvey, variable: Variable) -> bool:
    if variable.kind not in ("single", "multiple", "number") or not variable.n or variable.sensitive:
        return False
    if any(personal(raw, column) for column in variable.columns or (variable.name,)):
        return False
    groups = [level for level in variable.valid_levels() if level.count]
    return variable.kind == "number" or 1 < len(groups) <= MOST_LEVELS


def tables(raw: RawSurvey, words: Words, design: set[str], known: frozenset[str] = frozenset()) -> Iterator[str]:
    """Who was asked, then each main question by the breakdowns; more than thirty are only proposed."""
    by = breakdowns(raw)
    asked = [name for name in main_questions(raw, design, known) if name not in by]
    if by:
        yield toml.comment(words.word("draft_who"))
        yield "[[tables]]"
        yield toml.setting("id", "who")
        yield toml.setting("variable", by)
        yield ""
    for name in asked[:MOST_TABLES]:
        yield "[[tables]]"
        yield toml.setting("variable", name)
        yield from [toml.setting("by", by)] if by else []
        yield ""
    if asked[MOST_TABLES:]:
        yield toml.comment(words.fill("draft_more", n=len(asked) - MOST_TABLES))
        yield toml.proposed("[[tables]]")
        yield toml.proposed(toml.setting("variable", asked[MOST_TABLES:]))
        yield from [toml.proposed(toml.setting("by", by))] if by else []
        yield ""


def examples(raw: RawSurvey, words: Words, design: set[str]) -> Iterator[str]:
    """A chart and a claim as comments, made of a question of the file."""
    by = breakdowns(raw)
    singles = [
        name for name in main_questions(raw, design)
        if name in raw.book and raw.book[name].kind == "single" and name not in by
    ]  # fmt: skip
    if not singles:
        return
    name = singles[0]
    level = next(valid_level.label for valid_level in raw.book[name].valid_levels() if valid_level.count)
    yield toml.comment(words.word("draft_chart"))
    chart = ["[[charts]]", toml.setting("variable", name), *([toml.setting("by", by[:1])] if by else [])]
    yield from (toml.proposed(line) for line in chart)
    yield ""
    yield toml.comment(words.word("draft_claim"))
    claim = [
        "[[claims]]",
        toml.setting("id", "first"),
        toml.setting("text", words.word("draft_claim_text")),
        toml.setting("published", "47%"),
        toml.setting("variable", name),
        toml.setting("level", level),
    ]
    yield from (toml.proposed(line) for line in claim)
    yield ""

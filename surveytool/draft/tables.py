"""``[[tables]]``, ``[[charts]]``, ``[[claims]]``: the main questions by the likely breakdowns."""

from __future__ import annotations

from collections.abc import Iterator

from surveytool.check.ground import Ground
from surveytool.check.people import personal
from surveytool.draft import toml
from surveytool.draft.recodes import age_column, bands_name, families, has_bands, stops
from surveytool.reading import looks_like_design
from surveytool.risk.quasi import role_of
from surveytool.survey import Variable
from surveytool.text import Words

MOST_TABLES = 30
MOST_BREAKDOWNS = 3
MOST_GROUPS = 8
MOST_LEVELS = 25
ORDER = ("sex", "age", "route", "origin", "place")


def breakdowns(ground: Ground) -> list[str]:
    """Sex, age group, route, origin and place, where they have two to eight groups; at most three."""
    found: dict[str, str] = {}
    journey = _stops(ground)
    for name, variable in ground.book.items():
        role = role_of(name, variable.label)
        groups = [each for each in variable.valid_levels() if each.count]
        fits = variable.kind == "single" and 2 <= len(groups) <= MOST_GROUPS and not variable.sensitive
        whole = variable.n >= 0.8 * ground.rows
        if role in ORDER and fits and whole and role not in found and name not in journey:
            found[str(role)] = name
    if "age" not in found and age_column(ground) is not None and not has_bands(ground):
        found["age"] = bands_name(ground)
    return [found[role] for role in ORDER if role in found][:MOST_BREAKDOWNS]


def _stops(ground: Ground) -> frozenset[str]:
    return frozenset(name for columns in stops(ground).values() for name in columns)


def main_questions(ground: Ground, design: set[str]) -> list[str]:
    """Questions that a table can show: no design, dates, texts, personal data, stops or single options.

    Options that the study puts together stand as one question.
    """
    inside = ground.options | _stops(ground)
    joined = {name: each.stem for each in families(ground) if each.certain for name in each.columns}
    kept: list[str] = []
    for name, variable in ground.book.items():
        if name in joined:
            kept += [joined[name]] if joined[name] not in kept else []
            continue
        taken = name in inside or name in design or looks_like_design(name) is not None
        if not taken and _tabulable(ground, variable):
            kept.append(name)
    return kept


def _tabulable(ground: Ground, variable: Variable) -> bool:
    if variable.kind not in ("single", "multiple", "number") or not variable.n or variable.sensitive:
        return False
    if any(personal(ground, each) for each in variable.columns or (variable.name,)):
        return False
    groups = [each for each in variable.valid_levels() if each.count]
    return variable.kind == "number" or 1 < len(groups) <= MOST_LEVELS


def tables(ground: Ground, words: Words, design: set[str]) -> Iterator[str]:
    """Who was asked, then each main question by the breakdowns; more than thirty are only proposed."""
    by = breakdowns(ground)
    asked = [name for name in main_questions(ground, design) if name not in by]
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


def examples(ground: Ground, words: Words, design: set[str]) -> Iterator[str]:
    """A chart and a claim as comments, made of a question of the file."""
    by = breakdowns(ground)
    singles = [
        name for name in main_questions(ground, design)
        if name in ground.book and ground.book[name].kind == "single" and name not in by
    ]  # fmt: skip
    if not singles:
        return
    name = singles[0]
    level = next(each.label for each in ground.book[name].valid_levels() if each.count)
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

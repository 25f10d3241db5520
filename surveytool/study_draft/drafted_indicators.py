"""``[[indicators]]``: proposed where the data have all columns of one under their usual names."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from surveytool.checks.raw_survey import RawSurvey
from surveytool.indicator_library import Indicator, indicators
from surveytool.study_draft import toml_text as toml
from surveytool.text import Words

LEAST = 2  # items whose names speak for an indicator; one alone, such as "income", may be anything


def drafted_indicators(raw: RawSurvey, words: Words) -> Iterator[str]:
    """A commented entry for each indicator whose items are all there."""
    for indicator in indicators():
        columns = _columns(raw, indicator)
        if columns is None:
            continue
        yield toml.comment(_heading(indicator, words))
        yield toml.proposed("[[indicators]]")
        yield toml.proposed(toml.setting("use", indicator.id))
        other = {item: column for item, column in columns.items() if item != column}
        yield from [toml.proposed(toml.setting("columns", other))] if other else []
        yield ""


def _columns(raw: RawSurvey, indicator: Indicator) -> dict[str, str] | None:
    """The column of each item that has one name, whatever its case; None where one is not there."""
    names = {name.casefold(): name for name in raw.book}
    columns: dict[str, str] = {}
    for item in indicator.items:
        if item.many:
            if not any(fnmatchcase(name, pattern) for name in raw.book for pattern in item.usual):
                return None
            continue
        known = next((names[usual.casefold()] for usual in (item.name, *item.usual) if usual.casefold() in names), None)
        if known is None:
            return None
        columns[item.name] = known
    return columns if len(indicator.items) > LEAST or any(item.many for item in indicator.items) else None


def _heading(indicator: Indicator, words: Words) -> str:
    return words.fill("draft_indicator", title=indicator.title.get(words.language, indicator.id), id=indicator.id)

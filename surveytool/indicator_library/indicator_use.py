"""An indicator in a study: its items are columns of the data, its cut points chosen, and recodes come out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, Literal

from surveytool.errors import UsageError, nearest
from surveytool.frozen import frozen
from surveytool.indicator_library.indicator_file import Indicator, indicator
from surveytool.survey import Code, Text


@frozen
class IndicatorUse:
    """One ``[[indicators]]`` entry of a study.

    ``columns`` are the data's names of its items (names or patterns), those with usual names left out;
    ``codes`` what the data write for an answer that the indicator asks for. ``missing``
    replaces the rule for items without an answer.
    """

    use: str
    columns: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    name: str | None = None
    label: Text | None = None
    thresholds: str | None = None
    codes: Mapping[str, Code] = field(default_factory=dict)
    missing: Literal["refuse", "zero", "mean"] | None = None


def faults(use: IndicatorUse) -> Iterator[UsageError]:
    """An indicator, an item, a threshold or a code that there is not."""
    try:
        chosen = indicator(use.use)
    except UsageError as error:
        yield UsageError(error.message, "use", error.cure)
        return
    yield from _unknown("columns", use.columns, [item.name for item in chosen.items], "item")
    yield from _unknown("codes", use.codes, list(chosen.codes), "code")
    if use.thresholds is not None:
        yield from _unknown("thresholds", (use.thresholds,), list(chosen.thresholds), "pair of thresholds")
    for item in chosen.items:
        if not item.many and isinstance(use.columns.get(item.name), tuple):
            yield UsageError(f"{item.name} is one column.", "columns", f"Write {item.name} = 'COLUMN'")


def _unknown(where: str, names: Any, names_known: list[str], what: str) -> Iterator[UsageError]:
    for name in names:
        if name not in names_known:
            listed = f"It has: {', '.join(names_known)}." if names_known else "It has none."
            yield UsageError(f"there is no {what} {name!r}.", where, nearest(name, names_known, listed))


def made_by(use: IndicatorUse) -> tuple[str, ...]:
    """The names of the variables that an entry makes; none for an indicator that is not known."""
    try:
        chosen = indicator(use.use)
    except UsageError:
        return ()
    return tuple(str(entry["name"]).replace("{self}", use.name or chosen.stem) for entry in chosen.recodes)


def recodes_of(use: IndicatorUse) -> tuple[dict[str, Any], ...]:
    """The recodes as a study would write them. Raises ``UsageError``.

    >>> use = IndicatorUse(use="phq/phq2", columns={"phq_interest": "q1", "phq_down": "q2"}, name="low_mood")
    >>> recodes_of(use)[0]["sum"]
    {'q1': 1, 'q2': 1}
    """
    chosen = indicator(use.use)
    meaning = _meaning(use, chosen)
    entries: list[dict[str, Any]] = [_filled(dict(entry), meaning) for entry in chosen.recodes]
    for entry in entries:
        if use.missing is not None and "missing" in entry:
            entry["missing"] = use.missing
    own_entry = next(entry for entry in entries if entry["name"] == meaning.columns["self"])
    own_entry["label"] = use.label or dict(chosen.title)
    return tuple(entries)


@frozen
class Meaning:
    """What each ``{NAME}`` of a recode stands for: names of ``columns``, and ``values`` of answers and cut points."""

    columns: Mapping[str, str | tuple[str, ...]]
    values: Mapping[str, Any]


def _meaning(use: IndicatorUse, chosen: Indicator) -> Meaning:
    columns = {item.name: use.columns.get(item.name, item.usual if item.many else item.name) for item in chosen.items}
    limits: Mapping[str, float] = {}
    if chosen.thresholds:
        limits = chosen.thresholds[use.thresholds or next(iter(chosen.thresholds))]
    return Meaning(columns={**columns, "self": use.name or chosen.stem}, values={**chosen.codes, **use.codes, **limits})


def _filled(part: Any, meaning: Meaning) -> Any:
    """A recode's part with its names filled in; a list takes all columns of an item of many."""
    if isinstance(part, dict):
        return {
            _name(key, meaning): _condition(inner, meaning)
            if key == "when" and isinstance(inner, str)
            else _filled(inner, meaning)
            for key, inner in part.items()
        }
    if isinstance(part, list):
        return [one for inner in part for one in _spread(_filled(inner, meaning))]
    if not isinstance(part, str):
        return part
    name = part[1:-1]
    if part == f"{{{name}}}" and name in {**meaning.columns, **meaning.values}:
        return {**meaning.columns, **meaning.values}[name]
    return _name(part, meaning)


def _spread(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple) else [value]


def _name(text: str, meaning: Meaning) -> str:
    for name, column in meaning.columns.items():
        text = text.replace(f"{{{name}}}", str(column))
    return text


def _condition(text: str, meaning: Meaning) -> str:
    """A condition: columns between backticks, texts between quotes."""
    self_column = str(meaning.columns["self"])
    text = re.sub(r"\{self\}(\w*)", lambda match: f"`{self_column}{match[1]}`", text)
    for name, column in meaning.columns.items():
        text = text.replace(f"{{{name}}}", f"`{column}`")
    for name, value in meaning.values.items():
        text = text.replace(f"{{{name}}}", quoted(value) if isinstance(value, str) else f"{value:g}")
    return text


def quoted(text: str) -> str:
    """A text as a condition writes it.

    >>> print(quoted("don't know"), quoted("yes"))
    "don't know" 'yes'
    """
    return f'"{text}"' if "'" in text else f"'{text}'"

"""Reliability schemes: a TOML file each, rules in order, the first that holds gives the flag.

A condition is a measure, a comparison and a number (``n_effective < 30``); all
conditions of a rule must hold, and one about a measure that a figure does not
have never holds. ``withhold`` takes the figure away and leaves its n, ``mark``
leaves the figure with its sign. To add a scheme, write its file, name it in
``SCHEMES`` and give its flags their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

from surveytool.errors import UsageError, unknown
from surveytool.frozen import frozen

SCHEMES = ("none", "nchs", "nchs-counts", "cepal-2020", "cepal-2023", "ine-chile", "statcan", "min-n")
OPERATORS = ("<=", ">=", "<", ">", "==")
Action = Literal["mark", "withhold"]


@frozen
class Condition:
    """``measure operator number``."""

    measure: str
    operator: str
    number: float

    def holds(self, measures: Mapping[str, float | None]) -> bool:
        """Whether a figure with these measures fulfils it; never for a measure that it has not."""
        value = measures.get(self.measure)
        if value is None:
            return False
        number = self.number
        return {
            "<=": value <= number, ">=": value >= number, "<": value < number, ">": value > number,
            "==": value == number,
        }[self.operator]  # fmt: skip


@frozen
class Rule:
    """When all conditions hold, the figure has this flag."""

    flag: str
    action: Action
    conditions: tuple[Condition, ...]


@frozen
class Scheme:
    """A scheme: which statistics it judges, its source, its rules in order."""

    name: str
    statistics: tuple[str, ...]
    source: str
    rules: tuple[Rule, ...]

    def judge(self, statistic: str, measures: Mapping[str, float | None]) -> Rule | None:
        """The first rule that holds of a figure; None for a reliable one, or one that is not judged."""
        if statistic not in self.statistics:
            return None
        return next(
            (rule for rule in self.rules if all(condition.holds(measures) for condition in rule.conditions)), None
        )


@cache
def scheme(name: str) -> Scheme:
    """A scheme by its name; ``min-n:50`` sets the number. ``UsageError`` for one that is not known."""
    stem, sign, number = name.partition(":")
    if stem not in SCHEMES or (sign and stem != "min-n"):
        raise unknown("reliability scheme", name, SCHEMES, "--quality")
    if sign and not (number.isdigit() and int(number) > 0):
        raise UsageError(f"{number!r} is no number of respondents.", "--quality", "Write for example min-n:50")
    if stem == "none":
        return Scheme(name=name, statistics=(), source="", rules=())
    read = _read(stem)
    rules = tuple(_rule(each, number or None) for each in read["rules"])
    return Scheme(name=name, statistics=tuple(read["statistics"]), source=read["source"], rules=rules)


def _read(stem: str) -> dict[str, Any]:
    import tomllib

    file = resources.files("surveytool.disclosure_control").joinpath("schemes", f"{stem.replace('-', '_')}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _rule(read: Mapping[str, Any], number: str | None) -> Rule:
    conditions = tuple(_condition(text, number) for text in read["when"])
    return Rule(flag=read["flag"], action=read["action"], conditions=conditions)


def _condition(text: str, number: str | None) -> Condition:
    for operator in OPERATORS:
        measure, found, right = text.partition(f" {operator} ")
        if found:
            return Condition(measure=measure.strip(), operator=operator, number=float(number or right))
    raise ValueError(f"{text!r} is no condition")

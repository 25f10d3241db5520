"""A small formula language: ``y ~ a + b``, ``a:b`` crosses, ``a*b`` is ``a + b + a:b``, ``- 1`` drops the intercept.

Names may hold dots and slashes; any other name stands in backticks. The outcome
may be one answer of a category: ``work == 'Yes' ~ age``. Nothing is evaluated.
"""

from __future__ import annotations

import re
from itertools import combinations

from surveytool.errors import UsageError
from surveytool.frozen import frozen

_NAME = r"`[^`]+`|[^\W\d][\w./]*"
_FACTOR = re.compile(rf"\s*(?:({_NAME})|([:*+\-])|([01]))\s*")
_OUTCOME = re.compile(rf"^\s*({_NAME})\s*(?:==\s*(?:'([^']*)'|\"([^\"]*)\"|(-?[\w.]+)))?\s*$")
CURE = "Write for example: smartphone == 'Yes' ~ age + sex"


@frozen
class Formula:
    """Outcome, the answer that counts as 1 (None: not said), terms as tuples of names, and the intercept."""

    text: str
    outcome: str
    event: str | None
    terms: tuple[tuple[str, ...], ...]
    intercept: bool

    def names(self) -> list[str]:
        """Every variable, the outcome first, each once."""
        return list(dict.fromkeys([self.outcome, *(name for term in self.terms for name in term)]))


def parse(text: str) -> Formula:
    """Read a formula; raises ``UsageError`` that shows where it stops being one."""
    left, sign, right = text.partition("~")
    match = _OUTCOME.match(left)
    if not sign or match is None:
        raise UsageError(f"{text!r} is not OUTCOME ~ TERMS.", "the formula", CURE)
    event = next((group for group in match.groups()[1:] if group is not None), None)
    terms, intercept = _terms(right)
    outcome = _plain(match[1])
    if any(outcome in term for term in terms):
        raise UsageError(f"{outcome} stands on both sides.", "the formula", CURE)
    return Formula(text=text.strip(), outcome=outcome, event=event, terms=terms, intercept=intercept)


def _plain(name: str) -> str:
    return name[1:-1] if name.startswith("`") else name


def _terms(text: str) -> tuple[tuple[tuple[str, ...], ...], bool]:
    terms: list[tuple[str, ...]] = []
    intercept = True
    for sign, part in _summands(text):
        if part in ("0", "1"):
            intercept = (part == "1") == (sign == "+")
            continue
        if sign == "-":
            raise UsageError(f"{part!r} cannot be taken away.", "the formula", "Leave it out instead.")
        terms += [term for term in _expanded(part) if term not in terms]
    if not terms and not intercept:
        raise UsageError("no term is left.", "the formula", CURE)
    return tuple(terms), intercept


def _summands(text: str) -> list[tuple[str, str]]:
    """Signs and summands; every character must belong to one."""
    start, sign, parts, current = 0, "+", [], ""
    expects = True
    while start < len(text.rstrip()):
        token = _FACTOR.match(text, start)
        if token is None or token.end() == start:
            raise UsageError(f"cannot be read from {text[start:].strip()!r} on.", "the formula", CURE)
        name, operator, digit = token.groups()
        if (operator is None) != expects and not (expects and operator in ("+", "-") and not current):
            raise UsageError(f"cannot be read from {text[start:].strip()!r} on.", "the formula", CURE)
        if operator in ("+", "-"):
            parts += [(sign, current)] if current else []
            sign, current, expects = operator, "", True
        else:
            current += operator or name or digit or ""
            expects = operator is not None
        start = token.end()
    if expects or not current:
        raise UsageError("ends too early.", "the formula", CURE)
    return [*parts, (sign, current)]


def _expanded(part: str) -> list[tuple[str, ...]]:
    """``a*b`` as a, b and a:b; ``a:b`` alone."""
    crossed = [tuple(_plain(name) for name in re.findall(_NAME, product)) for product in _split(part, "*")]
    out: list[tuple[str, ...]] = []
    for size in range(1, len(crossed) + 1):
        for chosen in combinations(crossed, size):
            out.append(tuple(dict.fromkeys(name for names in chosen for name in names)))
    return out


def _split(part: str, sign: str) -> list[str]:
    """Split outside of backticks."""
    return [part_text for part_text in re.split(rf"{re.escape(sign)}(?=(?:[^`]*`[^`]*`)*[^`]*$)", part) if part_text]

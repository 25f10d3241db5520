"""The conditions of a form (``relevant``, ``constraint``, ``calculation``): XPath with ``${name}``.

elementpath parses them; ``${name}`` becomes a variable. Functions of collection tools (``selected`` ...) are names to
the parser; what they mean is said where a condition meets data (``condition_values``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from surveytool.collection_form.labels import REFERENCE
from surveytool.errors import UsageError

FUNCTIONS = (
    "selected", "count-selected", "selected-at", "if", "coalesce", "regex", "int", "number", "string", "boolean",
    "once", "today", "now", "uuid", "position", "count", "sum", "min", "max", "date", "date-time", "decimal-date-time",
    "format-date", "format-date-time", "jr_choice-name", "jr_itext", "pulldata", "indexed-repeat", "instance",
    "current",
    "string-length", "substr", "substring", "concat", "join", "contains", "starts-with", "ends-with", "round", "floor",
    "ceiling", "abs", "pow", "sqrt", "exp", "log", "log10", "random", "checklist", "weighted-checklist", "area",
    "distance", "digest", "count-non-empty", "randomize", "translate", "normalize-space", "not", "true", "false",
    "boolean-from-string", "version", "property", "base64-decode", "pi", "sin", "cos", "tan", "id", "name", "last",
    "substring-before", "substring-after", "lower-case", "upper-case", "decimal-time", "index", "jr_property",
)  # fmt: skip
LONGEST = 20_000
DEEPEST = 200


@lru_cache(maxsize=1)
def _parser() -> Any:
    """A parser of XPath 1.0 that knows the functions of collection tools by their names."""
    from elementpath import XPath1Parser

    class FormParser(XPath1Parser):  # type: ignore[misc]
        """XPath 1.0 with the functions of forms."""

    def evaluate(self: Any, context: Any = None) -> Any:
        raise self.missing_context()

    for name in FUNCTIONS:
        FormParser.symbol_table.pop(name, None)  # the arguments of some differ from XPath's own
        FormParser.function(name, nargs=(0, 60)).evaluate = evaluate
    return FormParser()


@lru_cache(maxsize=4096)
def parse(text: str) -> Any:
    """The tree of a condition: tokens with a symbol, a value and parts. Raises ``UsageError``.

    >>> parse("selected(${apps}, 'sms') and ${age} >= 18").symbol
    'and'
    """
    if len(text) > LONGEST or text.count("(") > DEEPEST:
        raise UsageError("the condition is too long.", cure="Shorten it.")
    try:
        return _parser().parse(_as_xpath(text))
    except RecursionError:
        raise UsageError("the condition is nested too deeply.", cure="Shorten it.") from None
    except Exception as error:  # the parser has a tree of its own, with bases of several kinds
        told = re.sub(r"^.*?line \d+, column (\d+): \[err:\w+\] ", r"at character \1: ", str(error))
        raise UsageError(
            f"{text[:80]!r} cannot be read ({told[:120]}).", cure="Mend the condition in the form."
        ) from None


def _as_xpath(text: str) -> str:
    """The condition with its references as variables, and typographic quotes as plain ones."""
    plain = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xA0: " "})
    plain = re.sub(r"\bjr:(?=[a-z])", "jr_", plain)
    return REFERENCE.sub(lambda match: f" ${_variable(match[1])} ", plain)


def _variable(name: str) -> str:
    """A reference as a variable of XPath: a name, the last one of a path (``last-saved#`` is another interview)."""
    if "#" in name:
        return "last-saved." + re.sub(r"\W", "_", name.rpartition("#")[2])
    return re.sub(r"[^\w.-]", "_", name.rpartition("/")[2])


def references(text: str) -> Iterator[str]:
    """The questions that a condition asks about, in order, with repeats."""
    return (match[1].rpartition("/")[2] for match in REFERENCE.finditer(text) if "#" not in match[1])

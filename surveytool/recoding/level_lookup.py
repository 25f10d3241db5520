"""Levels and variables by the names that a study gives them, with near names for those that there are not."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from surveytool.errors import UnknownVariable, no_answer
from surveytool.survey import Code, Codebook, Variable, code_text, find_level


def level_at(variable: Variable, code: Code, where: str) -> int:
    """The place among the valid levels of the one that is named by code, label or option. Raises ``UsageError``."""
    levels = variable.valid_levels()
    text = code_text(code)
    found = find_level(levels, text, variable.name)
    if found is None and variable.kind == "multiple":
        found = next(
            (index for index, column in enumerate(variable.columns) if option_of(variable, column) == text), None
        )
    if found is not None:
        return found
    raise no_answer(variable.name, text, (level.label for level in variable.shown_levels()), where)


def option_of(variable: Variable, column: str) -> str:
    """What a column of a question with several answers adds to its name.

    >>> option_of(Variable(name="used", kind="multiple"), "used/maps")
    'maps'
    """
    return column.removeprefix(variable.name).lstrip("_/.")


def matching(pattern: str, names_known: Iterable[str]) -> list[str]:
    """The names that a name or glob means, in order. Raises ``UnknownVariable``."""
    names = list(names_known)
    matches = [name for name in names if name == pattern] or [name for name in names if fnmatchcase(name, pattern)]
    if not matches:
        raise UnknownVariable(pattern, names)
    return matches


def known_columns(book: Codebook) -> list[str]:
    """Every column that the codebook knows, each once."""
    return list(dict.fromkeys(name for variable in book.values() for name in variable.columns or (variable.name,)))

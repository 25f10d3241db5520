"""Conditions and answers in the words of other programs: codes as they stand in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from surveytool.aggregate import where_language as w
from surveytool.survey import SEVERAL, Codebook, Variable, code_text, find_level

MOST_IN_LIST = 9  # texts that Stata's inlist takes beside the name
ALIVE = re.compile('(["$`\n\r])')  # what Stata would act on inside of a text


class Dialect(Protocol):
    """How a program writes names, values and logic."""

    @property
    def both(self) -> str: ...
    @property
    def either(self) -> str: ...
    def name(self, name: str) -> str: ...
    def among(self, name: str, values: list[str]) -> str: ...
    def missing(self, name: str) -> str: ...
    def known(self, condition: str, answered: str) -> str: ...
    def text(self, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class R:
    """R's words."""

    both: str = " & "
    either: str = " | "

    def name(self, name: str) -> str:
        plain = name.replace(".", "").replace("_", "").isalnum() and not name[0].isdigit() and name.isascii()
        return name if plain else f"`{name}`"

    def among(self, name: str, values: list[str]) -> str:
        column = self.name(name)
        return f"{column} == {values[0]}" if len(values) == 1 else f"{column} %in% c({', '.join(values)})"

    def missing(self, name: str) -> str:
        return f"is.na({self.name(name)})"

    def known(self, condition: str, answered: str) -> str:
        return f"ifelse({answered}, {condition}, NA)"

    def text(self, text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True)
class Stata:
    """Stata's words; names as ``import delimited`` makes them."""

    both: str = " & "
    either: str = " | "

    def name(self, name: str) -> str:
        allowed = "".join(character if character.isalnum() or character == "_" else "_" for character in name)[:32]
        return f"_{allowed}" if allowed[:1].isdigit() else allowed

    def among(self, name: str, values: list[str]) -> str:
        column = self.name(name)
        parts = [values[start : start + MOST_IN_LIST] for start in range(0, len(values), MOST_IN_LIST)]
        lists = [f"inlist({column}, {', '.join(part)})" for part in parts]
        return f"{column} == {values[0]}" if len(values) == 1 else self.either.join(lists)

    def missing(self, name: str) -> str:
        return f"missing({self.name(name)})"

    def known(self, condition: str, answered: str) -> str:
        return f"({condition}) & ({answered})"

    def text(self, text: str) -> str:
        """A text whose quotes, macro signs and line ends are numbers, so that nothing in it is a command."""
        parts = [part if index % 2 == 0 else f"char({ord(part)})" for index, part in enumerate(ALIVE.split(text))]
        written = [f'"{part}"' if index % 2 == 0 else part for index, part in enumerate(parts) if part]
        return f"({' + '.join(written)})" if len(written) > 1 else written[0] if written else '""'


def literal(code: object, dialect: Dialect) -> str:
    """A code as a program writes it: numbers plain, text in quotes."""
    return dialect.text(code) if isinstance(code, str) else code_text(code)  # type: ignore[arg-type]


def answered(variable: Variable, dialect: Dialect, *, numbers: bool = False) -> str:
    """The condition that a respondent gave an answer; of ``numbers`` one that is a number."""
    if variable.kind in SEVERAL:
        kept = variable.counted is None and variable.parent is not None
        columns = (variable.parent or "",) if kept else variable.columns or (variable.name,)
        return dialect.either.join(f"!{dialect.missing(column)}" for column in columns)
    present = f"!{dialect.missing(variable.name)}"
    gone = [level for _, level in variable.no_numbers()]
    gone = gone if numbers else [level for level in variable.levels if level.missing is not None]
    missing = [literal(level.code, dialect) for level in gone if _real(level.code)]
    if not missing:
        return present
    return f"{present}{dialect.both}!({dialect.among(variable.name, missing)})"


def _real(code: object) -> bool:
    """Whether the code stands in the data (Stata's and SAS's tagged missing values do not)."""
    return not (isinstance(code, str) and code.startswith("."))


def holds(variable: Variable, label: str, dialect: Dialect) -> str:
    """The condition that a respondent gave the answer with this label; of several, among others."""
    if variable.kind in SEVERAL:
        return chosen(variable, label, dialect)
    index = find_level(variable.levels, label, variable.name)
    return dialect.among(variable.name, [literal(label if index is None else variable.levels[index].code, dialect)])


def chosen(variable: Variable, label: str, dialect: Dialect) -> str:
    """The condition that a respondent chose an option of a question with several answers."""
    options = variable.valid_levels()
    index = option(variable, label)
    if variable.counted is not None:
        return dialect.among(variable.columns[index], [literal(variable.counted, dialect)])
    code = literal(options[index].code, dialect)
    return "(" + dialect.either.join(dialect.among(column, [code]) for column in variable.columns) + ")"


def option(variable: Variable, label: str) -> int:
    """The place of an option that a request has found before."""
    index = find_level(variable.valid_levels(), label, variable.name)
    assert index is not None, variable.name
    return index


def written(condition: w.Condition, book: Codebook, dialect: Dialect) -> str:
    """A condition of ``--where`` in another program's words; an unknown answer stays unknown.

    Stata has no unknown truth: a ``not`` is moved inwards, where the missing answers are.
    """
    if isinstance(condition, w.All | w.Any):
        link = dialect.both if isinstance(condition, w.All) else dialect.either
        return link.join(f"({written(part, book, dialect)})" for part in condition.parts)
    if (
        isinstance(condition, w.Not)
        and isinstance(condition.part, w.All | w.Any | w.Not)
        and isinstance(dialect, Stata)
    ):
        return written(_inwards(condition.part), book, dialect)
    if isinstance(condition, w.Not) and isinstance(condition.part, w.Compare | w.Among) and isinstance(dialect, Stata):
        variable = book[condition.part.name]
        contrary = f"!({_comparison(condition.part, variable, dialect)})"
        return dialect.known(contrary, answered(variable, dialect))
    if isinstance(condition, w.Not):
        return f"!({written(condition.part, book, dialect)})"
    variable = book[condition.name]
    if isinstance(condition, w.IsMissing):
        return f"!({answered(variable, dialect)})"
    return dialect.known(_comparison(condition, variable, dialect), answered(variable, dialect))


def _inwards(condition: w.All | w.Any | w.Not) -> w.Condition:
    """The contrary of a condition, by De Morgan."""
    if isinstance(condition, w.Not):
        return condition.part
    parts = tuple(w.Not(part) for part in condition.parts)
    return w.Any(parts) if isinstance(condition, w.All) else w.All(parts)


def _comparison(condition: w.Compare | w.Among, variable: Variable, dialect: Dialect) -> str:
    if variable.kind in SEVERAL:
        values = condition.values if isinstance(condition, w.Among) else (condition.value,)
        equal = dialect.either.join(chosen(variable, code_text(value), dialect) for value in values)
        return f"!({equal})" if isinstance(condition, w.Compare) and condition.operator == "!=" else f"({equal})"
    if isinstance(condition, w.Among):
        return dialect.among(variable.name, [_code(variable, value, dialect) for value in condition.values])
    if condition.operator in ("==", "!="):
        same = dialect.among(variable.name, [_code(variable, condition.value, dialect)])
        return same if condition.operator == "==" else f"!({same})"
    return f"{dialect.name(variable.name)} {condition.operator} {_code(variable, condition.value, dialect)}"


def _code(variable: Variable, value: w.Value, dialect: Dialect) -> str:
    """A label or code as the code in the file."""
    index = find_level(variable.levels, code_text(value), variable.name)
    return literal(value if index is None else variable.levels[index].code, dialect)

"""Conditions and answers in the words of other programs: codes as they stand in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from surveytool.aggregate import where_language as w
from surveytool.survey import SEVERAL, Codebook, Variable, code_text, find_level


class Dialect(Protocol):
    """How a program writes names, values and logic."""

    @property
    def both(self) -> str: ...
    @property
    def either(self) -> str: ...
    def name(self, name: str) -> str: ...
    def among(self, name: str, values: list[str]) -> str: ...
    def missing(self, name: str) -> str: ...
    def known(self, condition: str, known: str) -> str: ...


@dataclass(frozen=True, slots=True)
class R:
    """R's words."""

    both: str = " & "
    either: str = " | "

    def name(self, name: str) -> str:
        plain = name.replace(".", "").replace("_", "").isalnum() and not name[0].isdigit() and name.isascii()
        return name if plain else f"`{name}`"

    def among(self, name: str, values: list[str]) -> str:
        own = self.name(name)
        return f"{own} == {values[0]}" if len(values) == 1 else f"{own} %in% c({', '.join(values)})"

    def missing(self, name: str) -> str:
        return f"is.na({self.name(name)})"

    def known(self, condition: str, known: str) -> str:
        return f"ifelse({known}, {condition}, NA)"


@dataclass(frozen=True, slots=True)
class Stata:
    """Stata's words; names as ``import delimited`` makes them."""

    both: str = " & "
    either: str = " | "

    def name(self, name: str) -> str:
        made = "".join(each if each.isalnum() or each == "_" else "_" for each in name)[:32]
        return f"_{made}" if made[:1].isdigit() else made

    def among(self, name: str, values: list[str]) -> str:
        own = self.name(name)
        return f"{own} == {values[0]}" if len(values) == 1 else f"inlist({own}, {', '.join(values)})"

    def missing(self, name: str) -> str:
        return f"missing({self.name(name)})"

    def known(self, condition: str, known: str) -> str:
        return f"({condition}) & ({known})"


def literal(code: object) -> str:
    """A code as both programs write it: numbers plain, text in quotes."""
    if isinstance(code, str):
        return '"' + code.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return code_text(code)  # type: ignore[arg-type]


def answered(variable: Variable, dialect: Dialect, *, numbers: bool = False) -> str:
    """The condition that a respondent gave an answer; of ``numbers`` one that is a number."""
    if variable.kind in SEVERAL:
        kept = variable.counted is None and variable.parent is not None
        columns = (variable.parent or "",) if kept else variable.columns or (variable.name,)
        return dialect.either.join(f"!{dialect.missing(column)}" for column in columns)
    present = f"!{dialect.missing(variable.name)}"
    gone = [level for _, level in variable.no_numbers()]
    gone = gone if numbers else [level for level in variable.levels if level.missing is not None]
    missing = [literal(level.code) for level in gone if _real(level.code)]
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
    found = find_level(variable.levels, label, variable.name)
    return dialect.among(variable.name, [literal(label if found is None else variable.levels[found].code)])


def chosen(variable: Variable, label: str, dialect: Dialect) -> str:
    """The condition that a respondent chose an option of a question with several answers."""
    options = variable.valid_levels()
    place = option(variable, label)
    if variable.counted is not None:
        return dialect.among(variable.columns[place], [literal(variable.counted)])
    code = literal(options[place].code)
    return "(" + dialect.either.join(dialect.among(column, [code]) for column in variable.columns) + ")"


def option(variable: Variable, label: str) -> int:
    """The place of an option that a request has found before."""
    place = find_level(variable.valid_levels(), label, variable.name)
    assert place is not None, variable.name
    return place


def written(condition: w.Condition, book: Codebook, dialect: Dialect) -> str:
    """A condition of ``--where`` in another program's words; an unknown answer stays unknown in R."""
    if isinstance(condition, w.All | w.Any):
        link = dialect.both if isinstance(condition, w.All) else dialect.either
        return link.join(f"({written(part, book, dialect)})" for part in condition.parts)
    if isinstance(condition, w.Not):
        return f"!({written(condition.part, book, dialect)})"
    variable = book[condition.name]
    if isinstance(condition, w.IsMissing):
        return f"!({answered(variable, dialect)})"
    return dialect.known(_comparison(condition, variable, dialect), answered(variable, dialect))


def _comparison(condition: w.Compare | w.Among, variable: Variable, dialect: Dialect) -> str:
    if variable.kind in SEVERAL:
        values = condition.values if isinstance(condition, w.Among) else (condition.value,)
        found = dialect.either.join(chosen(variable, code_text(value), dialect) for value in values)
        return f"!({found})" if isinstance(condition, w.Compare) and condition.operator == "!=" else f"({found})"
    if isinstance(condition, w.Among):
        return dialect.among(variable.name, [_code(variable, value) for value in condition.values])
    if condition.operator in ("==", "!="):
        same = dialect.among(variable.name, [_code(variable, condition.value)])
        return same if condition.operator == "==" else f"!({same})"
    return f"{dialect.name(variable.name)} {condition.operator} {_code(variable, condition.value)}"


def _code(variable: Variable, value: w.Value) -> str:
    """A label or code as the code in the file."""
    found = find_level(variable.levels, code_text(value), variable.name)
    return literal(value if found is None else variable.levels[found].code)

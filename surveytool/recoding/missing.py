"""Codes that are no answers, with the reason why: don't know, refused, not asked, not answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from surveytool.errors import UsageError
from surveytool.recoding.level_lookup import matching
from surveytool.recoding.recode_result import Made, by_code, level_of, phrase
from surveytool.recoding.recode_types import MissingCodes
from surveytool.survey import Code, Codebook, Level, Missing, Variable, code_text, find_level, level_of_code

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns


def faults(recode: MissingCodes) -> Iterator[UsageError]:
    """No variables, no codes, or a code of two kinds."""
    if not recode.variables:
        yield UsageError("variables is empty.", "variables", 'Write variables = ["q1", "q2_*"]')
    yield from twice(recode.missing)


def twice(missing: Mapping[Missing, tuple[Code, ...]]) -> Iterator[UsageError]:
    """Codes that are given two reasons."""
    if not any(missing.values()):
        yield UsageError("missing names no codes.", "missing", "Write missing = {dont_know = [8], refused = [9]}")
    codes = [code_text(code) for codes_of_kind in missing.values() for code in codes_of_kind]
    for code in dict.fromkeys(codes):
        if codes.count(code) > 1:
            yield UsageError(f"the code {code!r} is missing for two reasons.", "missing", "Leave it with one of them.")


def sources(recode: MissingCodes) -> tuple[str, ...]:
    """The variables, globs as they are."""
    return recode.variables


def made_missing(recode: MissingCodes, name: str, columns: Columns) -> Made:
    """One of the variables with its codes declared missing."""
    book = columns.survey.codebook
    strict = len(meant(recode, book)) == 1
    return Made(variables=(with_missing(columns, book[name], recode.missing, strict=strict),))


def meant(recode: MissingCodes, book: Codebook) -> list[str]:
    """The variables that are named; of a glob those that can have such codes."""
    named_by_pattern = {name: name == pattern for pattern in recode.variables for name in matching(pattern, book)}
    return [
        name for name, named in named_by_pattern.items() if named or book[name].kind in ("single", "number", "text")
    ]


def with_missing(
    columns: Columns, variable: Variable, missing: Mapping[Missing, tuple[Code, ...]], *, strict: bool = True
) -> Variable:
    """A question with codes declared missing, its counts made anew.

    ``strict`` raises ``UsageError`` for a label that the question does not have.
    """
    if variable.kind in ("multiple", "date"):
        raise UsageError(f"{variable.name} is of kind {variable.kind} and has no missing codes.", "missing")
    levels = list(variable.levels)
    for why, codes in missing.items():
        for code in codes:
            level = find_level(levels, code) if isinstance(code, str) else level_of_code(levels, code_text(code))
            if level is not None:
                levels[level] = _named(replace(levels[level], missing=why), why)
            elif isinstance(code, str) and columns.is_numeric(variable.name):
                if strict:
                    raise UsageError(f"{variable.name} has no answer {code!r}.", "missing", "Write its code.")
            else:
                level_code = code if isinstance(code, str) else float(code)
                levels.append(level_of(level_code, phrase(f"missing_{why}"), missing=why))
    return recounted(columns, replace(variable, levels=tuple(levels)))


def _named(level: Level, why: Missing) -> Level:
    """A code without a label of its own is called by its reason."""
    if level.label != code_text(level.code) or level.labels:
        return level
    named = level_of(level.code, phrase(f"missing_{why}"))
    return replace(level, label=named.label, labels={"": level.label, **named.labels})


def recounted(columns: Columns, variable: Variable) -> Variable:
    """The question with counts of its levels as they are now, those that are missing after the answers."""
    from surveytool.aggregate.encoded_columns import keys_of

    keys, values = keys_of(columns.raw(variable.columns[0] if variable.columns else variable.name))
    seen = by_code(keys, len(values), columns.sizes)
    count = {
        code_text(value if isinstance(value, str) else _number(value)): int(n)
        for value, n in zip(values, seen, strict=True)
    }
    tags: dict[str, int] = {}
    if variable.tags is not None:
        tagged, names = keys_of(columns.raw(variable.tags))
        tags = {str(name): columns.count(tagged == index) for index, name in enumerate(names)}
    levels = [
        replace(level, count=count.get(code_text(level.code), tags.get(str(level.code), 0)))
        for level in variable.levels
    ]
    ordered = [*(level for level in levels if level.missing is None), *(level for level in levels if level.missing)]
    lost = sum(count.get(code_text(level.code), 0) for level in levels if level.missing is not None)
    n = sum(count.values()) - lost
    return replace(
        variable,
        levels=tuple(replace(level, order=index) for index, level in enumerate(ordered)),
        n=n,
        n_missing=columns.respondents - n,
    )


def _number(value: object) -> Code:
    """A value of a frame as a code; booleans by their text."""
    return str(value) if isinstance(value, bool) or not isinstance(value, int | float) else float(value)


__all__ = ["Level", "faults", "made_missing", "meant", "recounted", "sources", "twice", "with_missing"]

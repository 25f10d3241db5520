"""What a question is: its levels, its kind, its columns; and the codebook of all.

A level's ``code`` is the value as it stands in the data frame: a float for a
numeric column, a text for a text column, ``".a"`` for a tagged missing value of
Stata or SAS, whose tag stands in the column that ``Variable.tags`` names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from surveytool.errors import UnknownVariable, UsageError
from surveytool.frozen import frozen
from surveytool.survey.non_answers import Missing, non_answers

Code = str | float | int
Kind = Literal["single", "multiple", "number", "date", "text", "id", "route"]
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")
SEVERAL = ("multiple", "route")  # kinds of which one respondent may have several answers


@frozen
class Level:
    """One answer: ``missing`` is None for a valid answer, else why it is none.

    ``withheld`` says that its count may not be shown (and is 0). ``labels`` are its
    other names: by language, and under ``""`` what the file calls it.
    """

    code: Code
    label: str
    order: int = 0
    missing: Missing | None = None
    count: int = 0
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    withheld: bool = False


@frozen
class Variable:
    """One question. ``columns`` are the frame's columns that hold its answers.

    A ``multiple`` holds one column an option, in the order of ``levels``, with
    ``counted`` the value that says "chosen" (``parent`` names the column that is
    empty where the question was not asked); where ``counted`` is None every
    column holds the code of a chosen option. A ``route`` is such a question: its
    options are legs. ``ranked`` shows the levels that occur, by their share;
    ``alphabetical`` says that the order of the levels is that of the alphabet, which means nothing.
    ``stages`` are the headings of levels that are paths from place to place.
    ``n`` are respondents with a valid answer, ``n_missing`` the others; ``withheld``
    says that these two may not be shown (and are 0). ``keep_missing`` takes codes for
    numbers whose labels say that they are no answers. ``value_labels`` are what the file
    calls some values of a number, such as the ends of a scale. ``sensitive`` is in no overview;
    ``personal`` names, reaches or locates people, and nothing of it is ever shown.
    """

    name: str
    kind: Kind
    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    columns: tuple[str, ...] = ()
    tags: str | None = None
    counted: Code | None = None
    parent: str | None = None
    asked_when: str | None = None
    unit: str | None = None
    sensitive: bool = False
    personal: bool = False
    ranked: bool = False
    alphabetical: bool = False
    stages: tuple[str, ...] = ()
    n: int = 0
    n_missing: int = 0
    withheld: bool = False
    keep_missing: bool = False
    value_labels: Mapping[Code, str] = field(default_factory=dict, hash=False)

    def __repr__(self) -> str:
        """Its name and kind, without answers or counts."""
        answers = f", {len(self.levels)} answers" if self.levels else ""
        return f"Variable({self.name!r}, {self.kind}{answers}{', sensitive' if self.sensitive else ''})"

    def title(self, language: str | None = None) -> str:
        """The label as it is, or in a language where it has one; else the name."""
        return self.labels.get(language or "") or self.label or self.name

    def valid_levels(self) -> tuple[Level, ...]:
        """The levels that are answers."""
        return tuple(level for level in self.levels if level.missing is None)

    def no_numbers(self) -> tuple[tuple[int, Level], ...]:
        """The levels, with their places, that are no numbers: missing ones, and labels such as "Don't know".

        Those get their kind of missing here: a table of answers shows them, a mean never holds them.
        """
        if not self.levels:
            return ()
        indexed = []
        kinds = (None,) * len(self.levels) if self.keep_missing else non_answers([level.label for level in self.levels])
        for index, (level, kind) in enumerate(zip(self.levels, kinds, strict=True)):
            if level.missing is not None:
                indexed.append((index, level))
            elif kind is not None:
                indexed.append((index, replace(level, missing=kind)))
        return tuple(indexed)

    def amounts(self) -> dict[float, float]:
        """Codes of a category whose labels are numbers, with these: 1 labelled "0" is none. Empty where they agree."""
        if self.kind != "single":
            return {}
        gone = {index for index, _ in self.no_numbers()}
        valid = [level for index, level in enumerate(self.levels) if index not in gone]
        if not valid or any(
            isinstance(level.code, str) or not _NUMBER.fullmatch(level.label.strip()) for level in valid
        ):
            return {}
        amount_of_code = {float(level.code): float(level.label) for level in valid}
        return amount_of_code if any(code != amount for code, amount in amount_of_code.items()) else {}

    def shown_levels(self) -> tuple[Level, ...]:
        """The levels that may be listed: those of texts, identifiers and sensitive questions are answers of people."""
        return () if self.sensitive or self.kind in ("text", "id") else self.levels


def printed_names(levels: Sequence[Level]) -> list[str]:
    """What tables call the levels: their labels, with the code where several share one.

    >>> printed_names([Level(code=5.0, label="Other"), Level(code=6.0, label="Other"), Level(code=1.0, label="Brick")])
    ['Other [5]', 'Other [6]', 'Brick']
    """
    names = [level.label or code_text(level.code) for level in levels]
    for _ in levels:  # a name with its code may be the label of another level, which then gets its code too
        seen = Counter(names)
        if max(seen.values()) == 1:
            break
        names = _told_apart(names, seen, levels)
        if len({code_text(level.code) for level in levels}) < len(levels):
            break
    return names


def _told_apart(names: Sequence[str], seen: Counter[str], levels: Sequence[Level]) -> list[str]:
    return [
        f"{name} [{code_text(level.code)}]" if seen[name] > 1 else name
        for name, level in zip(names, levels, strict=True)
    ]  # fmt: skip


def find_level(levels: Sequence[Level], text: str, name: str = "") -> int | None:
    """The place of the level that a text names: as printed, else by label, label of another language, or code.

    Raises ``UsageError`` that lists them where several levels have it; ``name`` is the question's.

    >>> levels = [Level(code=1.0, label="Male", labels={"es": "Hombre"}), Level(code=2.0, label="Female")]
    >>> find_level(levels, "2"), find_level(levels, "Hombre"), find_level(levels, "men")
    (1, 0, None)
    >>> find_level([Level(code=1.0, label="0"), Level(code=2.0, label="1")], "1")
    1
    """
    for names in _printed(levels):
        if text in names:
            return names[text]
    for texts in ([(level.label,) for level in levels], [tuple(level.labels.values()) for level in levels]):
        indices = [index for index, names in enumerate(texts) if text in names]
        if len(indices) > 1:
            shown = printed_names(levels)
            cure = f"Write one of: {', '.join(repr(shown[index]) for index in indices)}"
            raise UsageError(f"several answers{f' of {name}' if name else ''} are called {text!r}.", cure=cure)
        if indices:
            return indices[0]
    return level_of_code(levels, text, labels=False)


def _printed(levels: Sequence[Level]) -> Iterator[dict[str, int]]:
    """Names of the answers as tables print them; then of the missing kinds too."""
    valid = [index for index, level in enumerate(levels) if level.missing is None]
    yield dict(zip(printed_names([levels[index] for index in valid]), valid, strict=True))
    yield {name: index for index, name in enumerate(printed_names(levels))}


def level_of_code(levels: Sequence[Level], text: str, *, labels: bool = True) -> int | None:
    """The place of the level with a code, where a code is asked for; else, unless ``labels`` is false, by name.

    >>> level_of_code([Level(code=1.0, label="0"), Level(code=2.0, label="1")], "1")
    0
    """
    index = next((position for position, level in enumerate(levels) if code_text(level.code) == text), None)
    return find_level(levels, text) if index is None and labels else index


def code_text(code: Code) -> str:
    """A code as people write it: ``1.0`` is ``1``, text stays as it is.

    >>> code_text(1.0), code_text(2.5), code_text("007")
    ('1', '2.5', '007')
    """
    if isinstance(code, (str, int)):
        return str(code)
    number = float(code)
    return str(int(number)) if number.is_integer() and abs(number) < 2**63 else repr(number)


@dataclass(frozen=True, slots=True, repr=False)
class Codebook(Mapping[str, Variable]):
    """Ordered mapping of name to Variable; an unknown name gets near names.

    ``others`` are questions of the rosters: they are known by name, and are no variables of the respondents.
    """

    variables: Mapping[str, Variable]
    others: Mapping[str, Variable] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> Variable:
        try:
            return self.variables[name] if name in self.variables else self.others[name]
        except KeyError:
            raise UnknownVariable(name, [*self.variables, *self.others]) from None

    def __contains__(self, name: object) -> bool:
        return name in self.variables or name in self.others

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables)

    def __len__(self) -> int:
        return len(self.variables)

    def __repr__(self) -> str:
        """The names of the variables, the first ones of many."""
        shown = ", ".join(list(self.variables)[:8]) + (", ..." if len(self.variables) > 8 else "")
        return f"Codebook({len(self.variables)} variables: {shown})"

"""What a question is: its levels, its kind, its columns; and the codebook of all.

A level's ``code`` is the value as it stands in the data frame: a float for a
numeric column, a text for a text column, ``".a"`` for a tagged missing value of
Stata or SAS, whose tag stands in the column that ``Variable.tags`` names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from surveytool.errors import UnknownVariable
from surveytool.frozen import frozen

Code = str | float | int
Missing = Literal["dont_know", "refused", "not_asked", "not_answered", "user"]
Kind = Literal["single", "multiple", "number", "date", "text", "id", "route"]
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
    ``stages`` are the headings of levels that are paths from place to place.
    ``n`` are respondents with a valid answer, ``n_missing`` the others; ``withheld``
    says that these two may not be shown (and are 0).
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
    ranked: bool = False
    stages: tuple[str, ...] = ()
    n: int = 0
    n_missing: int = 0
    withheld: bool = False

    def title(self, language: str | None = None) -> str:
        """The label as it is, or in a language where it has one; else the name."""
        return self.labels.get(language or "") or self.label or self.name

    def valid_levels(self) -> tuple[Level, ...]:
        """The levels that are answers."""
        return tuple(level for level in self.levels if level.missing is None)

    def shown_levels(self) -> tuple[Level, ...]:
        """The levels that may be listed: those of texts, identifiers and sensitive questions are answers of people."""
        return () if self.sensitive or self.kind in ("text", "id") else self.levels


def find_level(levels: Sequence[Level], text: str) -> int | None:
    """The place of the level that a text names: by its code, its label, or a label in another language.

    >>> levels = [Level(code=1.0, label="Male", labels={"es": "Hombre"}), Level(code=2.0, label="Female")]
    >>> find_level(levels, "2"), find_level(levels, "Hombre"), find_level(levels, "men")
    (1, 0, None)
    """
    for place, level in enumerate(levels):
        if code_text(level.code) == text:
            return place
    for place, level in enumerate(levels):
        if level.label == text:
            return place
    return next((index for index, level in enumerate(levels) if text in level.labels.values()), None)


def code_text(code: Code) -> str:
    """A code as people write it: ``1.0`` is ``1``, text stays as it is.

    >>> code_text(1.0), code_text(2.5), code_text("007")
    ('1', '2.5', '007')
    """
    if isinstance(code, (str, int)):
        return str(code)
    number = float(code)
    return str(int(number)) if number.is_integer() and abs(number) < 2**63 else repr(number)


@dataclass(frozen=True, slots=True)
class Codebook(Mapping[str, Variable]):
    """Ordered mapping of name to Variable; an unknown name gets near names."""

    variables: Mapping[str, Variable]

    def __getitem__(self, name: str) -> Variable:
        try:
            return self.variables[name]
        except KeyError:
            raise UnknownVariable(name, self.variables) from None

    def __contains__(self, name: object) -> bool:
        return name in self.variables

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables)

    def __len__(self) -> int:
        return len(self.variables)

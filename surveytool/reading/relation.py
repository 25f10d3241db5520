"""A table or view of a database: which one a name means, what its columns are, how each is asked for.

A database has types that no answer is kept in (decimals, numbers of 128 bits, times,
lists). They are asked for as what an answer is: a number where every digit fits, else
a text. So each column is one that can be streamed, and 0.35 is 0.35.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from surveytool.errors import UnreadableData, did_you_mean, near_names

PLAIN = re.compile(
    r"ENUM\(.*\)|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|VARCHAR|BOOLEAN|DATE|TIMESTAMP(_\w+| WITH TIME ZONE)?",
    re.DOTALL,
)
DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
PADDED = "character"  # the server's word for texts of a fixed length, filled up with blanks
BIG = 18  # digits that every whole number of 64 bits has
MANY = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands; ``preferred`` says that its schema need not be named."""

    schema: str
    name: str
    preferred: bool = False

    @property
    def spellings(self) -> frozenset[str]:
        """Every way to write it."""
        schema, name = quoted(self.schema), quoted(self.name)
        return frozenset({self.name, name, f"{self.schema}.{self.name}", f"{schema}.{name}", f"{self.schema}.{name}"})

    def __str__(self) -> str:
        return self.name if self.preferred else f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, its type in DuckDB's words, its comment, its type in the server's words."""

    name: str
    kind: str
    label: str = ""
    native: str = ""

    @property
    def exact(self) -> bool:
        """Whether the server keeps it as a number of any length, which need not be a number at all."""
        return self.kind.startswith(("DECIMAL", "DOUBLE")) and self.native not in ("", "double precision")

    @property
    def wide(self) -> bool:
        """Whether its whole numbers may be too large for 64 bits."""
        digits = DECIMAL.fullmatch(self.kind)
        return self.kind in ("HUGEINT", "UHUGEINT") or bool(digits and int(digits[1]) > BIG and int(digits[2]) == 0)

    def asked(self, *, large: bool = False) -> str:
        """The column in a query, under its own name; ``large`` says that whole numbers are too large for 64 bits."""
        name = quoted(self.name)
        if self.native == PADDED:
            return f"rtrim({name}) as {name}"
        target = self._target(large)
        return name if target is None else f"cast({name} as {target}) as {name}"

    def _target(self, large: bool) -> str | None:
        """The type that it is asked for as; None for its own."""
        if self.wide:
            return "varchar" if large else "bigint"
        digits = DECIMAL.fullmatch(self.kind)
        if digits:
            return "bigint" if int(digits[2]) == 0 else "double"
        return None if PLAIN.fullmatch(self.kind) else "varchar"


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def choose(places: Sequence[Place], named: str | None, shown: str) -> Place:
    """The table that is meant: the named one, or the only one. Raises ``UnreadableData`` with those that there are."""
    names = [*map(str, places[:MANY]), *(["..."] if len(places) > MANY else [])]
    listed = ", ".join(names) or "none"
    if named is None:
        if len(places) == 1:
            return places[0]
        cure = f"Name one: {shown}::TABLE" if places else "Name another database."
        raise UnreadableData(f"has {len(places)} tables: {listed}.", shown, cure)
    meant = [each for each in places if named in each.spellings]
    meant = [each for each in meant if each.preferred] or meant
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise UnreadableData(
            f"has several tables {named!r}.", shown, f"Name one of: {', '.join(map(str, meant[:MANY]))}"
        )
    full = {each.name: str(each) for each in reversed(places)}
    near = [full[name] for name in near_names(named.rpartition(".")[2], full)]
    raise UnreadableData(f"has no table {named!r}.", shown, did_you_mean(near) if near else f"It has: {listed}.")

"""What a file format hands over: an Arrow table, and what the file says of its columns.

Every format fills the same parts, so that one set of rules (``infer``) makes the
codebook of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from surveytool.frozen import frozen
from surveytool.notes import Note
from surveytool.survey import Code, Design, Kind, Ledger, Missing


@frozen
class Meta:
    """What a file says of one column.

    ``labels`` maps codes to labels; ``missing`` are codes, ``ranges`` closed
    intervals of codes that the file declares missing; ``tags`` names the column
    of tagged missing kinds (codes such as ".a"); ``order`` lists declared
    categories; ``scale`` says that the file calls it a measured number; ``reasons`` says why
    a code is missing, where its label does not; ``keep_missing`` that labels such as
    "Don't know" do not make a code missing; ``personal`` whether the column names or locates
    people, None where only its name and label can tell.
    """

    label: str = ""
    labels: Mapping[Code, str] = field(default_factory=dict)
    missing: tuple[Code, ...] = ()
    ranges: tuple[tuple[float, float], ...] = ()
    tags: str | None = None
    order: tuple[str, ...] | None = None
    kind: Kind | None = None
    scale: bool = False
    reasons: Mapping[Code, Missing] = field(default_factory=dict)
    keep_missing: bool = False
    personal: bool | None = None


@frozen
class MultipleSet:
    """A question with several answers, as the file declares it or its names show it.

    ``stray`` counts the rows in which the list of the parent says something else than the columns;
    ``own_texts`` says that each column holds its option's own text or nothing; ``sign`` is what joined
    the answers of a list that was taken apart; ``forced`` that whoever was asked chose something.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    counted: Code | None
    options: tuple[str, ...] = ()
    parent: str | None = None
    stray: int = 0
    own_texts: bool = False
    sign: str = ""
    forced: bool = False


@frozen
class Dialect:
    """How a file is written, where a person says so; None is found by looking.

    ``decimal_mark`` is "." or ","; ``skip`` the rows above the table; ``header``
    the rows of its head: the names, then others that are labels.
    """

    decimal_mark: str | None = None
    header: int | None = None
    skip: int | None = None


@frozen
class Given:
    """What a person says of the columns: their kinds, and whether "Don't know" is a number; the ``sheet`` named.

    ``prepared`` are steps that come before the codebook.
    """

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    keep_missing: bool = False
    sheet: str | None = None
    prepared: tuple[Callable[[Loaded], Loaded], ...] = ()


@frozen
class Choice:
    """Columns to read that hang on what a file has: ``of`` gets its names, and gives those to read."""

    of: Callable[[Sequence[str]], Sequence[str]]


@frozen
class Options:
    """How to read: ``wanted`` are the columns asked for (None: all).

    ``stream`` allows a large file to stay a stream; ``design`` says which of its
    columns are weights and units; ``texts`` are columns known to hold texts,
    whatever they look like; ``kinds`` what a person says of columns.
    """

    wanted: Sequence[str] | Choice | None = None
    encoding: str | None = None
    sheet: str | None = None
    stream: bool = False
    design: Design | None = None
    dialect: Dialect = field(default_factory=Dialect)
    texts: frozenset[str] = frozenset()
    kinds: Mapping[str, Kind] = field(default_factory=dict)


@frozen
class Loaded:
    """A file's content. ``names`` are all its columns, ``table`` those that were read.

    Where ``frame`` is given it is the respondents, and ``table`` only knows their
    distinct values. ``ledger`` is what was done to rows and cells since the file was read,
    ``units`` how many rows stand for a sampling unit without a respondent, and for nobody else.
    """

    table: Any
    names: tuple[str, ...]
    meta: Mapping[str, Meta] = field(default_factory=dict)
    sets: tuple[MultipleSet, ...] = ()
    notes: tuple[Note, ...] = ()
    frame: Any = None
    ledger: Ledger = ()
    units: int = 0

    @property
    def names_read(self) -> list[str]:
        """The columns that were read, and those that reading made."""
        return list(self.table.column_names)


def rows_of(table: Any, names: Sequence[str]) -> tuple[Any, Any]:
    """The rows of some columns of a table; of large data each combination of answers once, with its sizes [rows]."""
    patterns = getattr(table, "patterns", None)
    rows, sizes = (table.select(list(names)), None) if patterns is None else patterns(list(names))
    return rows, sizes

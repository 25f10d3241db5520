"""What a reader wants to know: one table's worth of numbers."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import field
from typing import Literal

from surveytool.frozen import frozen

Base = Literal["asked", "answered", "all"]
Percent = Literal["column", "row", "table"]
Sort = Literal["file", "value", "-value", "label"]


@frozen
class Standard:
    """Shares of a variable's groups to which figures are standardised, by code; they need not add up to 1.

    A group's label does for its code where none has such a code. ``labels`` are how tables call the groups.
    """

    variable: str
    shares: tuple[tuple[str, float], ...]
    labels: tuple[str, ...] = field(default=(), compare=False)

    def named(self) -> tuple[tuple[str, float], ...]:
        """The shares by what people call the groups."""
        codes, shares = zip(*self.shares, strict=True) if self.shares else ((), ())
        return tuple(zip(self.labels or codes, shares, strict=True))

    def of(self, group: str, label: str) -> float:
        """The share of a group by its code, or by its label; 0 for one that has none."""
        shares = dict(self.shares)
        return shares.get(group, 0.0 if self.labels else shares.get(label, 0.0))


@frozen
class Request:
    """One table: a variable, its breakdowns, a statistic and its domain.

    ``by`` holds one tuple a breakdown; a tuple of several names crosses them.
    ``statistic`` is ``proportion``, ``mean``, ``total``, ``median``, ``p10`` ... ``p99``,
    ``ratio:DENOMINATOR`` or None for the variable's own default. ``interval`` is None
    for the default. ``quantile_rule`` is one of R's svyquantile. ``percent`` are shares of each group, of
    each answer's respondents or of all; ``sort`` is the order of answers, ``sort_by`` that of groups.
    ``exclude`` are answers that leave the base: who gave one of them is not counted in this table.
    ``joint`` requests that differ in their statistic only are one table.
    """

    variable: str
    by: tuple[tuple[str, ...], ...] = ()
    statistic: str | None = None
    where: str | None = None
    base: Base = "answered"
    interval: str | None = None
    level: float = 0.95
    total: bool = True
    id: str | None = None
    quantile_rule: str = "math"
    standard: Standard | None = None
    percent: Percent = "column"
    sort: Sort | None = None
    sort_by: Sort | None = None
    exclude: tuple[str, ...] = ()
    joint: bool = field(default=False, metadata={"internal": True})


def share_parts(text: str) -> list[str]:
    """``A, B=0.4, C=0.6`` in its parts, each a name and a number: a comma of a name parts nothing.

    >>> share_parts("SMS, calls=0.4, WhatsApp = 60%")
    ['SMS, calls=0.4', ' WhatsApp = 60%']
    """
    parts: list[str] = []
    whole = True
    for piece in text.split(","):
        parts = [*parts, piece] if whole else [*parts[:-1], f"{parts[-1]},{piece}"]
        whole = bool(re.search(r"=\s*\S+(\s*%)?\s*$", piece))
    return parts


def headed(text: str, columns: Container[str]) -> tuple[str, str]:
    """``NAME: GROUP=SHARE, ...`` as the name and the rest, which is "" where there is no colon.

    A variable whose own name holds a colon is known before a shorter one.

    >>> headed("a:b: x=0.4, y=0.6", {"a", "a:b"}), headed("a: x:y=1", {"a", "a:b"}), headed("b=3", {"b"})
    (('a:b', ' x=0.4, y=0.6'), ('a', ' x:y=1'), ('b=3', ''))
    """
    parts = text.split(":")
    names = {end: ":".join(parts[:end]).strip() for end in range(len(parts) - 1, 0, -1)}
    end = next((end for end, name in names.items() if name in columns), 1)
    return ":".join(parts[:end]).strip(), ":".join(parts[end:])


def breakdown(by: str | Sequence[str], columns: Container[str]) -> tuple[str, ...]:
    """The variables of one ``--by``: a name, or several joined by colons; names that are apart already stay so.

    A variable whose own name holds a colon is known before a crossing.

    >>> breakdown("a:b:sex", {"a", "b", "a:b", "sex"}), breakdown(("a", "b"), {"a", "b", "a:b"})
    (('a:b', 'sex'), ('a', 'b'))
    """
    if not isinstance(by, str):
        return tuple(by)
    pieces = known_names(by, columns)
    return tuple(name for piece in pieces for name in ((piece,) if piece in columns else piece.split(":")))


def known_names(text: str, columns: Container[str]) -> tuple[str, ...]:
    """A text taken apart at colons into names that are known, longest first; what is between them stays whole.

    >>> known_names("a:b:age_group:x", {"age_group"})
    ('a:b', 'age_group', 'x')
    """
    parts, columns_named, start, unknown = text.split(":"), [], 0, 0
    while start < len(parts):
        ends = (end for end in range(len(parts), start, -1) if ":".join(parts[start:end]) in columns)
        end = next(ends, None)
        if end is None:
            start += 1
            continue
        columns_named += [":".join(parts[unknown:start])] if unknown < start else []
        columns_named.append(":".join(parts[start:end]))
        start = unknown = end
    return (*columns_named, ":".join(parts[unknown:])) if unknown < len(parts) else tuple(columns_named)

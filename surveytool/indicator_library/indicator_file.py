"""The file of an indicator as a value."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

from surveytool.errors import unknown
from surveytool.frozen import frozen
from surveytool.indicator_library import INDICATORS

Words = Mapping[str, str]  # by language


@frozen
class Item:
    """A question that an indicator is made of.

    ``name`` is the column's usual name, ``usual`` other names that it has; ``codes`` says what
    its codes mean. ``many`` items may be given as a pattern or a list of columns.
    """

    name: str
    label: Words
    codes: str = ""
    usual: tuple[str, ...] = ()
    many: bool = False


@frozen
class Indicator:
    """An indicator: where it comes from, what it needs, and the recodes that make it.

    ``recodes`` are entries as a study writes them, in which ``{NAME}`` stands for an item's
    column, a setting or, as ``{self}``, the indicator's own name. ``settings`` are what a study may
    choose, with its default; of ``thresholds`` the cut points by name.
    """

    id: str
    version: str
    source: str
    licence: str
    formula: str
    title: Words
    items: tuple[Item, ...]
    recodes: tuple[Mapping[str, Any], ...]
    thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    codes: Mapping[str, Any] = field(default_factory=dict)
    golden: tuple[Mapping[str, Mapping[str, Any]], ...] = ()

    @property
    def stem(self) -> str:
        """The name of its variable unless a study gives another: the last part of the id, with underscores."""
        return self.id.rpartition("/")[2].replace("-", "_")

    @property
    def makes(self) -> tuple[str, ...]:
        """The names of the variables that it makes."""
        return tuple(str(entry["name"]).replace("{self}", self.stem) for entry in self.recodes)


def indicators(*ids: str) -> tuple[Indicator, ...]:
    """Indicators by their ids, or all that there are. Raises ``UsageError`` for one that is not known.

    >>> [each.stem for each in indicators("wfp/fcs", "k6/k6")]
    ['fcs', 'k6']
    """
    return tuple(indicator(id) for id in ids or INDICATORS)


@cache
def indicator(id: str) -> Indicator:
    """An indicator by its id. Raises ``UsageError`` for one that is not known.

    >>> indicator("wfp/rcsi").makes
    ('rcsi', 'rcsi_group')
    """
    if id not in INDICATORS:
        raise unknown("indicator", id, INDICATORS, "indicators", "See them with: surveytool indicators")
    raw: dict[str, Any] = tomllib.loads((Path(__file__).parent / INDICATORS[id]).read_text(encoding="utf-8"))
    items = tuple(Item(**{**entry, "usual": tuple(entry.get("usual", ()))}) for entry in raw.pop("items"))
    recodes, golden = (tuple(raw.pop(name, ())) for name in ("recodes", "golden"))
    return Indicator(items=items, recodes=recodes, golden=golden, **raw)

"""A number in bands. Gaps and overlaps are errors: between two bands nobody may fall.

``18-25`` and ``26-35`` follow each other in whole numbers; a value between them
(25.5) is an error of the data, cured by ``below``. Who lies outside of the first
and last band is kept apart as a missing kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.notes import note
from surveytool.recoding.recode_result import Gap, Made, category, gaps_of, level_of, phrase
from surveytool.recoding.recode_types import Band, Bands
from surveytool.survey import Text
from surveytool.survey.label import said

if TYPE_CHECKING:
    from surveytool.aggregate.encoded_columns import Columns

_RANGE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(?:-|–|to|a|à)\s*(-?\d+(?:\.\d+)?)\s*")
_ABOVE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*\+\s*")
_BELOW = re.compile(r"\s*<\s*(-?\d+(?:\.\d+)?)\s*")
CURE = 'Write for example bands = ["<18", "18-25", "26-35", "36+"]'


@frozen
class Edges:
    """A band read: from ``low`` to ``high``, ``high`` out of it where ``open``; infinite at open ends."""

    code: str
    low: float
    high: float
    open: bool
    text: Text

    def whole(self) -> bool:
        """Whether its ends are whole numbers, both in."""
        return not self.open and float(self.high).is_integer()


def faults(recode: Bands) -> Iterator[UsageError]:
    """Bands that cannot be read, overlap, leave a gap, or come twice."""
    try:
        edges = [_edges(band, recode) for band in recode.bands]
    except UsageError as error:
        yield error
        return
    if not edges:
        yield UsageError("bands is empty.", "bands", CURE)
    for edge in edges:
        if edge.low > edge.high or (edge.open and edge.low == edge.high):
            yield UsageError(f"the band {edge.code!r} ends before it begins.", "bands", CURE)
    for one, other in pairwise(sorted(edges, key=lambda edge: (edge.low, edge.high))):
        yield from _between(one, other)
    for name in recode.labels:
        if name not in [edge.code for edge in edges]:
            yield UsageError(f"labels names {name!r}, which is no band.", "labels", "Write labels by band.")


def _between(one: Edges, other: Edges) -> Iterator[UsageError]:
    """What is wrong between two neighbours."""
    names = f"{one.code!r} and {other.code!r}"
    if other.low < one.high or (other.low == one.high and not one.open):
        yield UsageError(f"the bands {names} overlap.", "bands", "Each number belongs to one band.")
    elif other.low > one.high and not (one.whole() and float(other.low).is_integer() and other.low - one.high == 1):
        cure = f"Let one begin where the other ends: {{from = ..., below = {other.low:g}}}."
        yield UsageError(f"there is a gap between the bands {names}.", "bands", cure)


def _edges(band: str | Band, recode: Bands) -> Edges:
    if isinstance(band, str):
        return _read(band, recode.labels.get(band.strip(), band.strip()))
    low = float("-inf") if band.low is None else band.low
    high = band.high if band.high is not None else band.below if band.below is not None else float("inf")
    if band.high is not None and band.below is not None:
        raise UsageError("a band has both to and below.", "bands", "Give one of them.")
    if band.low is None and band.high is None and band.below is None:
        raise UsageError("a band has neither from nor to.", "bands", CURE)
    opened = band.below is not None
    code = said(band.label) or _name(band)
    return Edges(code=code, low=low, high=high, open=opened, text=band.label or recode.labels.get(code, code))


def _name(band: Band) -> str:
    end = band.high if band.high is not None else band.below
    if band.low is None:
        return f"{'<' if band.below is not None else '≤'}{end:g}"
    return f"{band.low:g}+" if end is None else f"{band.low:g}-{end:g}"


def _read(text: str, label: Text) -> Edges:
    """``18-25``, ``46+`` or ``<18``."""
    if match := _RANGE.fullmatch(text):
        return Edges(code=text.strip(), low=float(match[1]), high=float(match[2]), open=False, text=label)
    if match := _ABOVE.fullmatch(text):
        return Edges(code=text.strip(), low=float(match[1]), high=float("inf"), open=False, text=label)
    if match := _BELOW.fullmatch(text):
        return Edges(code=text.strip(), low=float("-inf"), high=float(match[1]), open=True, text=label)
    raise UsageError(f"{text!r} is no band.", "bands", CURE)


def sources(recode: Bands) -> tuple[str, ...]:
    """The variables that the bands are made of."""
    return (recode.source,)


def make(columns: Columns, recode: Bands) -> Made:
    """The question that the bands make of a column's numbers. Raises ``UsageError``."""
    source = columns.survey.codebook[recode.source]
    values = columns.numbers(recode.source)
    edges = sorted((_edges(band, recode) for band in recode.bands), key=lambda edge: edge.low)
    codes = np.full(columns.rows, -1, dtype=np.int32)
    for index, edges_of_band in enumerate(edges):
        below = values < edges_of_band.high if edges_of_band.open else values <= edges_of_band.high
        codes[(values >= edges_of_band.low) & below] = index
    lost = ~np.isnan(values) & (codes < 0)
    inside = lost & (values > edges[0].low) & (values < edges[-1].high)
    if inside.any():
        raise UsageError(
            f"{columns.count(inside)} values of {source.name} lie between two bands.",
            where="bands",
            cure="Give bands of numbers with decimals as {from = 18, below = 26}.",
        )
    levels = [level_of(edge.code, edge.text) for edge in edges]
    outside = level_of(".outside", phrase("recode_outside"), missing="user")
    gaps = [*gaps_of(columns, source, numbers=True), *([Gap(level=outside, rows=lost)] if lost.any() else [])]
    label = recode.label or source.labels or source.label
    banded = category(recode.name, label, levels, codes, gaps, columns.sizes)
    notes = (note("recode_outside_bands", name=recode.name, n=columns.count(lost)),) if lost.any() else ()
    return Made(variables=banded.variables, columns=banded.columns, notes=notes)

"""From values to points: a linear scale whose ends and ticks are round numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable

from surveytool.charts.chart_data import Axis, Datum
from surveytool.frozen import frozen

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@frozen
class Scale:
    """``low`` to ``high`` in values lie at ``start`` to ``stop`` in points; ``ticks`` are values."""

    low: float
    high: float
    start: float
    stop: float
    ticks: tuple[float, ...] = ()

    def at(self, value: float) -> float:
        """Where a value lies; never beyond the ends."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.stop - self.start)


def scale(data: Iterable[Datum], start: float, stop: float, *, zero: bool, share: bool, most: int = 5) -> Scale:
    """A scale that holds every value and interval; from 0 where ``zero`` and nothing is below."""
    ends = [end for datum in data for end in (datum.value, datum.low, datum.high) if datum.shown and end is not None]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= 0:
        low, high = low - (0.0 if zero else 1.0), high + 1.0
    step = _step((high - low) / most)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if share:
        low, high = max(low, 0.0), min(high, 1.0) if high <= 1.0 + step else high
    count = round((high - low) / step)
    ticks = tuple(round(low + step * index, 12) for index in range(count + 1))
    return Scale(low=low, high=high, start=start, stop=stop, ticks=ticks)


def _step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))


def tick_text(value: float, axis: Axis) -> str:
    """A value as it stands at an axis.

    >>> tick_text(0.25, Axis(percent="{}%")), tick_text(1500, Axis())
    ('25%', '1,500')
    """
    number = value * 100 if axis.percent is not None else value
    text = f"{round(number, 6):,.6f}".rstrip("0").rstrip(".")
    text = text.translate({ord(","): axis.thousands, ord("."): axis.decimal})
    return axis.percent.format(text) if axis.percent is not None else text

"""Numbers as people read them: rounded half up, with a language's marks, never "-0.0" or "nan"."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

from surveytool.frozen import frozen

NOTHING = "–"
LONGEST = 10**15
_WIDE = Context(prec=700, rounding=ROUND_HALF_UP)


@frozen
class Marks:
    """The signs of a language's numbers; ``percent`` holds a pair of braces for the number."""

    decimal: str
    thousands: str
    percent: str
    to: str


def rounded(value: float, decimals: int, power: int = 0) -> Decimal:
    """``value * 10**power`` rounded half up in decimal, as it is written.

    >>> str(rounded(0.285, 0, 2)), str(rounded(-0.0004, 1))
    ('29', '0.0')
    """
    exact = Decimal(repr(float(value))).scaleb(power, _WIDE)
    quantized = exact.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)
    return abs(quantized) if quantized == 0 else quantized


def written(number: Decimal, marks: Marks) -> str:
    """A rounded number with a language's marks; from 10**15 on with three digits and a power of ten."""
    shown = f"{number:.2e}" if abs(number) >= LONGEST else f"{number:,f}"
    return shown.translate({ord(","): marks.thousands, ord("."): marks.decimal})


def number(value: float | None, decimals: int, marks: Marks) -> str:
    """A number as people read it; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return written(rounded(value, decimals), marks)


def percent(share: float | None, decimals: int, marks: Marks) -> str:
    """A share as a percentage without its sign.

    A share above 0 is never printed as 0 and one below 1 never as 100:
    they are "<0.1" and ">99.9".
    """
    if share is None or not math.isfinite(share):
        return NOTHING
    rounded_percent, unit = rounded(share, decimals, 2), Decimal(1).scaleb(-decimals)
    if 0 < share < 1 and rounded_percent == 0:
        return f"<{written(unit, marks)}"
    if 0 < share < 1 and rounded_percent == 100:
        return f">{written(100 - unit, marks)}"
    return written(rounded_percent, marks)


def interval(low: float | None, high: float | None, decimals: int, power: int, marks: Marks) -> str:
    """Both ends with an en dash between them, with a word where one is negative."""
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return NOTHING
    ends = [rounded(end, decimals, power) for end in (low, high)]
    link = f" {marks.to} " if min(ends) < 0 else "–"
    return link.join(written(end, marks) for end in ends)

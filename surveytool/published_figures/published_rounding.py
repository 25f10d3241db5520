"""Does a number round to a printed figure? In decimals, with floating noise decided by nobody.

A computed 28.499999999 is the 28.5 that it stands for: values within 1e-9 of a
whole or half unit of the printed figure are taken to be there, large ones within
what sums of floats leave open (1e-14 of them).
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from surveytool.published_figures.claims import Claim, Rounding, Unit

RULES: dict[Rounding, str] = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN, "truncated": ROUND_DOWN}
NOISE, FLOATING = Decimal("1e-9"), Decimal("1e-14")
_WIDE = Context(prec=60)
_SIGNIFICANT = Context(prec=12)  # 7% made of 0.07 has no 17 digits


def power(unit: Unit) -> int:
    """Places that the point moves between a value and its printed form."""
    return 2 if unit == "percent" else 0


def places(published: float, unit: Unit, decimals: int) -> int:
    """The decimals that were printed: as declared, or as many as the figure needs.

    >>> places(0.475, "percent", 0), places(0.47, "percent", 0), places(0.47, "percent", 1)
    (1, 0, 1)
    """
    exact = _SIGNIFICANT.create_decimal(repr(float(published))).scaleb(power(unit), _WIDE).normalize(_WIDE)
    return max(decimals, -int(exact.as_tuple().exponent), 0)


def _steps(value: float, unit: Unit, decimals: int) -> Decimal:
    """The value in units of its last printed digit, noise taken off."""
    exact = Decimal(repr(float(value))).scaleb(power(unit) + decimals, _WIDE)
    halves = (exact * 2).to_integral_value(context=_WIDE) / 2
    return halves if abs(exact - halves) <= max(NOISE, FLOATING * abs(exact)) else exact


def rounded(value: float, unit: Unit, decimals: int, rule: Rounding) -> Decimal:
    """The figure that a value is printed as: ``28.5%`` to no decimals, half up, is 29.

    Half up takes ties away from zero, truncation cuts digits off.

    >>> [str(rounded(0.285, "percent", 0, rule)) for rule in RULES]
    ['29', '28', '28']
    """
    whole = _steps(value, unit, decimals).to_integral_value(rounding=RULES[rule], context=_WIDE)
    figure = whole.scaleb(-decimals, _WIDE).quantize(Decimal(1).scaleb(-decimals), context=_WIDE)
    return abs(figure) if figure == 0 else figure


def gives(value: float, published: float, unit: Unit, decimals: int, rule: Rounding | None) -> Rounding | None:
    """The rule by which a value gives the printed figure, None if it does not.

    Without a rule it is the nearest figure: ties may go either way.
    """
    digits = places(published, unit, decimals)
    printed = rounded(published, unit, digits, "half even")
    rules: tuple[Rounding, ...] = (rule,) if rule else ("half up", "half even")
    return next((rounding for rounding in rules if rounded(value, unit, digits, rounding) == printed), None)


def reproduces(value: float, claim: Claim, rule: Rounding | None = None) -> Rounding | None:
    """``gives`` for a claim's own figure; ``rule`` instead of the claim's own."""
    if claim.published is None:
        return None
    return gives(value, claim.published, claim.unit, claim.decimals, rule or claim.rounding)


def span(claim: Claim) -> tuple[Fraction, Fraction]:
    """The values that a printed figure may stand for, exact, both ends in.

    Without a rule the figure may also have been cut off: 47% is 46.5% to 48%.
    """
    assert claim.published is not None
    digits = places(claim.published, claim.unit, claim.decimals)
    exact = Fraction(rounded(claim.published, claim.unit, digits, "half even")) / 10 ** power(claim.unit)
    unit = Fraction(1, 10 ** (power(claim.unit) + digits))
    below = 0 if claim.rounding == "truncated" else unit / 2
    above = unit / 2 if claim.rounding in ("half up", "half even") else unit
    low, high = exact - below, exact + above
    return (max(low, Fraction(0)), min(high, Fraction(1))) if claim.unit == "percent" else (low, high)

"""Colours that stay apart in grey: shades are chosen by lightness (CIE L*), not by eye."""

from __future__ import annotations

Channels = tuple[float, float, float]
WHITE, BLACK = "#FFFFFF", "#000000"


def channels(colour: str) -> Channels:
    """Red, green and blue between 0 and 1.

    >>> channels("#FF0000")
    (1.0, 0.0, 0.0)
    """
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white), as WCAG 2 defines it."""
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lightness(colour: str) -> float:
    """CIE L*, 0 to 100: what is left of a colour on a grey print.

    >>> round(lightness("#777777"))
    50
    """
    y = luminance(colour)
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with a share of another."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (a + (b - a) * share)):02X}" for a, b in pairs)


def shade(colour: str, light: float) -> str:
    """The tint or shade of a colour that has a lightness."""
    other = WHITE if light > lightness(colour) else BLACK
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        far = abs(lightness(mixed(colour, other, middle)) - lightness(colour)) > abs(light - lightness(colour))
        low, high = (low, middle) if far else (middle, high)
    return mixed(colour, other, low)


def spread(start: float, stop: float, count: int) -> list[float]:
    """Evenly spaced numbers, both ends included; the start where there is one."""
    return [start + (stop - start) * index / max(count - 1, 1) for index in range(count)]


def sequence(colour: str, count: int) -> list[str]:
    """Shades for ordered answers: the last one darkest."""
    return [shade(colour, light) for light in spread(86 if count > 2 else 74, 24, count)]


def diverging(warm: str, cool: str, grey: str, count: int) -> list[str]:
    """Shades for an agreement scale: warm, a grey middle where the count is odd, cool.

    The two mild ends differ in lightness too, so that a grey print keeps them apart.
    """
    side = count // 2
    left = [shade(warm, light) for light in spread(50, 80, side)] if side > 1 else [shade(warm, 66)] * side
    right = [shade(cool, light) for light in spread(62, 26, side)] if side > 1 else [shade(cool, 36)] * side
    return [*left, *([shade(grey, 91)] if count % 2 else []), *right]


def written_on(colour: str, ink: str) -> str:
    """White or ink, whichever reads better on a colour."""
    return WHITE if contrast(WHITE, colour) > contrast(ink, colour) else ink

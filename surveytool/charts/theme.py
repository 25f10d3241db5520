"""The dress of a chart: a few colours and sizes. To add a theme, add an entry to ``THEMES``.

``series`` are colours for groups, told apart by anyone and on a grey print;
``accent`` is the house's own; ``warm`` stands against it in an agreement scale.
"""

from __future__ import annotations

from surveytool.errors import unknown
from surveytool.frozen import frozen


@frozen
class Theme:
    """Colours as ``#RRGGBB``, sizes in points."""

    accent: str
    series: tuple[str, ...]
    warm: str
    title_colour: str
    bar: bool = True
    ink: str = "#1D1D1F"
    muted: str = "#63666A"
    whisker: str = "#7F8388"
    rule: str = "#D5D7DA"
    grid: str = "#E8E9EB"
    total: str = "#CACED3"
    paper: str = "#FFFFFF"
    title: float = 12.5
    subtitle: float = 8.6
    label: float = 8.0
    small: float = 6.6
    width: float = 468.0
    margin: float = 8.0


THEMES: dict[str, Theme] = {
    "plain": Theme(
        accent="#1F3A5F", warm="#C8702B", title_colour="#1D1D1F", bar=False,
        series=("#1F3A5F", "#DE8F3C", "#3B8087", "#A9CBE0", "#94374A"),
    ),
    "iom": Theme(
        accent="#0033A0", warm="#D46A00", title_colour="#0033A0",
        series=("#0033A0", "#F09A1A", "#14828A", "#9CCBEA", "#A32A45"),
    ),
    "unhcr": Theme(
        accent="#0072BC", warm="#D2622A", title_colour="#18375F",
        series=("#0072BC", "#EDA324", "#18375F", "#0F9C85", "#8E1B38"),
    ),
}  # fmt: skip


def theme(name: str) -> Theme:
    """A theme by name; ``UsageError`` for one that is not known."""
    if name not in THEMES:
        raise unknown("theme", name, THEMES, "--theme")
    return THEMES[name]

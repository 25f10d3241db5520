"""What a chart is made of before any library draws it: texts, lines, boxes, dots and bands on a page of points.

Lengths are points (1/72 inch); x runs to the right, y **down** from the top. A
chart kind returns marks; ``paint`` turns them into a figure. So the layout can
be measured and tested, and every file format shows the same page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from surveytool.frozen import frozen

Align = Literal["left", "center", "right"]


@frozen
class Text:
    """One line of text; ``y`` is its baseline; ``turned`` reads upwards from there."""

    x: float
    y: float
    text: str
    colour: str
    size: float = 8.0
    bold: bool = False
    align: Align = "left"
    turned: bool = False


@frozen
class Line:
    """A straight line."""

    x: float
    y: float
    to_x: float
    to_y: float
    colour: str
    width: float = 0.8
    dashed: bool = False


@frozen
class Box:
    """A filled rectangle from its top left corner; ``edge`` outlines it."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    edge: str | None = None


@frozen
class Dot:
    """A filled circle about its centre."""

    x: float
    y: float
    radius: float
    colour: str


@frozen
class Band:
    """A ribbon that flows from a stretch of one upright to a stretch of another."""

    x: float
    y: float
    to_x: float
    to_y: float
    height: float
    to_height: float
    colour: str
    alpha: float = 0.5


Mark = Text | Line | Box | Dot | Band


@frozen
class Body:
    """The drawn part of a chart: marks with their top at 0, and how far down they reach."""

    marks: tuple[Mark, ...]
    height: float


@frozen
class Scene:
    """A whole page: its size in points, and what stands on it, lowest first."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def moved(marks: Iterable[Mark], x: float, y: float) -> list[Mark]:
    """The marks, shifted."""
    return [_moved(mark, x, y) for mark in marks]


def _moved(mark: Mark, x: float, y: float) -> Mark:
    if isinstance(mark, Line | Band):
        return replace(mark, x=mark.x + x, y=mark.y + y, to_x=mark.to_x + x, to_y=mark.to_y + y)
    return replace(mark, x=mark.x + x, y=mark.y + y)

"""What every kind of chart draws with: a theme, the width it has, and texts set in lines."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.charts import text_width
from surveytool.charts.chart_data import Datum
from surveytool.charts.colour import lightness, mixed
from surveytool.charts.scene import Align, Box, Dot, Line, Mark, Text
from surveytool.charts.theme import Theme
from surveytool.frozen import frozen

LEADING = 1.3
CAP = 0.365  # half the height of a capital, in sizes: from the middle of a line to its baseline
RISE = 0.98  # from the top of a line to its baseline


@frozen
class DrawingTools:
    """A theme, and the width of the page between its margins in points."""

    theme: Theme
    width: float

    def measure(self, text: str, size: float | None = None, bold: bool = False) -> float:
        """The width of a text."""
        return text_width.width(text, size or self.theme.label, bold)

    def widest(self, texts: Sequence[str], size: float | None = None, bold: bool = False) -> float:
        """The width of the widest text, 0 where there is none."""
        return max((self.measure(text, size, bold) for text in texts), default=0.0)

    def wrap(self, text: str, room: float, size: float | None = None, bold: bool = False) -> list[str]:
        """A text in lines no wider than the room."""
        return text_width.wrap(text, size or self.theme.label, room, bold)

    def text(
        self, x: float, middle: float, text: str, *, size: float | None = None, bold: bool = False,
        colour: str | None = None, align: Align = "left",
    ) -> Text:  # fmt: skip
        """One line about the height ``middle``."""
        size = size or self.theme.label
        return Text(
            x=x, y=middle + CAP * size, text=text, size=size, bold=bold, colour=colour or self.theme.ink, align=align
        )

    def lines(
        self, x: float, middle: float, lines: Sequence[str], *, size: float | None = None, bold: bool = False,
        colour: str | None = None, align: Align = "left",
    ) -> list[Mark]:  # fmt: skip
        """Several lines, centred about a height."""
        step = LEADING * (size or self.theme.label)
        top = middle - step * (len(lines) - 1) / 2
        return [
            self.text(x, top + step * index, line, size=size, bold=bold, colour=colour, align=align)
            for index, line in enumerate(lines)
        ]

    def height(self, lines: Sequence[str], size: float | None = None) -> float:
        """The height of several lines."""
        return LEADING * (size or self.theme.label) * len(lines)

    def rule(self, x: float, y: float, to_x: float, *, colour: str | None = None, width: float = 0.6) -> Line:
        """A level line."""
        return Line(x=x, y=y, to_x=to_x, to_y=y, colour=colour or self.theme.rule, width=width)

    def whisker(self, low: float, high: float, y: float, colour: str | None = None) -> Line:
        """An interval: thin, muted, level."""
        return Line(x=low, y=y, to_x=high, to_y=y, colour=colour or self.theme.whisker, width=1.0)

    def over(self, low: float, end: float, high: float, y: float, colour: str) -> list[Mark]:
        """The interval of a bar that ends at ``end``: pale on the bar, muted beyond it."""
        pale = mixed(colour, self.theme.paper, 0.62) if lightness(colour) < 60 else mixed(colour, self.theme.ink, 0.45)
        turn = min(max(end, min(low, high)), max(low, high))
        return [self.whisker(low, turn, y, pale), self.whisker(turn, high, y)]

    def dot(self, x: float, y: float, colour: str | None = None, radius: float = 3.3) -> Dot:
        """An estimate."""
        return Dot(x=x, y=y, radius=radius, colour=colour or self.theme.accent)

    def raw(self, x: float, y: float, text: str) -> Box:
        """Paper under a bold figure, so that no upright runs through it."""
        size = self.theme.label
        return Box(x=x - 1, y=y - 0.5 * size, width=self.measure(text, bold=True) + 2, height=size,
                   colour=self.theme.paper)  # fmt: skip

    def mark(self, x: float, y: float, datum: Datum) -> Text:
        """The sign that stands in place of a figure."""
        return self.text(x, y, datum.mark, colour=self.theme.muted)

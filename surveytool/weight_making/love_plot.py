"""The love plot: each group's standardised difference before weighting and after it, on one axis (Love 2002)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from surveytool.charts.paint import paint
from surveytool.charts.scene import Dot, Line, Mark, Scene, Text
from surveytool.charts.text_width import width
from surveytool.charts.theme import theme
from surveytool.text import Words
from surveytool.weighting.balance import BalanceRow

ROW, TOP, WIDTH, RIGHT = 13.0, 34.0, 468.0, 14.0
LARGE = 0.1  # beyond it a difference is often called large
MOST_ROWS = 60
LONGEST, SIZE = 34, 7.5


def love_plot(rows: Sequence[BalanceRow], said: Words) -> str:
    """The plot as an svg; the groups with the largest differences where there are many. Empty without rows."""
    known = [row for row in rows if row.before_difference is not None]
    shown = sorted(known, key=lambda row: -abs(row.before_difference or 0.0))[:MOST_ROWS]
    if not shown:
        return ""
    scene = _scene(shown, said)
    alt = said.fill("weights_love_alt", n=len(shown))
    text = paint(scene, "svg", said.word("weights_love"), alt).decode("utf-8")
    text = text[text.index("<svg") :].rstrip("\n")
    text = re.sub(r'<style type="text/css">(.*?)</style>', "", text, flags=re.DOTALL)
    text = re.sub(r' id="(?:figure|patch|line2d|text|axes)_\d+"', "", text)
    return re.sub(r' width="[\d.]+pt" height="[\d.]+pt"', "", text, count=1)


def _scene(rows: Sequence[BalanceRow], said: Words) -> Scene:
    look = theme("plain")
    widest = max(max(abs(row.before_difference or 0.0), abs(row.after_difference)) for row in rows)
    widest = max(widest * 1.05, 1.5 * LARGE)
    names = [_name(row) for row in rows]
    left = max(width(name, SIZE) for name in names) + 14
    middle = left + (WIDTH - RIGHT - left) / 2
    scale = (WIDTH - RIGHT - left) / 2 / widest
    bottom = TOP + ROW * len(rows)
    marks: list[Mark] = [Text(x=0.0, y=12.0, text=said.word("weights_love"), colour=look.ink, size=9.0, bold=True)]
    for at in (-LARGE, 0.0, LARGE):
        x = middle + at * scale
        marks.append(Line(x=x, y=TOP - 6, to_x=x, to_y=bottom, colour=look.rule, dashed=at != 0))
        marks.append(Text(x=x, y=TOP - 9, text=said.number(at, 1), colour=look.muted, size=6.6, align="center"))
    for index, row in enumerate(rows):
        y = TOP + ROW * (index + 0.5)
        marks.append(Text(x=0.0, y=y + 2.8, text=names[index], colour=look.ink, size=SIZE))
        before, after = middle + (row.before_difference or 0.0) * scale, middle + row.after_difference * scale
        marks.append(Line(x=before, y=y, to_x=after, to_y=y, colour=look.grid, width=1.2))
        marks += [Dot(x=before, y=y, radius=3.0, colour=look.muted), Dot(x=before, y=y, radius=2.0, colour=look.paper)]
        marks.append(Dot(x=after, y=y, radius=3.0, colour=look.accent))
    return Scene(width=WIDTH, height=bottom + 8, marks=tuple(marks))


def _name(row: BalanceRow) -> str:
    """A group as it stands beside its dots."""
    name = row.variable if row.level is None else f"{row.variable}: {row.level}"
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"

"""The looks of a workbook's cells: a few named styles, each made once."""

from __future__ import annotations

from typing import Any

INK, MUTED, LINK = "#1D1D1F", "#63666A", "#0B5394"
STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "text_wrap": True, "valign": "top"},
    "subtitle": {"font_color": MUTED, "text_wrap": True, "valign": "top"},
    "note": {"font_color": MUTED, "font_size": 9, "text_wrap": True, "valign": "top"},
    "muted": {"font_color": MUTED, "valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "chapter": {"bold": True, "font_size": 12},
    "link": {"font_color": LINK, "underline": 1},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"},
    "head_text": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "left", "indent": 1},
    "head_right": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "right"},
    "head_centre": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "center"},
    "head_span": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "center"},
    "head_open": {"bold": True},
    "foot": {"top": 2},
}


class CellStyles:
    """Makes a style once and hands it out again."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, name: str) -> Any:
        """One of the named styles."""
        return self._style(STYLES[name])

    def label(self, kind: str, indent: int) -> Any:
        """A row's label; ``wide`` is a paragraph across the table."""
        bold = kind in ("group_head", "total")
        colour = {"font_color": MUTED} if kind in ("n", "wide") else {}
        return self._style(
            {"bold": bold, "align": "left", "indent": indent, "text_wrap": True, "valign": "vcenter", **colour}
        )

    def number(self, given: str, kind: str, role: str) -> Any:
        """A number with its format; counts and intervals are muted."""
        return self._style({"num_format": given, "valign": "vcenter", **_weight(kind, role)})

    def text(self, kind: str, role: str, *, left: bool) -> Any:
        """Text among numbers."""
        look = {"align": "left" if left else "right", "valign": "vcenter", "text_wrap": left, "indent": int(left)}
        return self._style({**look, **_weight(kind, role)})

    def quoted(self, style: Any) -> Any:
        """The same style, marked so that a spreadsheet never reads the text as a formula."""
        for key, made_style in list(self._made.items()):
            if made_style is style:
                return self._style({**dict(key), "quote_prefix": True})
        return style

    def _style(self, properties: dict[str, Any]) -> Any:
        key = tuple(sorted(properties.items(), key=lambda pair: pair[0]))
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": "Calibri", "font_size": 11, "font_color": INK, **properties}
            )
        return self._made[key]


def _weight(kind: str, role: str) -> dict[str, Any]:
    muted = kind == "n" or role in ("n", "interval")
    return {"bold": kind in ("total", "group_head"), "font_color": MUTED if muted else INK}

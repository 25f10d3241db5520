"""Draws docs/rooms.svg and the table of rooms in docs/architecture.md from the rule of storeys.

python tests/laws/picture.py       # after a room or a storey has changed; a test says when the picture is old
"""

from __future__ import annotations

import ast
import sys
import textwrap
from collections import defaultdict
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from laws.test_structure import PACKAGE, ROOT, STOREYS

PICTURE = ROOT / "docs" / "rooms.svg"
MAP = ROOT / "docs" / "architecture.md"
CORRIDOR = ("reading", "survey", "recoding", "aggregate", "estimate", "disclosure_control", "tabulation", "table",
            "render")  # fmt: skip
WIDTH, LEFT, GAP, LINE, ROW = 1120, 46, 8, 13, 96
STYLE = """
text{font:11px system-ui,sans-serif;fill:#1c2733}
.name{font-weight:700;font-size:12px}.floor{fill:#5b6875;font-size:11px}
rect{fill:#f4f6f8;stroke:#c3ccd5}.corridor{fill:#e2eef9;stroke:#7aa7d1}.back{fill:#fff;stroke:none}
"""


def idea(room: str) -> str:
    """The first sentence of a room's docstring, up to its colon where it is long."""
    place = PACKAGE / room / "__init__.py"
    path = place if place.exists() else PACKAGE / f"{room}.py"
    text = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0].rstrip(".")
    return text if len(text) <= 70 else text.split(":")[0].split(";")[0]


def box(room: str, left: float, top: float, width: float) -> list[str]:
    """One room: its name and its idea."""
    kind = ' class="corridor"' if room in CORRIDOR else ""
    lines = textwrap.wrap(idea(room).replace("``", ""), max(int((width - 12) / 5.6), 10))[:5]
    out = [f'<rect{kind} x="{left:.0f}" y="{top}" width="{width:.0f}" height="{ROW - GAP}" rx="4"/>',
           f'<text class="name" x="{left + 6:.0f}" y="{top + 16}">{escape(room)}</text>']  # fmt: skip
    out += [
        f'<text x="{left + 6:.0f}" y="{top + 31 + LINE * row}">{escape(line)}</text>' for row, line in enumerate(lines)
    ]
    return out


def table() -> str:
    """The rooms of docs/architecture.md, a line each, from the ground up."""
    lines = ["| storey | room | what it is for |", "|---|---|---|"]
    for room, storey in sorted(STOREYS.items(), key=lambda item: item[1]):
        lines.append(f"| {storey} | `{room}` | {idea(room).replace('``', '`')} |")
    return "\n".join(lines) + "\n"


def with_table(text: str) -> str:
    """The page with today's table between its marks."""
    before, rest = text.split("<!-- rooms -->\n")
    return f"{before}<!-- rooms -->\n{table()}<!-- end -->{rest.partition('<!-- end -->')[2]}"


def drawn() -> str:
    """The whole picture, the same text each time."""
    floors = defaultdict(list)
    for room, storey in STOREYS.items():
        if room != "__main__":
            floors[storey].append(room)
    parts = []
    for row, storey in enumerate(sorted(floors, reverse=True)):
        top = GAP + row * ROW
        parts.append(f'<text class="floor" x="12" y="{top + 16}">{storey}</text>')
        width = (WIDTH - LEFT - GAP * len(floors[storey])) / len(floors[storey])
        for place, room in enumerate(sorted(floors[storey])):
            parts += box(room, LEFT + place * (width + GAP), top, width)
    height = GAP + len(floors) * ROW
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
    title = "<title>The rooms of surveytool by storey: a room imports only rooms of a lower storey</title>"
    back = f'<rect class="back" width="{WIDTH}" height="{height}"/>'
    return "\n".join([head, title, f"<style>{STYLE}</style>", back, *parts, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(drawn(), encoding="utf-8")
    MAP.write_text(with_table(MAP.read_text(encoding="utf-8")), encoding="utf-8")

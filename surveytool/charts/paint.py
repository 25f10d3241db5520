"""A scene to bytes with matplotlib's objects, never its global state: the same bytes each run.

PNG at 300 dots an inch; SVG with its text as text, a title and a description;
PDF with TrueType fonts inside. No date, no software version, no random number.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any

from surveytool.charts.machine_fonts import families, machine_fonts
from surveytool.charts.scene import Band, Box, Dot, Line, Scene, Text
from surveytool.charts.text_width import font_file, lacking

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

POINTS = 72
DPI = 300
OWN = "DejaVu Sans"
FAMILIES = [OWN, "Verdana", "Arial", "Noto Sans", "Noto Sans Arabic", "sans-serif"]
SETTINGS: Any = {
    "svg.fonttype": "none", "svg.hashsalt": "surveytool", "svg.id": None, "pdf.fonttype": 42, "pdf.compression": 6,
    "text.hinting": "none", "text.parse_math": False, "font.sans-serif": ["sans-serif"], "path.simplify": False,
}  # fmt: skip


def paint(scene: Scene, format: str, title: str, alt: str, dots: int = DPI) -> bytes:
    """The scene as png (with so many dots an inch), svg or pdf."""
    with _settings():
        drawn = figure(scene)
        if format == "png":
            return _png(drawn, title, alt, dots)
        return {"svg": _svg, "pdf": _pdf}[format](drawn, title, alt)


def figure(scene: Scene) -> Figure:
    """The scene as a matplotlib figure, one artist a mark, without axes."""
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    drawn = Figure(figsize=(scene.width / POINTS, scene.height / POINTS), dpi=POINTS, facecolor="#FFFFFF")
    down: Any = Affine2D().scale(1 / POINTS, -1 / POINTS).translate(0, scene.height / POINTS) + drawn.dpi_scale_trans
    for order, mark in enumerate(scene.marks):
        artist = _artist(mark, down)
        artist.set_zorder(order)
        drawn.add_artist(artist)
        artist.set_transform(down)
    return drawn


def _artist(mark: Any, down: Transform) -> Artist:
    from matplotlib.lines import Line2D
    from matplotlib.patches import PathPatch, Rectangle

    match mark:
        case Text():
            return _text(mark)
        case Line():
            dash: Any = (0, (2.2, 2.2)) if mark.dashed else "-"
            return Line2D([mark.x, mark.to_x], [mark.y, mark.to_y], color=mark.colour, linewidth=mark.width,
                          linestyle=dash, solid_capstyle="butt")  # fmt: skip
        case Box():
            edge: Any = mark.edge or "none"
            return Rectangle((mark.x, mark.y), mark.width, mark.height, facecolor=mark.colour, edgecolor=edge,
                             linewidth=0.7 if mark.edge else 0)  # fmt: skip
        case Dot():
            return PathPatch(_circle(mark), facecolor=mark.colour, edgecolor="none", linewidth=0)
        case Band():
            return PathPatch(_ribbon(mark), facecolor=mark.colour, edgecolor="none", linewidth=0, alpha=mark.alpha)
    raise AssertionError(f"no way to draw {mark!r}")


def _text(mark: Text) -> Artist:
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text as Drawn

    weight, letters = "bold" if mark.bold else "normal", frozenset(lacking(mark.text))
    font = FontProperties(family=FAMILIES, weight=weight, size=mark.size, fname=font_file(mark.bold))
    if letters:  # a list of families is what the library looks for further letters in
        font = FontProperties(family=[OWN, *_added(letters)], weight=weight, size=mark.size)
    return Drawn(
        mark.x, mark.y, mark.text, fontproperties=font, color=mark.colour, horizontalalignment=mark.align,
        verticalalignment="baseline", rotation=90 if mark.turned else 0, parse_math=False,
    )  # fmt: skip


def _added(letters: frozenset[str]) -> tuple[str, ...]:
    """Families of the machine that have the letters, made known to the library."""
    from matplotlib.font_manager import fontManager

    paths = machine_fonts(letters)
    for path in paths:
        if path not in {entry.fname for entry in fontManager.ttflist}:
            fontManager.addfont(path)
    return tuple(families(paths))


def _circle(mark: Dot) -> Any:
    from matplotlib.path import Path

    return Path.circle((mark.x, mark.y), mark.radius)


def _ribbon(mark: Band) -> Any:
    """Two smooth edges between two uprights."""
    from matplotlib.path import Path

    middle = (mark.x + mark.to_x) / 2
    low, to_low = mark.y + mark.height, mark.to_y + mark.to_height
    points = [
        (mark.x, mark.y), (middle, mark.y), (middle, mark.to_y), (mark.to_x, mark.to_y), (mark.to_x, to_low),
        (middle, to_low), (middle, low), (mark.x, low), (mark.x, mark.y),
    ]  # fmt: skip
    curve, line = Path.CURVE4, Path.LINETO
    return Path(points, [Path.MOVETO, curve, curve, curve, line, curve, curve, curve, Path.CLOSEPOLY])


@contextmanager
def _settings() -> Iterator[None]:
    """The library's own defaults and ours, whatever its configuration on this machine; put back after."""
    import logging

    import matplotlib

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # a bold face that is not there
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # letters that the font lacks are said as a note
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        yield


def _png(figure: Figure, title: str, alt: str, dots: int) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    out = io.BytesIO()
    metadata = {"Software": None, "Title": title, "Description": alt}
    FigureCanvasAgg(figure).print_figure(out, format="png", dpi=dots, metadata=metadata)
    return out.getvalue()


def _pdf(figure: Figure, title: str, alt: str) -> bytes:
    from matplotlib.backends.backend_pdf import FigureCanvasPdf

    out = io.BytesIO()
    metadata = {"Title": title, "Subject": alt, "CreationDate": None, "Creator": None, "Producer": None}
    FigureCanvasPdf(figure).print_figure(out, format="pdf", dpi=POINTS, metadata=metadata)
    return out.getvalue()


def _svg(figure: Figure, title: str, alt: str) -> bytes:
    """With a title and a description that screen readers find."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    out = io.BytesIO()
    metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    FigureCanvasSVG(figure).print_figure(out, format="svg", dpi=POINTS, metadata=metadata)
    text = out.getvalue().decode("utf-8")
    head, tag, rest = text.partition("<svg ")
    attributes, _, inside = rest.partition(">")
    named = f"<title>{escape(title)}</title>\n <desc>{escape(alt)}</desc>"
    return f'{head}{tag}role="img" {attributes}>\n {named}{inside}'.encode()

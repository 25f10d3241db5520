"""Tables of every shape in every text format, as they were read once."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from recorded import same
from render.seen import READERS

from surveytool.render import render
from surveytool.table import report
from surveytool.text import words

NAMES = ("two_levels", "multiple", "mean_by", "paths", "several")


@pytest.mark.parametrize("format", ["terminal", "csv", "json", "markdown", "html", "latex"])
def test_a_format_writes_what_was_read(format: str, samples: ModuleType) -> None:
    told = []
    for name in NAMES:
        language = {"multiple": "es", "mean_by": "fr"}.get(name, "en")
        made = report(samples.shapes()[name], words(language))
        told.append(render(made, format, words(language), width=100, bars=False).decode("utf-8"))
    text = "\n\n".join(told)
    same("render", f"format-{format}.txt", re.sub(r'"surveytool": "[^"]*"', '"surveytool": "..."', text))


@pytest.mark.parametrize("width", [40, 60, 80, 140])
@pytest.mark.parametrize("colour", [False, True], ids=["plain", "colour"])
def test_the_terminal_at_every_width(width: int, colour: bool, samples: ModuleType) -> None:
    told = []
    for name in ("two_levels", "twelve_groups", "mean_by", "totals"):
        made = report(samples.shapes()[name], words("en"))
        told.append(render(made, "terminal", words("en"), width=width, colour=colour, bars=width > 100).decode("utf-8"))
    same("render", f"terminal-{width}{'-colour' if colour else ''}.txt", "\n\n".join(told).replace("\x1b", "ESC"))


@pytest.mark.parametrize("format", ["docx", "xlsx"])
def test_a_document_shows_what_was_read(format: str, samples: ModuleType) -> None:
    told = []
    for name in NAMES:
        made = render(report(samples.shapes()[name], words("en")), format, words("en"))
        told.append(READERS[format](made))
    text = "\n".join(" ".join(line.split()) for line in "\n".join(map(str, told)).splitlines() if line.strip())
    same("render", f"seen-{format}.txt", text)


@pytest.mark.parametrize("format", ["docx", "xlsx"])
def test_a_document_is_made_of_the_same_parts(format: str, samples: ModuleType) -> None:
    """Its parts as XML, a tag a line: widths, styles, merges and borders are numbers that nobody sees move."""
    import io
    import zipfile

    made = render(report(samples.shapes()["two_levels"], words("en")), format, words("en"))
    told = []
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        for name in sorted(file.namelist()):
            if name in ("word/document.xml", "word/styles.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet1.xml"):
                tags = re.findall(r"<[^/!?][^>]*>", file.read(name).decode("utf-8"))
                counted: dict[str, int] = {}
                for tag in tags:
                    counted[tag] = counted.get(tag, 0) + 1
                told.append(f"# {name}")
                told += [
                    f"{count} {tag}" for tag, count in sorted(counted.items()) if "w14:" not in tag and len(tag) < 200
                ]
    same("render", f"parts-{format}.txt", "\n".join(told))

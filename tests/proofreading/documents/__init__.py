"""Documents in the manner of the field, each figure marked with what a reader who knows the study says of it.

``{47%|ok}`` is right, ``{53%|bad}`` is wrong, ``{12%|no}`` is no figure of the study. A file that ends in
``.docx.md`` is made into a Word document.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent
MARK = re.compile(r"\{([^{}|]+)\|(ok|bad|no)\}")


def names() -> list[str]:
    """The documents, by the name they are written under."""
    return sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".txt", ".html", ".md"))


def made(name: str, folder: Path) -> tuple[Path, list[tuple[str, str]]]:
    """A document without its marks in a folder, and its marked figures with what is true of them, in order."""
    source = (FOLDER / name).read_text("utf-8")
    truth = [(match[1], match[2]) for match in MARK.finditer(source)]
    text = MARK.sub(lambda match: match[1], source)
    if not name.endswith(".docx.md"):
        path = folder / name
        path.write_text(text, "utf-8")
        return path, truth
    path = folder / name.removesuffix(".md")
    _word(text, path)
    return path, truth


def _word(text: str, path: Path) -> None:
    """A Word document of headings, paragraphs, lists and tables that are written as markdown."""
    import docx

    document = docx.Document()
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = part.split("\n")
        if lines[0].startswith("#"):
            marks, title = lines[0].split(" ", 1)
            document.add_heading(title, len(marks))
        elif lines[0].startswith("|"):
            rows = [
                [cell.strip() for cell in line.strip("|").split("|")] for line in lines if not line.startswith("|-")
            ]
            table = document.add_table(len(rows), len(rows[0]))
            for row, texts in zip(table.rows, rows, strict=True):
                for cell, said in zip(row.cells, texts, strict=True):
                    cell.text = said
        else:
            for line in lines:
                bullet = line.startswith("- ")
                document.add_paragraph(line.removeprefix("- "), style="List Bullet" if bullet else None)
    document.save(str(path))

"""Pdf: the words of each page by where they stand, put into lines, paragraphs and rows of figures.

A pdf knows no paragraphs and no tables. Words on one height are a line; lines that
follow closely are a paragraph; lines with two figures or more, one under the other,
are rows of a table, whose columns are where the figures stand.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from surveytool.errors import UnreadableData
from surveytool.frozen import frozen
from surveytool.proofreading.passages import Block, Document, Grid, Passage, clean

MOST_PAGES = 2000
_FIGURE = re.compile(r"[<>*~−–-]?\d[\d.,\u202f ]*%?\*?|\*|–")
_INSIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")


@frozen
class Word:
    """A word with its place on the page, in points from the left and the bottom."""

    text: str
    left: float
    right: float
    low: float
    high: float


Line = tuple[Word, ...]


def read(path: Path) -> Document:
    """The blocks of a pdf. Raises ``UnreadableData`` where it cannot be opened or has over 2,000 pages."""
    import pypdfium2

    try:
        opened = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        cure = "If it has a password, save it without one."
        raise UnreadableData("is no pdf that can be opened.", str(path), cure) from error
    with opened:
        if len(opened) > MOST_PAGES:
            raise UnreadableData(f"has more than {MOST_PAGES:,} pages.", str(path), "Give it in parts.")
        blocks: list[Block] = []
        for number in range(len(opened)):
            page = opened[number]
            blocks += _blocks(lines_of(words_of(page)), number + 1, blocks)
            page.close()
    return Document(name=path.name, blocks=tuple(blocks))


def words_of(page: Any) -> list[Word]:
    """The words of a page: letters that touch."""
    content = page.get_textpage()
    text = content.get_text_range()
    words: list[Word] = []
    letters: list[tuple[str, tuple[float, float, float, float]]] = []
    for index, letter in enumerate(text[: content.count_chars()]):
        if letter.isspace() or letter == "\ufffe":
            words += _word(letters)
            letters = []
            continue
        box = content.get_charbox(index, loose=True)
        if letters and _apart(letters[-1][1], box):
            words += _word(letters)
            letters = []
        letters.append((letter, box))
    words += _word(letters)
    content.close()
    return words


def _apart(before: Sequence[float], box: Sequence[float]) -> bool:
    size = max(box[3] - box[1], 1.0)
    return abs(before[1] - box[1]) > size * 0.6 or box[0] - before[2] > size * 0.6


def _word(letters: Sequence[tuple[str, tuple[float, float, float, float]]]) -> list[Word]:
    if not letters:
        return []
    boxes = [box for _, box in letters]
    return [
        Word(
            text="".join(letter for letter, _ in letters), left=min(box[0] for box in boxes),
            right=max(box[2] for box in boxes), low=min(box[1] for box in boxes), high=max(box[3] for box in boxes),
        )
    ]  # fmt: skip


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Words of one height, from the top down, each line from the left."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: -(word.low + word.high)):
        middle, size = (word.low + word.high) / 2, word.high - word.low
        if lines and abs((lines[-1][0].low + lines[-1][0].high) / 2 - middle) < size * 0.4:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [tuple(sorted(line, key=lambda word: word.left)) for line in lines]


def _blocks(lines: Sequence[Line], page: int, before: Sequence[Block]) -> list[Block]:
    """Paragraphs and tables of a page."""
    blocks: list[Block] = []
    paragraphs = 0
    tables = sum(isinstance(block, Grid) for block in before)
    for rows, is_table in _joined(list(_runs(lines))):
        if is_table:
            tables += 1
            blocks.append(_grid(rows, page, tables))
            continue
        paragraphs += 1
        if _is_picture(rows):
            continue
        blocks.append(Passage(text=clean(" ".join(" ".join(row) for row in rows)), page=page, number=paragraphs))
    return blocks


Run = tuple[list[list[str]], bool]


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Runs with the names of blocks put between their rows, and the heads over them."""
    joined: list[Run] = []
    for index, (rows, is_table) in enumerate(runs):
        following = runs[index + 1][1] if index + 1 < len(runs) else False
        after_table = bool(joined) and joined[-1][1]
        if (is_table and after_table) or (
            not is_table and following and after_table and len(rows) <= 2 and all(map(_is_name, rows))
        ):
            joined[-1] = ([*joined[-1][0], *rows], True)
        elif not is_table and following and len(rows[-1]) > 1 and _is_name(rows[-1]):
            joined += [(rows[:-1], False)] if rows[:-1] else []
            joined.append((rows[-1:], True))
        else:
            joined.append((rows, is_table))
    return joined


def _is_name(row: Sequence[str]) -> bool:
    """Whether a line is the name of a block, or the heads of columns: a few words without figures."""
    text = " ".join(row)
    return len(text) <= 60 and not any(map(_figures_only, row))


def _is_picture(rows: Sequence[Sequence[str]]) -> bool:
    """Whether lines are the letters of a chart: nearly as many figures as words."""
    words = " ".join(" ".join(row) for row in rows).replace(" %", "%").split()
    figures = sum(bool(_figures_only(word)) for word in words)
    first = bool(words) and _figures_only(words[0])
    return (figures >= 2 and figures * 2.5 > len(words)) or (first and figures >= 3 and figures * 5 > len(words))


def _is_axis(row: Sequence[str]) -> bool:
    """Whether a line is the axis of a chart: round steps without a name."""
    return not row[0] and all(re.fullmatch(r"[-−]?\d+\s*%?", cell) for cell in row[1:])


def _grid(rows: Sequence[Sequence[str]], page: int, number: int) -> Grid:
    """Rows of one width; heads stand over the last columns."""
    rows = [row for index, row in enumerate(rows) if index == 0 or not _is_axis(row)] if len(rows) > 1 else rows
    width = max(len(row) for row in rows)
    head = len(rows[0]) > 1 and not any(map(_figures_only, rows[0]))
    whole = [(*row, *[""] * (width - len(row))) for row in rows]
    if head and len(rows[0]) < width - 1:
        return Grid(rows=tuple(whole[1:]), heads=0, page=page, number=number)
    if head:
        whole[0] = (*[""] * (width - len(rows[0])), *rows[0])
    return Grid(rows=tuple(whole), heads=int(head), page=page, number=number)


def _runs(lines: Sequence[Line]) -> Iterator[tuple[list[list[str]], bool]]:
    """Lines that belong together: rows of a table as cells, other lines as paragraphs."""
    run: list[list[str]] = []
    table, bottom, size = False, 0.0, 0.0
    for line in lines:
        cells = cells_of(line)
        is_row = sum(bool(_figures_only(cell)) for cell in cells[1:]) >= 2
        gap = bottom - max(word.high for word in line)
        other = size > 0 and not 0.87 < (line[0].high - line[0].low) / size < 1.15
        if run and (is_row != table or (not table and (gap > size * 0.55 or other))):
            yield run, table
            run = []
        run.append(cells)
        table, bottom, size = is_row, min(word.low for word in line), line[0].high - line[0].low
    if run:
        yield run, table


def cells_of(line: Line) -> list[str]:
    """The cells of a line: words stand apart where the gap is wider than a space; the first cell may be empty."""
    cells = [[line[0]]]
    for before, word in itertools.pairwise(line):
        if word.left - before.right > (word.high - word.low) * 0.75:
            cells.append([word])
        else:
            cells[-1].append(word)
    texts = [" ".join(word.text for word in cell) for cell in cells]
    return ["", *texts] if _figures_only(texts[0]) and len(texts) > 1 else texts


def _figures_only(cell: str) -> bool:
    return _FIGURE.fullmatch(_INSIDE.sub("", cell).strip()) is not None

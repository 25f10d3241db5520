# ruff: noqa: E501
"""Documents in: the same words from every format, and one clear line for what cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveytool.errors import UnreadableData, UsageError
from surveytool.proofreading.facts import Facts
from surveytool.proofreading.figures import number_of
from surveytool.proofreading.language import language
from surveytool.proofreading.passages import Document, Grid, Passage
from surveytool.proofreading.readers import read_document
from surveytool.proofreading.reading_of_document import proof_of


def documents(folder: Path) -> list[Path]:
    """One text and one table in each format."""
    import docx
    import typst

    (folder / "a.md").write_text(
        "# Report\n\n47% of men.\n\n| | Yes | n |\n|---|---|---|\n| Men | 47.0 | 324 |\n", "utf-8"
    )
    (folder / "a.html").write_text(
        "<style>p{x:12%}</style><h1>Report</h1><p>47% of <b>men</b>.</p><script>var x = '99%';</script>"
        "<table><tr><th></th><th>Yes</th><th>n</th></tr><tr><td>Men</td><td>47.0</td><td>324</td></tr></table>", "utf-8",
    )  # fmt: skip
    word = docx.Document()
    word.add_heading("Report")
    word.add_paragraph("47% of men.")
    table = word.add_table(2, 3)
    for row, texts in zip(table.rows, (("", "Yes", "n"), ("Men", "47.0", "324")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    word.save(str(folder / "a.docx"))
    source = folder / "a.typ"
    source.write_text(
        "= Report\n\n47% of men.\n\n#table(columns: (4cm, 3cm, 3cm), stroke: none, [], [Yes], [n], [Men], [47.0], [324])\n",
        "utf-8",
    )
    typst.compile(str(source), output=str(folder / "a.pdf"))
    return [folder / f"a.{suffix}" for suffix in ("md", "html", "docx", "pdf")]


def test_every_format_gives_the_same_words(tmp_path: Path) -> None:
    for path in documents(tmp_path):
        document = read_document(path)
        texts = [block.text for block in document.blocks if isinstance(block, Passage)]
        grids = [block for block in document.blocks if isinstance(block, Grid)]
        assert texts[:2] == ["Report", "47% of men."], path
        assert [grid.rows for grid in grids] == [(("", "Yes", "n"), ("Men", "47.0", "324"))], path
        assert grids[0].heads == 1
        assert "99%" not in " ".join(texts) and "12%" not in " ".join(texts)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", b"PK no zip", "is no Word document that can be opened."),
        ("a.pdf", b"%PDF-1.4 broken", "is no pdf that can be opened."),
        ("a.txt", b"", "holds no text."),
        ("a.md", b"   \n\n", "holds no text."),
        ("a.txt", b"\x00\x01\x02", "is no text."),
        ("a.html", b"<script>1%</script>", "holds no text."),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableData) as caught:
        read_document(path)
    assert caught.value.message == said and caught.value.cure


def test_a_scanned_pdf_and_a_locked_one(tmp_path: Path) -> None:
    import typst

    source = tmp_path / "a.typ"
    source.write_text("#rect(width: 4cm, height: 4cm)\n", "utf-8")
    typst.compile(str(source), output=str(tmp_path / "scan.pdf"))
    with pytest.raises(UnreadableData, match="holds no text"):
        read_document(tmp_path / "scan.pdf")


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    with pytest.raises(UsageError, match="is no document"):
        read_document(tmp_path / "a.png")
    with pytest.raises(UnreadableData, match="is not there"):
        read_document(tmp_path / "b.txt")


def test_letters_of_windows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("El 47 % de los jóvenes".encode("cp1252"))
    assert [block.text for block in read_document(path).blocks if isinstance(block, Passage)] == [
        "El 47 % de los jóvenes"
    ]


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [("1,554", ".", (1554, 0)), ("1.554", ",", (1554, 0)), ("12,100,000", ".", (12100000, 0)), ("1.234,5", ",", (1234.5, 1)),
     ("1 234,5", ",", (1234.5, 1)), ("47.0", ",", (47.0, 1)), ("0,5", ".", (0.5, 1))],
)  # fmt: skip
def test_printed_numbers(text: str, mark: str, value: tuple[float, int]) -> None:
    assert number_of(text, mark) == value


@pytest.mark.parametrize(
    "text",
    [
        "Die Hälfte der Männer (47 %) und ein Drittel der Frauen haben soziale Netze für die Planung der Reise benutzt, das ist nicht überraschend.",
        "Quase metade dos homens (47 %) e um terço das mulheres usaram as redes sociais para planejar a viagem, e não é uma surpresa para os autores.",
        "استخدم ٤٧٪ من الرجال و٣٥٪ من النساء شبكات التواصل الاجتماعي للتخطيط لمغادرتهم وقد كان ذلك متوقعا في هذا المسح الذي شمل أكثر من خمسمائة شخص من المهاجرين",
    ],
)
def test_another_language_is_one_line(run: Callable[..., Any], tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, "utf-8")
    ran = run("proofread", path, "--study", Path(__file__).parents[2] / "configs" / "iom_2023.toml")
    assert ran.status == 2 and "is written in a language that is not read" in ran.err and ran.err.count("\n") == 1


def test_a_hundred_dense_pages_are_bounded(facts: Facts) -> None:
    """4,000 figures, 40 a page: the time of one is far below the 5 ms that 20 seconds would give it."""
    import time

    text = (
        "Used any technology: 76.9% of men and 89.7% of women. 47.0% of men used social networks to plan the departure, "
        "35.0% of women did. WhatsApp is used by 89.1% of those who use platforms."
    )
    blocks = tuple(Passage(text=text, number=number) for number in range(80))
    start = time.process_time()
    found = proof_of(Document(name="x", blocks=blocks), facts, language("en")).findings
    assert len(found) == 400 and all(finding.verdict == "agrees" for finding in found)
    assert (time.process_time() - start) / len(found) < 0.02  # a backstop, ten times what it takes

"""The example's report is what its command makes: charts and rows to the byte, documents in every word.

surveytool report configs/iom_2023.toml -o examples/iom_2023/report --overwrite
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from render.seen import docx_text, html_text, xlsx_cells

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "iom_2023" / "report"
STUDY = "configs/iom_2023.toml"
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report made anew, once."""
    from surveytool.cli.app import main

    target = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        assert main(["report", STUDY, "-o", str(target)]) == 0
    return target


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_folder_has_every_file_and_no_other(made: Path) -> None:
    assert names(made) == names(FOLDER)
    assert len(list(FOLDER.glob("charts/*.svg"))) >= 10


@pytest.mark.parametrize("name", sorted(each for each in names(FOLDER) if each.endswith((".svg", ".csv"))))
def test_charts_and_rows_are_the_same_bytes(made: Path, name: str) -> None:
    assert (made / name).read_bytes() == (FOLDER / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "read"), [("report.html", html_text), ("report.docx", docx_text), ("tables.xlsx", xlsx_cells)]
)
def test_documents_say_the_same(made: Path, name: str, read: Callable[[bytes], Any]) -> None:
    assert read((made / name).read_bytes()) == read((FOLDER / name).read_bytes())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_the_pdf_says_the_same(made: Path) -> None:
    texts = []
    for folder in (made, FOLDER):
        done = subprocess.run(["pdftotext", str(folder / "report.pdf"), "-"], capture_output=True, check=True)
        texts.append(done.stdout)
    assert texts[0] == texts[1] and b"47.0%" in texts[0]


def test_the_report_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < MOST_BYTES

"""A package that is not there is named, with the command that brings it, whichever it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from surveytool.cli.missing_package import missing

HIDING = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r} or name.startswith({name!r} + "."):
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hidden())
from surveytool.cli.app import entry
sys.argv = ["surveytool", *{arguments!r}]
entry()
"""


@pytest.mark.parametrize(
    "name, package, arguments",
    [
        ("typer", "typer", ["--version"]),
        ("click", "click", ["--version"]),
        ("rich", "rich", ["summarize", "--help"]),
        ("numpy", "numpy", ["summarize", "DATA", "q"]),
        ("pyarrow", "pyarrow", ["summarize", "DATA", "q"]),
        ("scipy", "scipy", ["compare", "DATA", "q", "--by", "g"]),
        ("docx", "python-docx", ["summarize", "DATA", "q", "-o", "OUT.docx"]),
        ("xlsxwriter", "XlsxWriter", ["summarize", "DATA", "q", "-o", "OUT.xlsx"]),
        ("matplotlib", "matplotlib", ["chart", "DATA", "q", "--kind", "bars", "-o", "OUT.svg"]),
        ("formulaic", "formulaic", ["model", "DATA", "q ~ g"]),
        ("python_calamine", "python-calamine", ["summarize", "BOOK.xlsx", "q"]),
    ],
)
def test_a_missing_package_is_named(name: str, package: str, arguments: list[str], tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("q,g\n" + "yes,a\nno,a\nyes,b\nno,b\n" * 10, encoding="utf-8")
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04")
    places = {"DATA": str(data), "BOOK.xlsx": str(tmp_path / "book.xlsx")}
    given = [places.get(each, each.replace("OUT", str(tmp_path / "out"))) for each in arguments]
    code = HIDING.format(name=name, arguments=given)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 3, (done.returncode, done.stdout, done.stderr)
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
    assert f"pip install {package}" in done.stderr and "report" not in done.stderr


def test_what_is_surveytools_own_fault_stays_one() -> None:
    assert missing(ModuleNotFoundError("No module named 'surveytool.gone'", name="surveytool.gone")) is None
    assert missing(ImportError("cannot import name 'x' from 'json'", name="json")) is None
    broken = missing(ImportError("cannot import name 'x'", name="numpy.core"))
    assert broken is not None and "broken or too old" in broken and "numpy" in broken

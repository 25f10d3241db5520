"""The shell completes names of variables from the file, and says nothing where it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from surveytool.cli.completion import names

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = "examples/iom_2023"


def completed(line: str) -> list[str]:
    """What bash would offer at the end of a line."""
    words = line.split(" ")
    told = {"_SURVEYTOOL_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    command = [sys.executable, "-m", "surveytool"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **told}, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_variables_and_breakdowns_are_completed() -> None:
    assert completed(f"surveytool summarize {EXAMPLE}/transit.csv soc") == ["social_media"]
    assert completed(f"surveytool summarize {EXAMPLE}/transit.sav social_media --by age_") == ["age_group"]
    assert completed(f"surveytool compare {EXAMPLE}/transit.csv social_media --by sex:age_") == ["sex:age_group"]
    assert completed(f"surveytool chart {EXAMPLE}/transit.csv social_media --weights wei") == ["weight"]


@pytest.mark.parametrize("source", ["nothing.csv", "README.md", "pyproject.toml", "examples"])
def test_what_cannot_be_read_is_silent(source: str) -> None:
    assert completed(f"surveytool summarize {source} zzz") == []


def test_every_kind_of_file_has_its_names(tmp_path: Path) -> None:
    import openpyxl
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"sex": [1.0, 2.0], "age": [20.0, 30.0]})
    (tmp_path / "a.csv").write_text("\ufeffsex;age\n1;20\n", encoding="utf-8")
    frame.to_parquet(tmp_path / "a.parquet")
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"))
    pyreadstat.write_dta(frame, str(tmp_path / "a.dta"))
    pyreadstat.write_xport(frame, str(tmp_path / "a.xpt"))
    book = openpyxl.Workbook()
    book.active.append(["sex", "age"])
    book.save(tmp_path / "a.xlsx")
    study = '[data]\npath = "a.csv"\n[variables.sex]\n[[recodes]]\nname = "band"\n'
    (tmp_path / "a.toml").write_text(study, encoding="utf-8")
    for suffix in ("csv", "parquet", "sav", "dta", "xpt", "xlsx"):
        assert [name.lower() for name in names(tmp_path / f"a.{suffix}")] == ["sex", "age"], suffix
    assert names(tmp_path / "a.toml") == ["sex", "band", "age"]
    (tmp_path / "b.sav").write_bytes(b"$FL2 broken")
    assert names(tmp_path / "b.sav") == names(tmp_path / "none.csv") == names(None) == []

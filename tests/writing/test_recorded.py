"""Files written and what is told of them: conversions of the example, and of odd columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from recorded import console, plain, same

from surveytool import read

SUFFIXES = (".sav", ".dta", ".csv", ".tsv", ".xlsx", ".parquet")


def odd(path: Path) -> Path:
    """A csv with its codebook: many missing codes, long labels, texts, dates, names that a format cannot have."""
    rows = 40
    pd.DataFrame(
        {
            "q": [1.0, 2.0, 3.0, 95.0, 96.0, 97.0, 98.0, 99.0] * 5,
            "a long name with spaces and more than thirty-two letters": ["x", "y"] * 20,
            "when": pd.date_range("2023-01-01", periods=rows).astype(str),
            "text": ["Bogotá", "", "007", "a\tb", 'say "x"'] * 8,
            "1st": range(rows),
            "Q": [1, 2] * 20,
        }
    ).to_csv(path, index=False)
    levels = [
        {"code": code, "label": f"L{code}", "missing": "refused" if code > 90 else None}
        for code in (1, 2, 3, 95, 96, 97, 98, 99)
    ]
    book = {
        "variables": [{"name": "q", "label": "x" * 300, "kind": "single", "type": "number", "levels": levels}],
        "sets": [],
    }
    path.with_name(f"{path.name}.codebook.json").write_text(json.dumps(book), "utf-8")
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("source", ["odd", "example"])
def test_there_and_what_is_told(
    suffix: str, source: str, example: Path, tmp_path: Path, run: Callable[..., Any]
) -> None:
    path = odd(tmp_path / "odd.csv") if source == "odd" else example / "transit.sav"
    target = tmp_path / f"there{suffix}"
    done = run("convert", path, target)
    told = [f"status {done.status}", done.err.replace(str(tmp_path), "FOLDER").replace(str(example), "EXAMPLE")]
    told += sorted(each.name for each in tmp_path.iterdir())
    survey = read(target)
    for variable in list(survey.codebook.values())[:12]:
        told.append(plain(variable))
        column = survey.frame.column(variable.columns[0]) if variable.columns else None
        told.append("" if column is None else f"{column.type} {[str(each)[:20] for each in column.to_pylist()[:9]]}")
    same("writing", f"{source}{suffix}.txt", "\n".join(told))


def test_what_is_refused(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    (tmp_path / "there.csv").write_text("a\n1\n", "utf-8")
    console("writing", "refused.txt", run, example=example, out=tmp_path)

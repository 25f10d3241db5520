"""Tables of every shape as values, in three languages: words, places of cells, notes, decimals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from golden import parity
from recorded import console, plain, same

from surveytool.estimate.result import Results
from surveytool.survey import Design
from surveytool.table import report
from surveytool.text import words

SHAPES = (
    "topline",
    "two_levels",
    "one_group",
    "twelve_groups",
    "crossed",
    "multiple",
    "mean",
    "mean_by",
    "totals",
    "paths",
    "several",
)


def shown(results: Results, language: str, decimals: int | None = None) -> str:
    text = plain(replace(report(results, words(language), decimals=decimals), results=None))  # type: ignore[arg-type]
    for part in ("Table(", "TableRow(", "Block(", "Cell(", "Column(", "Section("):
        text = text.replace(part, f"\n{part}")
    return text


@pytest.mark.parametrize("name", SHAPES)
def test_a_table_is_arranged_as_it_was_read(name: str, samples: ModuleType) -> None:
    results = samples.shapes()[name]
    languages = ("en",) if name in ("multiple", "twelve_groups", "crossed") else ("en", "es", "fr")
    same("table", f"{name}.txt", "\n\n".join(shown(results, language) for language in languages))


@pytest.mark.parametrize("sample", ["convenience", "quota", "census", "probability"])
def test_what_kind_of_sample_it_is(sample: Any, samples: ModuleType) -> None:
    results = replace(samples.shapes()["two_levels"], design=Design(sample=sample))
    same("table", f"sample-{sample}.txt", shown(results, "en", 2))


@pytest.mark.parametrize("flag", ["suppressed", "few", "undefined"])
def test_flagged_rows(flag: str, samples: ModuleType) -> None:
    results = samples.shapes()["two_levels"]
    (made,) = results.estimates
    rows = tuple(
        replace(row, flag=flag, estimate=None, se=None, ci_low=None, ci_high=None) if place % 3 == 1 else row
        for place, row in enumerate(made.rows)
    )
    same("table", f"flag-{flag}.txt", shown(replace(results, estimates=(replace(made, rows=rows),)), "en"))


@pytest.mark.parametrize("name", ["comparisons.txt", "toplines.txt", "models.txt", "codebooks.txt"])
def test_commands_print_what_was_read(name: str, example: Path, run: Callable[..., Any]) -> None:
    console("table", name, run, example=example, api=parity.HERE)

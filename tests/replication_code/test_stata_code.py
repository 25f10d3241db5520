"""Stata's code by the grammar of its manual ([SVY] svyset, svy, subpop); Stata itself cannot be run here."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

Run = Callable[..., Any]
NAME = r"[A-Za-z_][A-Za-z0-9_]{0,31}"
NUMBER = r"-?[0-9.]+(?:e-?[0-9]+)?"
TEXT = r"(?:\"[^\"$`\n]*\"|\((?:(?:\"[^\"$`\n]*\"|char\(\d+\))(?: \+ )?)+\))"
PATTERN = r"[A-Za-z_?*0-9]+"
STAGE = (
    rf"(?:{NAME}|_n)(?: \[pweight = {NAME}\])?(?:,(?: strata\({NAME}\))?(?: fpc\({NAME}\))?(?: singleunit\(\w+\))?)?"
)
REPLICATES = (
    rf"svyset \[pweight = {NAME}\], (?:brrweight\({PATTERN}\)(?: fay\({NUMBER}\))? vce\(brr\)"
    rf"|bsrweight\({PATTERN}\) vce\(bootstrap\)|sdrweight\({PATTERN}\) vce\(sdr\)"
    rf"|jkrweight\({PATTERN}(?:, multiplier\({NUMBER}(?: {NUMBER})*\))?\) vce\(jackknife\))"
    rf"(?: mse)?(?: dof\({NUMBER}\))?"
)
STANDARD = r"stdize\(standard_group\) stdweight\(standard_share\)"
CITYPE = "(?:logit|wilson|exact|wald)"
LINES = [
    r"\*.*",
    rf'import delimited {TEXT}, clear case\(preserve\)', rf'use {TEXT}, clear',
    rf"svyset {STAGE}(?: \|\| {STAGE})*",
    REPLICATES, rf"(?:generate (?:byte|int|double)|replace) {NAME} = .+",
    rf"svy, subpop\({NAME}\) level\({NUMBER}\): (?:mean|total) {NAME}(?:, {STANDARD})?",
    rf"svy, subpop\({NAME}\) level\({NUMBER}\): ratio {NAME} / {NAME}(?:, {STANDARD})?",
    rf"svy, subpop\({NAME}\) level\({NUMBER}\): proportion {NAME}, citype\({CITYPE}\)(?: {STANDARD})?",
]  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    rows = [
        {"w": 1 + at % 3, "h": at // 20, "p": at // 4, "n1": 60, "y": at % 7, "x": 1 + at % 5, "c": "ab"[at % 2],
         "odd": ('say "hi"', "cost $5", "a`b'", "two\nlines")[at % 4], "age": ("mid", "old")[at % 3 == 0],
         **{f"r{out}": (1 + at % 3) * (0 if at // 4 == out else 10 / 9) for out in range(10)}}
        for at in range(40)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "data.csv", index=False)
    return tmp_path / "data.csv"


DESIGNS = [
    (), ("--psu", "p"), ("--strata", "h", "--psu", "p", "--fpc", "n1"), ("--strata", "h", "--fpc", "n1"),
    *(("--replicate-weights", "r?", "--replicate-method", kind) for kind in ("brr", "jk1", "jkn", "bootstrap", "sdr")),
    ("--replicate-weights", "r*", "--replicate-method", "fay", "--fay-rho", "0.3", "--replicate-mse"),
    ("--replicate-weights", "r*", "--replicate-method", "other", "--replicate-scale", "0.9", "--replicate-rscales",
     "1,1,1,1,1,.5,.5,.5,.5,1e-3"), ("--replicate-weights", "r[0-9]", "--replicate-method", "jk1"),
]  # fmt: skip
ASKED = [
    ("y", "--stat", "mean", "--kind", "y=number"), ("y", "--stat", "total", "--kind", "y=number"), ("c", "--by", "age"),
    ("y", "--stat", "ratio:x", "--kind", "y=number", "--kind", "x=number"), ("c", "--stat", "total"),
    ("c", "--standardize", "age: mid=0.5, old=0.5"), ("odd",), ("c", "--ci", "beta", "--level", "0.9"),
    ("c", "--where", "not (age == 'old' and (y > 3 or c == 'b'))"), ("y", "--stat", "median", "--kind", "y=number"),
]  # fmt: skip


def script(run: Run, path: Path, *asked: str) -> str:
    ran = run("summarize", path, *asked, "-w", "w", "--explain", "--format", "json")
    assert ran.status == 0, ran.err
    return str(ran.json["explain"][0]["stata"])


PAIRS = [(design, ASKED[(2 * place + step) % len(ASKED)]) for place, design in enumerate(DESIGNS) for step in (0, 1, 5)]


@pytest.mark.parametrize(("design", "asked"), PAIRS)
def test_every_line_is_of_stata_s_grammar(
    run: Run, path: Path, design: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    for line in script(run, path, *asked, *design).strip().splitlines():
        known = [pattern for pattern in LINES if re.fullmatch(pattern, line)]
        if "jkrweight(r[0-9])" not in line:  # which the line before says
            assert known, line


def test_replicates_name_their_variance(run: Run, path: Path) -> None:
    asked = ("y", "--kind", "y=number", "--replicate-weights", "r?", "--replicate-method")
    assert "bsrweight(r?) vce(bootstrap) dof(9)" in script(run, path, *asked, "bootstrap")
    assert "sdrweight(r?) vce(sdr) mse dof(9)" in script(run, path, *asked, "sdr")
    assert "multiplier(0.45 0.9" in script(
        run, path, *asked, "other", "--replicate-scale", "0.9", "--replicate-rscales", ".5,1,1,1,1,1,1,1,1,1"
    )


def test_texts_of_the_data_are_no_commands(run: Run, path: Path) -> None:
    made = [line for line in script(run, path, "odd").splitlines() if line.startswith("generate byte answer")]
    assert len(made) == 1
    for line in made:
        assert not set("$`") & set(line)
        assert re.fullmatch(rf"generate byte answer = {NAME} == {TEXT}", line)


def test_an_unknown_answer_is_in_no_domain_of_a_contrary(run: Run, path: Path) -> None:
    """Stata takes a missing answer for false, so its contrary would be true."""
    text = script(run, path, "y", "--kind", "y=number", "--where", "not (age == 'old' or y in (1, 2))")
    inside = next(line for line in text.splitlines() if line.startswith("generate byte inside"))
    assert '(!(age == "old")) & (!missing(age))' in inside
    assert "(!(inlist(y, 1, 2))) & (!missing(y))" in inside
    twice = script(run, path, "y", "--kind", "y=number", "--where", "not not (age == 'old')")
    assert '(age == "old") & (!missing(age))' in twice

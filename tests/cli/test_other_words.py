"""Who types the words of another program is told ours, and only what the command has."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveytool.cli.app import COMMANDS as CALLED
from surveytool.cli.other_words import COMMANDS, OPTIONS, ours

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


@pytest.mark.parametrize(
    ("option", "cure"),
    [
        ("--weight", "Did you mean '--weights'?"),
        ("--cluster", "Did you mean '--psu'?"),
        ("--svyset", "Did you mean '--weights' or '--strata' or '--psu'?"),
        ("--group", "Did you mean '--by'?"),
        ("--over", "Did you mean '--by'?"),
        ("--subpop", "Did you mean '--where'?"),
        ("--singleunit", "Did you mean '--lonely-psu'?"),
        ("--repweights", "Did you mean '--replicate-weights'?"),
    ],
)
def test_an_option_of_another_program_is_told_ours(
    option: str, cure: str, example: Path, run: Callable[..., Any]
) -> None:
    ran = run("summarize", example / "transit.csv", "age", option, "x")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"surveytool: No such option '{option}'. {cure} See: surveytool summarize --help\n"


def test_only_options_of_the_command_are_named(example: Path, run: Callable[..., Any]) -> None:
    assert "--lonely-psu" not in run("codebook", example / "transit.csv", "--singleunit", "x").err


def test_what_nobody_says_gets_near_names(example: Path, run: Callable[..., Any]) -> None:
    assert "'--decimals'" in run("summarize", example / "transit.csv", "age", "--decimal", "1").err


@pytest.mark.parametrize(("word", "cure"), [("tabulate", "summarize"), ("svyglm", "model"), ("rake", "weight")])
def test_a_command_of_another_program_is_told_ours(word: str, cure: str, run: Callable[..., Any]) -> None:
    ran = run(word, "file.csv")
    assert ran.status == 2
    assert ran.err == f"surveytool: No such command '{word}'. Did you mean '{cure}'? See: surveytool --help\n"


@pytest.mark.parametrize(("word", "cure"), [("avg", "mean"), ("sum", "total"), ("pct", "proportion")])
def test_a_statistic_of_another_program_is_told_ours(
    word: str, cure: str, example: Path, run: Callable[..., Any]
) -> None:
    ran = run("summarize", example / "transit.csv", "age", "--stat", word)
    assert ran.err == f"surveytool: --stat: no statistic is called '{word}'. Did you mean '{cure}'?\n"


def test_ours_are_never_theirs() -> None:
    assert set(COMMANDS) == set(CALLED)
    told = [word for words in OPTIONS.values() for word in words.split()]
    assert not {f"--{word}" for word in told} & set(OPTIONS)
    assert not {word for words in COMMANDS.values() for word in words.split()} & set(COMMANDS)
    assert ours("--Finite_Population", {"--fpc"}, OPTIONS) == ["--fpc"]


def test_the_options_of_the_glossary_exist(run: Callable[..., Any]) -> None:
    helped = run("summarize", "--help").out + run("weight", "--help").out + run("model", "--help").out
    named = re.findall(r"^\| [^|]*`(?:weight )?(--[a-z-]+)", GLOSSARY.read_text(encoding="utf-8"), re.M)
    assert len(named) > 12
    assert not [name for name in named if name not in helped]

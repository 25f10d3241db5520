"""The first day of somebody from another program: each of 28 mistakes gets its answer, or the line to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

STUDY = """
[data]
path = "{data}"
[design]
weights = "weight"
[variables.sex]
levels = {{1 = "Man", 2 = "Woman"}}
[[recodes]]
name = "band"
type = "bands"
from = "age"
bands = ["18-29", "30-44", "45+"]
[[tables]]
variable = "smartphone_internet"
by = ["sex"]
"""
# number of the confusion, what she typed, what helps: words of the answer
MISTAKES = [
    (2, "--lang es", "surveytool summarize FILE --lang es"),
    (3, "", ""),
    (5, "summarize f.sav sex -w peso", "It has: resp_id"),
    (5, "summarize f.sav sex --by zzz", "surveytool codebook f.sav"),
    (6, "summarize f.sav sex --where \"age == 'Honduras'\"", "age == 4"),
    (7, "summarize f.sav sex --where 'age entre 18 y 30'", "Write: age >= 18 and age <= 30"),
    (7, "summarize f.sav sex --where '18 <= age < 30'", "Write: age >= 18 and age < 30"),
    (7, "summarize f.sav sex --where \"sex == 'Male' and age in 18-30\"", "'Male' and age >= 18 and age <= 30"),
    (8, "summarize f.sav age --by sex,education", "--by sex --by education; crossed: --by sex:education"),
    (9, "summarize f.sav sex by education", "surveytool summarize f.sav sex --by education"),
    (10, "chart f.sav age --stat mean --stat median -o c.png", "--stat: is given twice"),
    (11, "summarize f.sav age --stat media", "Did you mean 'mean'?"),
    (11, "summarize f.sav age --stat mediana", "Did you mean 'median'?"),
    (12, "summarize f.sav sex --row", "Write --percent row"),
    (14, "reproduce figure.toml", 'Write "29.8%" (or 0.298); for a mean or a total add the line: unit = "number"'),
    (14, "reproduce number.toml", 'unit = "number"'),
    (22, "summarize f.sav sex -o tabla.pdf", "-o tabla.docx"),
    (22, "summarize f.sav sex -o tabla.xls", "-o tabla.xlsx"),
    (23, "summarize f.sav sex -o there.csv", "--overwrite"),
]  # fmt: skip
ANSWERED = [
    (2, "help", "Usage"),
    (2, "ayuda summarize", "Usage: surveytool summarize"),
    (1, "f.sav", "surveytool check f.sav"),
    (1, "study.toml", "surveytool summarize study.toml"),
    (27, "new --template", "[[claims]]"),
    (28, "explain base", "The denominator: asked, answered or all"),
    (28, "explain nchs", "nchs"),
    (10, "summarize f.sav age --stat mean --stat median", "Median"),
    (11, "summarize f.sav age --stat sd --stat min --stat max", "Minimum"),
    (12, "summarize f.sav smartphone_internet --by sex --percent row", "row percent"),
    (13, "reproduce claim.toml", "reproduced"),
    (14, "reproduce printed.toml", "reproduced"),
    (15, "summarize codes.toml pais", "Honduras"),
    (17, "weight study.toml --margin 'band: 18-29=30%, 30-44=50%, 45+=20%' -o w.sav", "calibrated_weight"),
    (18, "weight f.sav --margin 'sex: Male=48%, Female=52%' -o w2.sav", "calibrated_weight"),
    (18, "weight f.sav --margin 'sex: Male=48, Female=52' -o w3.sav", "calibrated_weight"),
    (19, "convert study.toml home.sav", "531 respondents"),
    (4, "summarize f.sav age --lang es-HN", "intervalo de confianza del 95%"),
    (20, "chart f.sav education", "█"),
    (21, "chart f.sav age --by education --kind slope -o c.png", "A slope compares two groups"),
    (24, "chart f.sav sex -o c2.png --decimals 1", ""),
    (25, "new f.sav -o drafted.toml", "questions"),
    (26, "compare f.sav smartphone_internet --by sex -w weight", "points"),
    (27, "summarize stat.toml", "Mean"),
]  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path, example: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files of that day."""
    (tmp_path / "f.sav").write_bytes((example / "transit.sav").read_bytes())
    study = STUDY.format(data="f.sav")
    claim = '[[claims]]\nid = "a"\nvariable = "{0}"\n{1}\npublished = {2}\n'
    smartphone = claim.format("smartphone_internet", 'level = "Yes"', "{0}")
    files = {
        "study.toml": study, "there.csv": "taken",
        "claim.toml": study + claim.format("age", 'statistic = "mean"\nunit = "number"', "32.7"),
        "printed.toml": study + smartphone.format('"64%"'),
        "figure.toml": study + smartphone.format('"29.8"'),
        "number.toml": study + smartphone.format("46.19646"),
        "stat.toml": '[data]\npath = "f.sav"\n[[tables]]\nvariable = "age"\nstat = "mean"\n',
        "codes.toml": '[data]\npath = "codes.csv"\n[variables.pais.levels]\n'
        + "".join(f'{code} = "{"Honduras" if code == 4 else f"Country {code}"}"\n' for code in range(1, 27)),
        "codes.csv": "pais,y\n" + "".join(f"{row % 26 + 1},{row * 1.5}\n" for row in range(520)),
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("number", "typed", "told"), MISTAKES)
def test_a_mistake_gets_the_line_to_type(run: Run, desk: Path, number: int, typed: str, told: str) -> None:
    done = run(*shlex.split(typed))
    assert done.status == 2, (number, done)
    said = " ".join(done.err.split()) + " ".join(done.out.split())
    assert told in said
    if number == 3:
        assert "surveytool new DATA -o study.toml" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(("number", "typed", "told"), ANSWERED)
def test_what_was_refused_is_answered(run: Run, desk: Path, number: int, typed: str, told: str) -> None:
    done = run(*shlex.split(typed))
    assert done.status == 0, (number, done.err)
    assert told in " ".join((done.err + done.out).split())


def test_every_confusion_is_replayed() -> None:
    """Number 16 has its own test below."""
    assert {number for number, *_ in [*MISTAKES, *ANSWERED]} | {16} == set(range(1, 29))


def test_labelled_variables_are_no_guess_any_more(run: Run, desk: Path) -> None:
    (desk / "q.csv").write_text("sexo,voto\n" + "1,1\n2,2\n1,2\n" * 20, encoding="utf-8")
    (desk / "q.toml").write_text(
        '[data]\npath = "q.csv"\n[variables.sexo]\nlevels = {1 = "Hombre", 2 = "Mujer"}\n', encoding="utf-8"
    )
    said = run("summarize", "q.toml", "sexo", "voto").out
    assert re.search(r"taken as categories: voto\.", " ".join(said.split()))
    assert "--kind" not in run("summarize", "q.toml", "sexo").out


def test_the_lines_that_are_told_work(run: Run, desk: Path) -> None:
    """Each command that an answer names is typed as it stands."""
    for typed in ("summarize f.sav sex by education", "summarize f.sav sex x education"):
        done = run(*shlex.split(typed))
        line = re.search(r"surveytool (summarize .+?)$", done.err.strip())
        assert line is not None, done.err
        assert run(*shlex.split(line[1])).status == 0


@pytest.mark.parametrize("setting", ["missing = {refused = [99]}", 'levels = {1 = "One", 18 = "Adult"}'])
def test_labels_of_few_values_leave_a_number_a_number(run: Run, desk: Path, setting: str) -> None:
    ages = "".join(f"{row % 60 + 18}\n" for row in range(300))
    (desk / "n.csv").write_text(f"age\n{ages}99\n", encoding="utf-8")
    (desk / "n.toml").write_text(f'[data]\npath = "n.csv"\n[variables.age]\n{setting}\n', encoding="utf-8")
    done = run("codebook", "n.toml", "--format", "json")
    if "levels" in setting:
        assert done.status == 2 and "kind" in done.err
    else:
        assert done.json["variables"][0]["kind"] == "number"

"""The law of names: in every file the printed name of an answer selects the printed count, wherever it is typed.

The labels are those of an enemy: codes of others, one label twice, a label that looks like a name with its code,
signs of the languages that people type.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import surveytool as st
from surveytool.aggregate.domain import evaluate
from surveytool.aggregate.encoded_columns import Columns, arrow_table
from surveytool.aggregate.where_language import parse
from surveytool.survey import Survey, printed_names

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "real"
ROWS = 120
ENEMIES: tuple[dict[int, str], ...] = (
    {1: "0", 2: "1", 3: "2"},
    {1: "2", 2: "1"},
    {1: "Other", 2: "Other", 3: "Other [2]", 4: "Brick"},
    {1: "Don't know", 2: "Yes", 3: "1"},
    {1: "A, B", 2: "C: D", 3: "E = F", 4: 'it\'s \\ "x"'},
    {1: "Yes", 2: "yes", 3: "YES!"},
    {-1: "1", 1: "-1", 2: "not Yes"},
    {1: "1.0", 2: "1", 3: "01"},
)


def quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def written(folder: Path, labels: dict[int, str], suffix: str) -> Path:
    draw = np.random.default_rng(7)
    frame = pd.DataFrame({"q": draw.choice(list(labels), ROWS), "y": draw.choice([1, 2], ROWS)}).astype(float)
    path = folder / f"enemy{suffix}"
    values = {"q": labels, "y": {1: "first", 2: "second"}}
    if suffix == ".csv":
        frame.assign(q=frame["q"].map(labels)).to_csv(path, index=False)
    else:
        write = pyreadstat.write_sav if suffix == ".sav" else pyreadstat.write_dta
        write(frame, str(path), variable_value_labels=values)
    return path


def columns_of(survey: Survey) -> Columns:
    names = [
        name for each in survey.codebook.values()
        for name in (*(each.columns or (each.name,)), each.parent, each.tags) if name
    ]  # fmt: skip
    return Columns(survey, arrow_table(survey.frame, dict.fromkeys(names)))


def wrong(survey: Survey) -> list[str]:
    """The answers whose printed name selects another count than is printed."""
    columns, found = columns_of(survey), []
    for name, variable in survey.codebook.items():
        if variable.kind not in ("single", "multiple") or variable.sensitive:
            continue
        levels = variable.valid_levels()
        for shown, level in zip(printed_names(levels), levels, strict=True):
            chosen = evaluate(parse(f"`{name}` == {quoted(shown)}"), columns)
            if int((chosen == 1).sum()) != level.count:
                found.append(f"{name}: {shown}")
    return found


@pytest.mark.parametrize("suffix", [".sav", ".dta", ".csv"])
@pytest.mark.parametrize("labels", ENEMIES, ids=lambda labels: "|".join(labels.values())[:20])
def test_a_printed_name_selects_what_is_printed(tmp_path: Path, labels: dict[int, str], suffix: str) -> None:
    path = written(tmp_path, labels, suffix)
    survey = st.read(path)
    levels = survey.codebook["q"].valid_levels()
    names = printed_names(levels)
    assert len(set(names)) == len(names) and not wrong(survey)
    table = {row.level: row.count for row in st.summarize(path, "q").rows}
    assert table == {name: level.count for name, level in zip(names, levels, strict=True)}
    for name, level in zip(names, levels, strict=True):
        where = st.summarize(path, "y", where=f"q == {quoted(name)}").rows[0]
        shares = ", ".join(f"{each}={int(each == name)}" for each in names)
        standard = st.summarize(path, "y", standardize=f"q: {shares}").rows[0]
        assert where.n == level.count and standard.estimate == pytest.approx(where.estimate)


@pytest.mark.parametrize("labels", ENEMIES, ids=lambda labels: "|".join(labels.values())[:20])
def test_a_printed_name_in_a_study_selects_what_is_printed(tmp_path: Path, labels: dict[int, str]) -> None:
    path = written(tmp_path, labels, ".sav")
    levels = st.read(path).codebook["q"].valid_levels()
    names = printed_names(levels)
    text = [f"[data]\npath = {json.dumps(path.name)}\n"]
    for place, name in enumerate(names):
        shown = json.dumps(name, ensure_ascii=False)
        condition = json.dumps(f"q == {quoted(name)}", ensure_ascii=False)
        text.append(f'[[recodes]]\nname = "g{place}"\ntype = "collapse"\nfrom = "q"\n'
                    f'groups = [{{label = "in", levels = [{shown}]}}, {{label = "out", rest = true}}]\n'
                    f'[[recodes]]\nname = "s{place}"\ntype = "score"\n'
                    f"case = [{{when = {condition}, then = 1}}, {{when = \"y >= 1\", then = 0}}]\n"
                    f'[[claims]]\nid = "c{place}"\nvariable = "q"\nlevel = {shown}\n'
                    f'published = "{100 * levels[place].count / ROWS:.2f}%"\n')  # fmt: skip
    study = tmp_path / "study.toml"
    study.write_text("".join(text), encoding="utf-8")
    survey = st.open_study(st.load_study(study))
    for place, level in enumerate(levels):
        grouped = {row.level: row.count for row in st.summarize(survey, f"g{place}").rows}
        assert grouped["in"] == level.count
        assert st.summarize(survey, f"s{place}").rows[0].estimate * ROWS == pytest.approx(level.count)
    from surveytool.cli.app import main

    main(["reproduce", str(study), "--format", "json", "-o", str(tmp_path / "out.json")])
    claims = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["claims"]
    assert {claim["verdict"] for claim in claims} == {"reproduced"}


def test_a_margin_of_a_name_with_a_comma(tmp_path: Path) -> None:
    from surveytool.weighting.margins import written_margin

    assert written_margin("q: A, B=0.4, C: D=0.6").targets == (("A, B", 0.4), ("C: D", 0.6))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_the_law_over_real_files() -> None:
    names = sorted(path.name for path in REAL.iterdir() if path.suffix in (".sav", ".dta", ".csv", ".txt"))
    few = names if os.environ.get("LARGE") else [name for name in names if name != "ech2018.sav"]
    assert {name: wrong(st.read(REAL / name)) for name in few if name != "r_answers.csv"} == {
        name: [] for name in few if name != "r_answers.csv"
    }

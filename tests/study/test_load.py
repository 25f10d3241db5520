"""A study file is read strictly: every mistake at once, each with its line and its cure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveytool.errors import SurveytoolError, UsageError
from surveytool.published_figures import Claim
from surveytool.study import StudyError, load_study, open_study
from surveytool.study.schema import json_schema
from surveytool.study.sections import ClaimEntry, StudyFile, TableEntry
from surveytool.study.toml_lines import lines_of
from surveytool.survey import Request

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"
Write = Callable[..., Path]

TEN = """[design]
weights = "wieght"
sample = "convinience"
[variables.sexx]
label = {en = "Sex", es = "Sexo"}
[variables.sex]
label = {en = "Sex", sp = "Sexo"}
[[recodes]]
name = "age_band"
type = "bands"
from = "age"
bands = ["18-25", "27-35", "36-45", "46+"]
[[recodes]]
name = "schooling"
type = "collapse"
from = "education"
groups = [{label = "Low", levels = ["Primry"]}, {label = "High", rest = true}]
[[tables]]
variabel = "age"
variable = "social_medium"
by = ["sex", "age_bnad"]
where = "sex == 'Mael'"
[[claims]]
id = "men"
variable = "social_media"
published = "47 per cent"
"""
PLANTED = {
    6: ("no variable named 'wieght'", "Did you mean 'weight'?"),
    7: ("sample is 'convinience'", "Did you mean 'convenience'?"),
    8: ("no variable named 'sexx'", "Did you mean 'sex'?"),
    11: ("there is no language 'sp'", "Add it to languages in [study]"),
    16: ("gap between the bands '18-25' and '27-35'", "Let one begin where the other ends"),
    21: ("education has no answer 'Primry'", "Did you mean 'Primary'?"),
    23: ("there is no setting 'variabel'", "Did you mean 'variable'"),
    24: ("no variable named 'social_medium'", "Did you mean 'social_media'?"),
    25: ("no variable named 'age_bnad'", "Did you mean 'age_band'"),
    26: ("sex has no answer 'Mael'", "Did you mean 'Male'"),
    30: ("published is '47 per cent', no number", "Write for example 47%"),
}


def test_ten_planted_mistakes_are_told_in_one_run(run: Any, write: Write) -> None:
    path = write(TEN)
    done = run("summarize", path)
    assert (done.status, done.out) == (2, "")
    told = {int(found[1]): line for line in done.err.splitlines() if (found := re.search(r", line (\d+): ", line))}
    assert sorted(told) == sorted(PLANTED), done.err
    for line, (message, cure) in PLANTED.items():
        assert message in told[line] and cure in told[line], told[line]
        assert told[line].startswith(f"surveytool: {path}, line {line}: ")
    assert len(done.err.splitlines()) == len(PLANTED) >= 10


def test_names_that_only_the_data_know_are_told_at_once_too(run: Any, write: Write) -> None:
    path = write(
        '[[tables]]\nvariable = ["sexx", "social_media"]\nby = ["route", "agee"]\n[variables.x]\nlabel = "X"\n'
    )
    done = run("summarize", path)
    assert done.status == 2
    told = [line.partition(": no variable named ")[2].partition(" It has: ")[0] for line in done.err.splitlines()]
    assert told == [
        "'sexx'. Did you mean 'sex'?",
        "'agee'. Did you mean 'age'?",
        "'x'.",
    ]


@pytest.mark.parametrize(
    ("text", "line", "message", "cure"),
    [
        ("[tables]\nvariable = 'sex'\n", 5, "[tables] stands for a list", "[[tables]]"),
        ("[[tables]]\nby = ['sex']\n", 5, "variable is missing.", 'Write variable = "..."'),
        ("[[tables]]\nvariable = 5\n", 6, "variable must be a text or a list.", 'Write variable = "..."'),
        ("[[tables]]\nvariable = 'sex'\nlevel = '95'\n", 7, "level must be a number.", ""),
        ("[[tables]]\nvariable = 'sex'\ntotal = 1\n", 7, "total must be true or false.", ""),
        ("[[tables]]\nvariable = 'sex'\nlevel = nan\n", 7, "level must be a finite number.", ""),
        ("[[tables]]\nvariable = 'sex'\nlevel = 95\n", 7, "the level 95 is not between 0.5 and 1.", "0.95"),
        ("[[tables]]\nvariable = 'sex'\nwhere = 'age = 3'\n", 7, "equality is written ==", ""),
        ("[[tables]]\nvariable = 'age'\nstatistic = 'meen'\n", 7, "no statistic is called 'meen'", "'mean'"),
        ("[[tables]]\nvariable = 'sex'\ninterval = 'wilsn'\n", 7, "no interval is called 'wilsn'", "'wilson'"),
        ("[[charts]]\nvariable = 'sex'\nkind = 'dot'\n", 7, "no chart is called 'dot'", "'dots'"),
        ("[[charts]]\nvariable = 'sex'\nanswers = ['Mal']\n", 7, "sex has no answer 'Mal'", "'Male'"),
        ("[[recodes]]\ntype = 'band'\n", 5, "there is no type 'band'", "'bands'"),
        ("[[recodes]]\nname = 'x'\n", 5, "type is missing.", '"bands"'),
        ("[[recodes]]\nname = 'x'\ntype = 'derived'\nany = ['age >']\n", 8, "ends too early", ""),
        ("[[recodes]]\nname = 'x'\ntype = 'derived'\n", 5, "has none of any, all and none", "Write any"),
        ("[[recodes]]\nname = 'sex'\ntype = 'derived'\nany = ['age > 3']\n", 6, "have a variable 'sex' already", ""),
        ("[[claims]]\nid = 'a'\n", 5, "neither a published figure nor a comparison", "published = 0.47"),
        ("[[claims]]\nid = 'a'\npublished = 47\n", 7, "published = 47 is no percentage.", '"47%"'),
        ("[[claims]]\nid = 'a'\npublished = 0.4\nset = 'relese'\n[sets.release]\n", 8, "no set 'relese'", "'release'"),
        ("[[claims]]\nid = 'a'\npublished = 0.4\nvariable = 'sexx'\n", 8, "no variable named 'sexx'", "'sex'"),
        ("[[claims]]\nid = 'a'\npublished = 0.4\nvariable = 'sex'\nlevel = 'Mal'\n", 9, "no answer 'Mal'", "'Male'"),
        ("[[claims]]\nid = 'a'\npublished = 0.4\nvariable = 'age'\nby = {sex = 'Mal'}\n", 9, "no answer", "'Male'"),
        ("[output]\nlanguage = 'de'\n", 6, "no language is called 'de'", "en, es, fr"),
        ("[output]\ndecimals = 11\n", 6, "decimals is 11", "0 to 10"),
        ("[tabels]\n", 5, "there is no table 'tabels'", "'tables'"),
        ("[variables.sex]\nlevels = {9 = 'X', Male = 'M'}\nkind = 'sngle'\n", 7, "kind is 'sngle'", "'single'"),
        ("[variables.platforms]\nlevels = {whatsap = 'W'}\n", 6, "platforms has no option 'whatsap'", "'whatsapp'"),
        ("[variables.age]\nasked_when = 'agee > 3'\n", 6, "no variable named 'agee'", "'age'"),
        ("[design]\nweights = 'weight'\n[design]\n", 7, "this setting or table comes twice", "Leave one"),
        ("[[tables]]\nvariable = 'sex'\nby = sex\n", 7, "invalid value", "Texts stand in quotes"),
    ],
)  # fmt: skip
def test_a_mistake_has_its_line_and_its_cure(write: Write, text: str, line: int, message: str, cure: str) -> None:
    path = write(text)
    with pytest.raises(StudyError) as caught:
        open_study(load_study(path))
    (problem,) = caught.value.problems
    assert problem.line == line
    assert message in problem.message and cure in problem.cure, problem
    assert caught.value.exit_status == 2


def test_a_line_that_is_no_toml_does_not_hide_the_others(write: Write) -> None:
    with pytest.raises(StudyError) as caught:
        load_study(write("[[tables]]\nvariable = = 3\nvariable = 'sexx'\nbase = 'al'\n[x\n"))
    assert [each.line for each in caught.value.problems] == [6, 7, 8, 9]


def test_twins_are_told(write: Write) -> None:
    text = "[[tables]]\nid = 'a'\nvariable = 'sex'\n" * 2 + "[[claims]]\nid = 'c'\npublished = 0.4\n" * 2
    with pytest.raises(StudyError) as caught:
        load_study(write(text))
    assert ["comes twice" in each.message for each in caught.value.problems] == [True, True]


def test_files_that_are_no_study(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    for path, said in [(tmp_path / "none.toml", "does not exist"), (tmp_path, "is a folder"),
                       (tmp_path / "bad.toml", "is not text in UTF-8")]:  # fmt: skip
        with pytest.raises(UsageError, match=said):
            load_study(path)
    (tmp_path / "empty.toml").write_text("")
    with pytest.raises(UsageError, match="names no data file"):
        open_study(load_study(tmp_path / "empty.toml"))


def test_a_data_file_that_is_not_there_is_told_with_its_line(run: Any, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('[data]\npath = "none.sav"\n')
    done = run("summarize", tmp_path / "s.toml")
    assert done.status == 3
    assert f"{tmp_path / 's.toml'}, line 2: {tmp_path / 'none.sav'}: there is no such file" in done.err


def test_a_message_is_one_line_whatever_the_file_says(run: Any, write: Write) -> None:
    done = run("summarize", write('[design]\nweights = "a\\nb\\u001b[31m"\n[[tables]]\nvariable = "\\u202esex"\n'))
    assert done.status == 2 and len(done.err.splitlines()) == 2
    assert "\x1b" not in done.err and "\u202e" not in done.err


@pytest.mark.parametrize("name", ["iom_2023.toml", "iom_2023_release.toml", "template.toml"])
def test_the_files_of_the_repository_load(name: str) -> None:
    study = load_study(CONFIGS / name)
    if study.data is not None:
        assert open_study(study).provenance.rows == 531


def test_the_template_loads_with_everything_uncommented(tmp_path: Path) -> None:
    text = (CONFIGS / "template.toml").read_text(encoding="utf-8")
    whole, count = re.subn(r"(?m)^#(?=[\[\w])", "", text)
    assert count > 60
    path = tmp_path / "whole.toml"
    path.write_text(whole.replace("../examples", str(ROOT / "examples")), encoding="utf-8")
    study = load_study(path)
    assert open_study(study).provenance.rows == 531
    assert study.charts and study.claims and len(study.recodes) >= 7


def test_every_table_and_setting_stands_in_the_template() -> None:
    """Explained for whoever reads it: the settings of every table of the file."""
    text = (CONFIGS / "template.toml").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_]+", text))
    assert {each.name for each in fields(StudyFile)} <= words
    assert {each.name for kind in (TableEntry,) for each in fields(kind)} - {
        "standard",
        "quantile_rule",
        "joint",
        "listed",
    } <= words


def test_the_json_schema_is_that_of_the_model() -> None:
    kept = json.loads((CONFIGS / "study.schema.json").read_text(encoding="utf-8"))
    assert kept == json.loads(json_schema(StudyFile)), "write it again: python tests/study/schema_file.py"


def test_what_a_request_and_a_claim_have_the_file_has_too() -> None:
    assert {each.name for each in fields(Request)} <= {each.name for each in fields(TableEntry)}
    assert {each.name for each in fields(Claim)} == {each.name for each in fields(ClaimEntry)}


KEYS = st.text("abcdef", min_size=1, max_size=3)
SCALARS = st.one_of(
    st.integers(0, 9).map(str), st.booleans().map(lambda each: str(each).lower()),
    st.text("ab#]}=,[{ ", max_size=6).map('"{}"'.format), st.text("ab#]}=,\\", max_size=5).map("'{}'".format),
    st.text("a\n#]=", max_size=6).map('"""a"{}"""'.format),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda each: "[\n # note ]\n" + ",\n".join(each) + "\n]"),
        st.dictionaries(KEYS, inner, max_size=3).map(
            lambda each: "{" + ", ".join(f"{key} = {value}" for key, value in each.items() if "\n" not in value) + "}"
        ),
    ),
    max_leaves=6,
)


@given(st.dictionaries(KEYS, VALUES, max_size=5), st.lists(st.dictionaries(KEYS, VALUES, max_size=2), max_size=3))
def test_lines_are_those_where_settings_stand(head: dict[str, str], entries: list[dict[str, str]]) -> None:
    text = "# start\n" + "".join(f"{key} = {value}  # {key}\n" for key, value in head.items())
    for each in entries:
        text += "\n[[tables]]\n" + "".join(f"{key} = {value}\n" for key, value in each.items())
    read = tomllib.loads(text)
    lines, source = lines_of(text), text.split("\n")
    assert {place[0] for place in lines} == set(read)
    for key in head:
        assert source[lines[(key,)] - 1].startswith(f"{key} = ")
    for number, each in enumerate(entries):
        assert source[lines[("tables", number)] - 1] == "[[tables]]"
        for key in each:
            line = lines[("tables", number, key)]
            assert source[line - 1].startswith(f"{key} = ") and line > lines[("tables", number)]


WRONG = (
    "5",
    "-1",
    "nan",
    "true",
    "[]",
    "{}",
    "''",
    "'x'",
    "{en = 'a'}",
    "2020-01-01",
    "[[1]]",
    "{a = {b = 1}}",
    "1e999",
)


@settings(max_examples=25, deadline=None)
@given(draw=st.data())
def test_whatever_stands_in_it_a_study_is_read_or_told(draw: st.DataObject, tmp_path_factory: Any) -> None:
    lines = (CONFIGS / "template.toml").read_text(encoding="utf-8").replace("../examples", str(ROOT / "examples"))
    changed = re.sub(r"(?m)^#(?=[\[\w])", "", lines).split("\n")
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(changed) - 1))
        name = changed[at].partition("=")[0]
        changed[at] = draw.draw(
            st.sampled_from(["", f"{name}= {draw.draw(st.sampled_from(WRONG))}", f"{name}x = 1", changed[at - 1]])
        )
    path = tmp_path_factory.mktemp("study") / "study.toml"
    path.write_text("\n".join(changed), encoding="utf-8")
    try:
        open_study(load_study(path))
    except StudyError as error:
        assert error.problems and all(each.message for each in error.problems)
    except SurveytoolError as error:
        assert error.exit_status in (2, 3)

"""Tal Afar: every filter of a real form against a second reading of it in Python, row by row."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from surveytool.study import load_study, open_study

DATA = "reach_talafar_2021"


def _blank(text: str) -> str:
    return "" if text == "NA" else text


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def in_python(condition: str) -> Callable[[Callable[[str], str]], bool]:
    """The form's condition as Python, by substitution: another reading than the product's parser."""
    text = re.sub(r"selected\(\s*\$\{([\w.]+)\}\s*,\s*'([^']*)'\s*\)", r"('\2' in value('\1').split())", condition)
    same = {"=": "==", "!=": "!="}
    text = re.sub(
        r"\$\{([\w.]+)\}\s*(!=|=)\s*'([^']*)'",
        lambda match: f"(value('{match[1]}') {same[match[2]]} '{match[3]}')",
        text,
    )
    text = re.sub(
        r"\$\{([\w.]+)\}\s*(>=|<=|!=|>|<|=)\s*(-?[\d.]+)",
        lambda match: f"(number(value('{match[1]}')) {same.get(match[2], match[2])} {match[3]})", text,
    )  # fmt: skip
    code = compile(text.strip(), "condition", "eval")
    return lambda value: bool(eval(code, {"value": value, "number": _number}))


def conditions(rows: list[dict[str, str]]) -> dict[str, list[str]]:
    """Each question's conditions: its own and those of the groups above."""
    groups: list[str] = []
    found = {}
    for row in rows:
        if row["type"].startswith("begin_group"):
            groups.append(_blank(row["relevant"]))
        elif row["type"].startswith("end_group"):
            groups.pop()
        else:
            found[row["name"]] = [text for text in (*groups, _blank(row["relevant"])) if text]
    return found


@pytest.mark.parametrize("file", ["raw_data.csv", "clean_data.csv"])
def test_every_filter_tells_who_was_asked(file: str, shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / DATA
    study = tmp_path / "study.toml"
    study.write_text(f'[data]\npath = "{folder / file}"\ntool = "{folder / "tool_survey.csv"}"\n')
    survey = open_study(load_study(study))
    with (folder / file).open(encoding="utf-8") as handle:
        people = list(csv.DictReader(handle))
    with (folder / "tool_survey.csv").open(encoding="utf-8") as handle:
        filters = {name: texts for name, texts in conditions(list(csv.DictReader(handle))).items() if texts}
    told = {dict(each.values)["variable"]: dict(each.values)["n"] for each in survey.notes
            if each.code == "recode_answered_unasked"}  # fmt: skip
    differing = {
        name for each in survey.notes if each.code == "list_differs" for name in dict(each.values)["variables"]
    }
    seen = 0
    for name, texts in filters.items():
        if name not in people[0]:
            continue
        seen += 1
        if {name, *(key for text in texts for key in re.findall(r"\$\{([\w.]+)\}", text))} & differing:
            continue  # the list and its columns contradict each other, which is told, and the columns count
        tests = [in_python(text) for text in texts]
        asked = [all(test(lambda key, row=row: _blank(row.get(key, ""))) for test in tests) for row in people]
        answered = [_blank(row[name]) != "" for row in people]
        strays = sum(said and not was for said, was in zip(answered, asked, strict=True))
        variable = survey.codebook[name]
        gaps = {level.code: level.count for level in variable.levels if level.missing}
        assert variable.n == sum(answered), name
        assert gaps.get(".not asked", 0) == len(people) - sum(asked) - strays, name
        assert gaps.get(".no answer", 0) == sum(asked) - (sum(answered) - strays), name
        assert told.get(name, 0) == strays, name
    assert seen == 108
    assert differing == ({"water_sources", "treat_drink_water_how"} if file == "clean_data.csv" else set())


def test_the_labels_of_both_languages_come_from_the_form(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / DATA
    study = tmp_path / "study.toml"
    study.write_text(
        '[study]\nlanguages = ["ar", "en"]\n'
        f'[data]\npath = "{folder / "raw_data.csv"}"\ntool = "{folder / "tool_survey.csv"}"\n',
        encoding="utf-8",
    )
    survey = open_study(load_study(study), columns=["gender_hoh"], language="ar")
    variable = survey.codebook["gender_hoh"]
    assert [level.label for level in variable.valid_levels()] == ["ذكر", "انثى"]
    assert variable.levels[0].labels["en"] == "Male"

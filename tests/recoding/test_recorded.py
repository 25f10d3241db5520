"""Recodes and routes of the example: the variables that come of them, and what cannot be meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from recorded import plain, rows_text, same

import surveytool as st
from surveytool.errors import SurveytoolError
from surveytool.study import load_study, open_study

RECODES: dict[str, str] = {
    "bands": "type = 'bands'\nfrom = 'age'\nbands = ['18-25', '26-35', '36+']",
    "bands open": "type = 'bands'\nfrom = 'age'\nbands = ['<20', '20-29', '30-39', '40-120']",
    "bands labelled": "type = 'bands'\nfrom = 'age'\nbands = [{from = 18, to = 30, label = {en = 'Young', es = 'Jóvenes'}}, {from = 31, label = 'Older'}]",
    "bands overlap": "type = 'bands'\nfrom = 'age'\nbands = ['18-25', '20-30']",
    "bands gap": "type = 'bands'\nfrom = 'age'\nbands = ['18-25', '30-35']",
    "bands backwards": "type = 'bands'\nfrom = 'age'\nbands = ['25-18']",
    "bands of text": "type = 'bands'\nfrom = 'sex'\nbands = ['18-25', '26+']",
    "bands none": "type = 'bands'\nfrom = 'age'\nbands = []",
    "bands unknown": "type = 'bands'\nfrom = 'agee'\nbands = ['18+']",
    "collapse": "type = 'collapse'\nfrom = 'education'\ngroups = [{label = 'Low', levels = ['None', 'Primary']}, "
    "{label = {en = 'High', es = 'Alta'}, levels = ['Secondary', 'Technical, not university', 'University']}]",
    "collapse left": "type = 'collapse'\nfrom = 'education'\ngroups = [{label = 'Low', levels = ['None', 'Primary']}]",
    "collapse keep": "type = 'collapse'\nfrom = 'sex'\ngroups = [{label = {en = 'All', es = 'Todas'}, levels = ['Male', 'Female']}]",
    "collapse twice": "type = 'collapse'\nfrom = 'sex'\ngroups = [{label = 'A', levels = ['Male']}, {label = 'B', levels = ['Male']}]",
    "collapse unknown": "type = 'collapse'\nfrom = 'sex'\ngroups = [{label = 'A', levels = ['Mael']}]",
    "collapse several": "type = 'collapse'\nfrom = 'platforms'\ngroups = [{label = 'Meta', levels = ['WhatsApp', 'Facebook', "
    "'Instagram']}, {label = 'Other', levels = ['TikTok', 'Telegram', 'YouTube', 'Other platform']}]",
    "derived none": "type = 'derived'\nnone = [\"sex == 'Female'\", 'age > 40']\nlabel = 'Neither'",
    "multiple none": "type = 'multiple'\ncolumns = ['route_x*']\ncounted = 'PAN'",
    "derived any": "type = 'derived'\nany = [\"sex == 'Female'\", 'age > 40']",
    "derived all": "type = 'derived'\nall = [\"sex == 'Female'\", \"smuggler_used == 'Yes'\"]",
    "derived wrong": "type = 'derived'\nany = ['age >']",
    "multiple text": "type = 'multiple'\nfrom = 'platforms'\nseparator = ';'",
    "multiple columns": "type = 'multiple'\ncolumns = ['route_1', 'route_2']\ncounted = 'PAN'",
}
ROUTES: dict[str, str] = {
    "plain": "stops = ['route_*']\norigin = 'origin'\ndestination = 'destination'\nintended = true",
    "ended": "stops = ['route_1', 'route_2', 'route_3']\norigin = 'origin'\ndestination = 'destination'",
    "corridors": "stops = ['route_*']\norigin = 'origin'\ndestination = 'destination'\nother = 'Elsewhere'\n"
    "[[routes.corridors]]\nname = 'darien'\npasses = ['PAN']\nunless = {starts = ['NIC']}\n"
    "[[routes.corridors]]\nname = 'north'\nends = ['USA', 'CAN']\nlabel = {en = 'North', es = 'Norte'}\n"
    "[[routes.corridors]]\nname = 'air'\nfirst = ['NIC']\n[[routes.corridors]]\nname = 'way'\nsequence = ['PAN', 'CRI']",
    "exclusive": "stops = ['route_*']\norigin = 'origin'\ndestination = 'destination'\nexclusive = true\n"
    "[[routes.corridors]]\nname = 'darien'\npasses = ['PAN']\n[[routes.corridors]]\nname = 'north'\nends = ['USA']",
    "nowhere": "stops = ['route_*']\n[[routes.corridors]]\nname = 'x'\npasses = ['Atlantis']",
}


def opened(example: Path, tmp_path: Path, text: str) -> Any:
    path = tmp_path / "study.toml"
    head = (
        f'[study]\nlanguages = ["en", "es"]\n[data]\npath = "{example / "transit.sav"}"\n[design]\nweights = "weight"\n'
    )
    path.write_text(head + text, "utf-8")
    return open_study(load_study(path))


def told(survey: Any, new: list[str], folder: Path) -> str:
    lines = [plain([each for each in survey.notes if "new" in str(each) or "route" in str(each)])]
    for name in new:
        shown = plain(survey.codebook[name])
        lines.append(shown if len(shown) < 2500 else f"{shown[:2500]} ...")
        if survey.codebook[name].kind != "text":
            lines.append(rows_text([st.summarize(survey, name, by="sex").results.estimates[0]])[:2500])
    return "\n".join(lines)


@pytest.mark.parametrize("name", RECODES)
def test_a_recode_makes_what_it_made(name: str, example: Path, tmp_path: Path) -> None:
    try:
        text = told(opened(example, tmp_path, f"[[recodes]]\nname = 'new'\n{RECODES[name]}\n"), ["new"], tmp_path)
    except SurveytoolError as error:
        text = "\n".join(error.lines()).replace(str(tmp_path), "FOLDER")
    same("recoding", f"recode-{name.replace(' ', '-')}.txt", text)


@pytest.mark.parametrize("name", ROUTES)
def test_a_route_makes_what_it_made(name: str, example: Path, tmp_path: Path) -> None:
    try:
        survey = opened(example, tmp_path, f"[[routes]]\nname = 'new'\n{ROUTES[name]}\n")
        text = told(survey, [each for each in survey.codebook if each.startswith("new") and "_" not in each], tmp_path)
    except SurveytoolError as error:
        text = "\n".join(error.lines()).replace(str(tmp_path), "FOLDER")
    same("recoding", f"route-{name}.txt", text)


MISSING: dict[str, str] = {
    "kinds": "variables = ['smuggler_contact']\nmissing = {refused = ['Was approached'], dont_know = ['Through family or friends']}",
    "numbers": "variables = ['age']\nmissing = {dont_know = [18, 19]}",
    "twice": "variables = ['age']\nmissing = {dont_know = [18], refused = [18]}",
    "unknown": "variables = ['sex']\nmissing = {refused = ['Maybe']}",
    "several": "variables = ['sex', 'education']\nmissing = {refused = ['Male', 'None']}",
}


@pytest.mark.parametrize("name", MISSING)
def test_answers_made_missing(name: str, example: Path, tmp_path: Path) -> None:
    try:
        survey = opened(example, tmp_path, f"[[recodes]]\ntype = 'missing'\n{MISSING[name]}\n")
        text = told(survey, ["smuggler_contact", "age", "sex", "education"], tmp_path)
    except SurveytoolError as error:
        text = "\n".join(error.lines()).replace(str(tmp_path), "FOLDER")
    same("recoding", f"missing-{name}.txt", text)

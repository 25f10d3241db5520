"""Every mistake of a study file in its line with its cure, and what the reference study prints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recorded import TESTS, console, same

from surveytool.errors import SurveytoolError
from surveytool.study import load_study, open_study

BROKEN: dict[str, str] = {
    "unknown setting": "[design]\nwieghts = 'weight'\n[nothing]\na = 1\n",
    "wrong kinds": "[design]\nweights = 3\npsu = 'site'\nnest = 'yes'\nfpc = [1]\n[output]\ndecimals = 'two'\nlanguage = 'xx'\n",
    "no such column": "[design]\nweights = 'wieght'\nstrata = 'countri'\n[[tables]]\nvariable = 'sexx'\nby = ['agee']\n",
    "no such answer": "[[claims]]\nid = 'a'\nvariable = 'social_media'\nlevel = 'Maybe'\nby = {sex = 'Mael'}\npublished = '47%'\n",
    "claims": "[[claims]]\nid = 'a'\npublished = 'x%'\n[[claims]]\nid = 'a'\nvariable = 'sex'\n[[claims]]\npublished = '3%'\n",
    "recodes": "[[recodes]]\nname = 'b'\ntype = 'bands'\nfrom = 'age'\nbands = ['18-25', '20-30', 'x', '50+']\n"
    "[[recodes]]\nname = 'b'\ntype = 'collapse'\nfrom = 'education'\n[[recodes]]\nname = 'sex'\ntype = 'nothing'\n",
    "recode groups": "[[recodes]]\nname = 'e'\ntype = 'collapse'\nfrom = 'sex'\ngroups = {all = ['Male', 'Femael']}\n",
    "variables": "[variables.sexx]\nlabel = 'Sex'\n[variables.sex]\nlabel = 3\nkind = 'nmber'\nlevels = {Maleee = 'x'}\n",
    "routes": "[[routes]]\nname = 'journey'\nstops = ['route_x*']\n[[routes]]\nname = 'sex'\nstops = ['route_*']\norigin = 'orgin'\n",
    "corridors": "[[routes]]\nname = 'j'\nstops = ['route_*']\n[[routes.corridors]]\nname = 'a'\nends = ['Nowhere']\n[[routes.corridors]]\nname = 'a'\n",
    "tables": "[[tables]]\nvariable = 'age'\nstat = 'meen'\nci = 'wilsn'\nlevel = 2\nbase = 'none'\n[[tables]]\nby = ['sex']\n",
    "charts": "[[charts]]\nvariable = 'age'\nkind = 'pie'\ntheme = 'nice'\n[[charts]]\n",
    "protect": "[protect]\ncell = -1\nbase = 'x'\nmethod = 'magic'\nquality = 'best'\ndominance = 3\n",
    "where": "[[tables]]\nvariable = 'age'\nwhere = 'sex == '\n[[tables]]\nvariable = 'age'\nwhere = \"sexx == 'Male'\"\n",
    "toml": "[design\nweights = 'weight'\n",
    "twice": "[design]\nweights = 'weight'\n[design]\nstrata = 'site'\n",
    "languages": "[variables.sex]\nlabel = {en = 'Sex', xx = 'Sexo'}\n",
    "asked": "[variables.platforms]\nasked_when = \"sm_use = 'Yes'\"\n",
    "replicates": "[design.replicates]\ncolumns = 'rw*'\nmethod = 'brrr'\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_study_is_told_in_lines(name: str, write: Callable[..., Path], example: Path) -> None:
    path = write(BROKEN[name])
    try:
        open_study(load_study(path))
        told = "nothing is wrong"
    except SurveytoolError as error:
        told = "\n".join(error.lines())
    text = told.replace(str(path.parent), "FOLDER").replace(str(example), "EXAMPLE")
    same("study", f"broken-{name.replace(' ', '-')}.txt", text)


@pytest.mark.parametrize("name", ["studies.txt", "refused.txt"])
def test_commands_print_what_was_read(name: str, example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    console("study", name, run, example=example, out=tmp_path, project=TESTS.parent)

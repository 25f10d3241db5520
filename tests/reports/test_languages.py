"""A report in several languages is told several times and counted once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from surveytool.aggregate import collect as corridor
from surveytool.study import counted_once

STUDY = """
[study]
title = {en = "A small study", es = "Un estudio", fr = "Une étude"}
languages = ["en", "es", "fr"]
[data]
path = "data.csv"
[design]
weights = "w"
strata = "region"
lonely_psu = "adjust"
[variables.plan]
label = {en = "Made plans", es = "Hizo planes", fr = "A fait des plans"}
[variables.plan.levels]
1 = {en = "Yes", es = "Sí", fr = "Oui"}
2 = {en = "No", es = "No", fr = "Non"}
3 = {en = "Perhaps", es = "Quizás", fr = "Peut-être"}
8 = {en = "Does not know", es = "No sabe", fr = "Ne sait pas"}
[variables.plan.missing]
dont_know = [8]
[variables.sex]
label = {en = "Sex", es = "Sexo", fr = "Sexe"}
[variables.sex.levels]
1 = {en = "Men", es = "Hombres", fr = "Hommes"}
2 = {en = "Women", es = "Mujeres", fr = "Femmes"}
[variables.region]
label = {en = "Region", es = "Región", fr = "Région"}
[variables.region.levels]
1 = {en = "North", es = "Norte", fr = "Nord"}
2 = {en = "South", es = "Sur", fr = "Sud"}
3 = {en = "Islands", es = "Islas", fr = "Îles"}
[[tables]]
variable = "plan"
by = ["sex", "sex:region"]
title = {en = "Plans", es = "Planes", fr = "Plans"}
[[tables]]
variable = "plan"
id = "standard"
by = ["region"]
standardize = "sex: Men=0.5, Women=0.5"
[[tables]]
variable = "age"
by = ["region", "plan"]
where = "sex == 'Women'"
[[charts]]
variable = "plan"
by = ["sex"]
title = {en = "Men plan more", es = "Los hombres planean", fr = "Les hommes"}
[[claims]]
id = "men"
variable = "plan"
level = "Yes"
by = {sex = "Men"}
published = 0.5
[[claims]]
id = "of_all"
variable = "plan"
level = "Yes"
by = {sex = "Women"}
percent_of = "all"
published = 0.9
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    rows = [
        f"{(1, 2, 8, 2, 1)[n % 5]},{('', 1, 2, 2)[n % 4]},{1 + n % 2 if n else 3},{20 + n % 37}.5,{1 + n % 3}"
        for n in range(121)
    ]  # fmt: skip
    (tmp_path / "data.csv").write_text("\n".join(["plan,sex,region,age,w", *rows, ""]), encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many questions each pass over the respondents counts."""
    counted: list[int] = []
    collect = corridor.collect

    def observed(survey: Any, questions: Any, observer: Any = None) -> Any:
        counted.append(len(questions))
        return collect(survey, questions, observer)

    monkeypatch.setattr(corridor, "collect", observed)
    return counted


def test_three_languages_are_counted_once_and_read_as_three_reports(run: Any, study: Path, passes: list[int]) -> None:
    single = {}
    for language in ("en", "es", "fr"):
        passes.clear()
        target = study.parent / f"{language}.html"
        assert run("report", study, "-o", target, "--lang", language).status == 0
        single[language] = target.read_text(encoding="utf-8")
    alone = list(passes)
    assert alone, "a report counts"
    passes.clear()
    many = ("--lang", "es", "--lang", "en", "--lang", "fr")
    assert run("report", study, "-o", study.parent / "report.html", *many).status == 0
    assert passes == alone, "the second and the third language count nothing"
    for language, text in single.items():
        assert (study.parent / f"report.{language}.html").read_text(encoding="utf-8") == text
    for words in ("Hombres", "Islas", "Quizás", "No sabe", "Sexo × Región", "Mujeres, Islas"):
        assert words in single["es"] and words not in single["en"]


def test_what_one_language_does_not_tell_apart_is_counted_in_the_other(
    run: Any, study: Path, passes: list[int]
) -> None:  # fmt: skip
    """Two missing answers with one name in Spanish have two in French: whose count is it?"""
    both = """8 = {en = "Does not know", es = "Nada", fr = "Ne sait pas"}
9 = {en = "Refused", es = "Nada", fr = "Refus"}"""
    text = STUDY.replace('8 = {en = "Does not know", es = "No sabe", fr = "Ne sait pas"}', both)
    study.write_text(text.replace("dont_know = [8]", "dont_know = [8]\nrefused = [9]"), encoding="utf-8")
    rows = (study.parent / "data.csv").read_text(encoding="utf-8").splitlines()
    (study.parent / "data.csv").write_text("\n".join([*rows, *["9,1,1,30.5,1"] * 4, ""]), encoding="utf-8")
    assert run("report", study, "-o", study.parent / "fr.html", "--lang", "fr").status == 0
    alone = list(passes)
    passes.clear()
    assert run("report", study, "-o", study.parent / "report.html", "--lang", "es", "--lang", "fr").status == 0
    assert len(passes) > len(alone)
    french = (study.parent / "report.fr.html").read_text(encoding="utf-8")
    assert french == (study.parent / "fr.html").read_text(encoding="utf-8") and "Refus" in french


def test_one_count_is_not_that_of_another_design(run: Any, study: Path) -> None:
    """Claims are asked with the weights and without: these are two counts, and neither is told for the other."""
    from surveytool.study import load_study
    from surveytool.study.study_survey import open_study
    from surveytool.survey import Design, Request

    counts = counted_once.CountedOnce()
    survey = open_study(load_study(study))
    from dataclasses import replace

    asked = [Request(variable="plan")]
    weighted = counts.asker(survey)(asked).estimates[0].rows[0]
    plain = counts.asker(replace(survey, design=Design()))(asked).estimates[0].rows[0]
    again = counts.asker(open_study(load_study(study), language="es"))(asked).estimates[0].rows[0]
    assert weighted.estimate != plain.estimate
    assert (again.estimate, again.level, weighted.level) == (weighted.estimate, "Sí", "Yes")
